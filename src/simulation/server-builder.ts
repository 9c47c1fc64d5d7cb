import { CallQueues } from '../hbase/call-queues.js'
import { EditLog } from '../hbase/edit-log.js'
import type { Memstores } from '../hbase/memstores.js'
import { RegionServer } from '../hbase/region-server.js'
import type { WriteObserver } from '../hbase/write-path-options.js'
import { distribution } from '../kernel/distribution.js'
import type { EventStream } from '../kernel/event-stream.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Hdfs } from '../storage/hdfs/hdfs.js'
import { Node } from '../storage/node.js'
import type { Parameter } from '../storage/parameter.js'
import { type Model, specOf } from './model.js'
import { purposes } from './purposes.js'
import type { RegionMap } from './workload.js'

export interface ClusterParts {
  readonly model: Model
  readonly scheduler: Scheduler
  readonly events: EventStream
  readonly hdfs: Hdfs
  readonly memstores: Memstores
  readonly map: RegionMap
  readonly observer: WriteObserver
}

/** Region server number `index`, named rs1, rs2, … */
export function buildRegionServer(parts: ClusterParts, index: number): RegionServer {
  const { model, scheduler, hdfs, memstores, map } = parts
  const { cluster } = model.scenario
  const name = `rs${index + 1}`
  const steady = cluster.start === 'steady'
  const nic = meanOf(model.hdfs.nic as Parameter)
  const node = new Node(scheduler, name, index % cluster.racks, nic)
  const writer = (ordinal: number) => ({ node, luckEntity: `wal/${name}`, ordinal })
  const wakeFrequencyUs = model.ms('hbase.server.thread.wakefrequency')
  const logRollPeriodUs = model.ms('hbase.regionserver.logroll.period')
  const regions = map.regionsOf(index)
  const phase = (of: string) => (steady ? model.once(purposes.phase, `${name}/${of}`) : 0)
  return new RegionServer({
    scheduler,
    name,
    node,
    memstores,
    writePath: writePathOptions(parts, name, index),
    createWalFile: (path, ordinal) => hdfs.createFanOut(path, writer(ordinal)),
    firstWal: hdfs.openFanOut(`WALs/${name}/${name}.0`, writer(0)),
    walHsync: model.boolean('hbase.wal.hsync'),
    regions: () => regions,
    logRollPeriodUs,
    wakeFrequencyUs,
    flushIntervalUs: model.ms('hbase.regionserver.optionalcacheflushinterval'),
    phaseUs: Math.floor(phase('chores') * wakeFrequencyUs),
    firstWalAgeUs: steady ? Math.floor(model.once(purposes.walAge, name) * logRollPeriodUs) : 0,
    flushDelayUs: flushDelays(model, map),
  })
}

function writePathOptions(parts: ClusterParts, name: string, index: number) {
  const { model, events, memstores, observer } = parts
  const { cluster, hdfs } = model
  const handlers = model.number('hbase.regionserver.handler.count')
  const callQueues = new CallQueues(
    handlers,
    model.number('hbase.ipc.server.callqueue.handler.factor'),
    model.numberOr('hbase.ipc.server.max.callqueue.length', 10 * handlers),
  )
  const queueDraws = model.luck.stream(purposes.callQueue, 'all')
  const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
  const sync = model.boolean('hbase.wal.hsync') ? 'hsync' : 'hflush'
  return {
    log: new EditLog(index),
    events,
    observer,
    memstores,
    callQueues,
    latencies: {
      network: model.variate(cluster, 'network', purposes.network, 'clients'),
      putCpu: model.variate(cluster, 'putCpu', purposes.putCpu, 'all'),
      walAppend: model.variate(cluster, 'walAppend', purposes.walAppend, 'all'),
      sync: model.variate(hdfs, sync, purposes.walSync, name),
      memstoreApply: model.variate(cluster, 'memstoreApply', purposes.memstoreApply, 'all'),
      walBytesPerSecond: meanOf(hdfs.streamWrite as Parameter),
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
    walRollSize: Math.floor(
      model.numberOr('hbase.regionserver.hlog.blocksize', 2 * model.number('dfs.blocksize')) *
        model.number('hbase.regionserver.logroll.multiplier'),
    ),
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
