import { CallQueues } from '../hbase/regionserver/call-queues.js'
import type { Memstores } from '../hbase/regionserver/memstores.js'
import { RegionServer } from '../hbase/regionserver/region-server.js'
import { EditLog } from '../hbase/wal/edit-log.js'
import { type WalGroupOptions, walPath } from '../hbase/wal/wal-group.js'
import { walSettings } from '../hbase/wal/wal-settings.js'
import { distribution } from '../kernel/distribution.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Node } from '../storage/node.js'
import type { Parameter } from '../storage/parameter.js'
import type { Cluster } from './cluster.js'
import { type Model, specOf } from './model.js'
import { purposes } from './purposes.js'
import type { RegionMap } from './workload.js'

/** The machine of region server number `host`. */
export function buildNode(model: Model, scheduler: Scheduler, host: number): Node {
  const nic = meanOf(model.hdfs.nic as Parameter)
  return new Node(scheduler, `rs${host + 1}`, host % model.scenario.cluster.racks, nic)
}

/** An incarnation of a region server, named `rs1`, then `rs1,2`, `rs1,3`, … */
export function buildRegionServer(
  cluster: Cluster,
  node: Node,
  host: number,
  incarnation: number,
): RegionServer {
  const { model, scheduler, hdfs, memstores, locations } = cluster
  const hostName = `rs${host + 1}`
  const name = incarnation === 0 ? hostName : `${hostName},${incarnation + 1}`
  const steady = model.scenario.cluster.start === 'steady'
  const wakeFrequencyUs = model.ms('hbase.server.thread.wakefrequency')
  const phase = (of: string) => (steady ? model.once(purposes.phase, `${name}/${of}`) : 0)
  const atStart = incarnation === 0 ? cluster.map.regionsOf(host) : []
  let started: RegionServer | null = null
  const server = new RegionServer({
    scheduler,
    name,
    hostName,
    node,
    memstores,
    writePath: writePathOptions(cluster),
    groups: walGroups(cluster, node, name, incarnation),
    walHsync: model.boolean('hbase.wal.hsync'),
    *recoverLease(file) {
      yield* hdfs.recoverLease(file)
    },
    regions: () => (started === null ? atStart : locations.regionsOf(started)),
    logRollPeriodUs: model.ms('hbase.regionserver.logroll.period'),
    logRollRetries: model.number('hbase.regionserver.logroll.retries'),
    logRollWaitTimeoutUs: model.ms('hbase.regionserver.logroll.wait.timeout.ms'),
    lowReplicationCheckUs: model.ms('hbase.regionserver.hlog.check.lowreplication.interval'),
    wakeFrequencyUs,
    flushIntervalUs: model.ms('hbase.regionserver.optionalcacheflushinterval'),
    phaseUs: Math.floor(phase('chores') * wakeFrequencyUs),
    flushDelayUs: flushDelays(model, cluster.map),
  })
  started = server
  return server
}

function walGroups(
  cluster: Cluster,
  node: Node,
  server: string,
  incarnation: number,
): WalGroupOptions[] {
  const { model, hdfs, scheduler, acknowledgements } = cluster
  const { groups, blockSize } = walSettings(model.configuration, hdfs.blockSize)
  const sync = model.boolean('hbase.wal.hsync') ? 'hsync' : 'hflush'
  const steady = model.scenario.cluster.start === 'steady' && incarnation === 0
  const periodUs = model.ms('hbase.regionserver.logroll.period')
  const startMs = Math.floor(scheduler.now / 1000)
  return Array.from({ length: groups }, (_, group) => {
    const entity = group === 0 ? server : `${server}/${group}`
    const writer = (ordinal: number) => ({ node, luckEntity: `wal/${entity}`, ordinal })
    return {
      log: new EditLog(acknowledgements.length + group),
      sync: model.variate(model.hdfs, sync, purposes.walSync, entity),
      firstWal: hdfs.openFanOut(walPath(server, group, groups, startMs), writer(0), blockSize),
      firstWalAgeUs: steady ? Math.floor(model.once(purposes.walAge, entity) * periodUs) : 0,
      createWalFile: (path: string, ordinal: number) =>
        hdfs.createFanOut(path, writer(ordinal), blockSize),
    }
  })
}

function writePathOptions({ model, events, memstores, hdfs, writeObserver }: Cluster) {
  const { cluster } = model
  const handlers = model.number('hbase.regionserver.handler.count')
  const callQueues = new CallQueues(
    handlers,
    model.number('hbase.ipc.server.callqueue.handler.factor'),
    model.numberOr('hbase.ipc.server.max.callqueue.length', 10 * handlers),
  )
  const queueDraws = model.luck.stream(purposes.callQueue, 'all')
  const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
  return {
    events,
    observer: writeObserver,
    memstores,
    callQueues,
    latencies: {
      network: model.variate(cluster, 'network', purposes.network, 'clients'),
      putCpu: model.variate(cluster, 'putCpu', purposes.putCpu, 'all'),
      walAppend: model.variate(cluster, 'walAppend', purposes.walAppend, 'all'),
      memstoreApply: model.variate(cluster, 'memstoreApply', purposes.memstoreApply, 'all'),
      walBytesPerSecond: meanOf(model.hdfs.streamWrite as Parameter),
    },
    retries: {
      limit: model.number('hbase.client.retries.number'),
      pauseUs: model.ms('hbase.client.pause.server.overloaded'),
      jitter: (operation: number, attempt: number) => jitterDraws.uniform(operation, attempt),
    },
    chooseQueue: (operation: number, attempt: number) =>
      callQueues.count === 1
        ? 0
        : Math.floor(queueDraws.uniform(operation, attempt) * callQueues.count),
    walBatchSize: model.number('hbase.wal.batch.size'),
    walRollSize: walSettings(model.configuration, hdfs.blockSize).rollSize,
  }
}

/** Random delay of the `n`-th periodic flush of a region; named by table and place in it. */
function flushDelays(model: Model, map: RegionMap) {
  const draws = map.tables.map(({ table }) => model.luck.stream(purposes.flushDelay, table))
  return (region: number, n: number) => {
    const t = map.tables.findLastIndex(({ first }) => first <= region)
    const u = draws[t].uniform(n, 0, region - map.tables[t].first)
    return Math.floor(u * 300e6)
  }
}

/** Fills memstores as if the cluster had run for days. */
export function prefillMemstores(model: Model, memstores: Memstores, map: RegionMap): void {
  if (model.scenario.cluster.start === 'cold') return
  const intervalUs = model.ms('hbase.regionserver.optionalcacheflushinterval')
  for (const { table, first, count } of map.tables) {
    const fill = model.luck.stream(purposes.memstoreFill, table)
    const age = model.luck.stream(purposes.memstoreAge, table)
    for (let i = 0; i < count; i++) {
      const bytes = Math.floor(fill.uniform(i) * memstores.flushSize)
      memstores.prefill(first + i, bytes, -Math.floor(age.uniform(i) * intervalUs))
    }
  }
}

export function meanOf(parameter: Parameter): number {
  return distribution(specOf(parameter)).mean
}
