import { CallQueues } from '../hbase/regionserver/call-queues.js'
import { Durability } from '../hbase/regionserver/durability.js'
import { HFileIo } from '../hbase/regionserver/hfile-io.js'
import { isMetaWork } from '../hbase/regionserver/meta-puts.js'
import { RegionServer } from '../hbase/regionserver/region-server.js'
import type { WritePathOptions } from '../hbase/regionserver/write-path-options.js'
import { EditLog } from '../hbase/wal/edit-log.js'
import { maxLogs } from '../hbase/wal/max-logs.js'
import type { RollRecord } from '../hbase/wal/roll-record.js'
import { metaWalPath, type WalGroupOptions, walPath } from '../hbase/wal/wal-group.js'
import type { WalOutput } from '../hbase/wal/wal-group-options.js'
import { fsHLogSettings, slowSyncSettings, walSettings } from '../hbase/wal/wal-settings.js'
import { distribution } from '../kernel/distribution.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Node } from '../storage/node.js'
import type { Parameter } from '../storage/parameter.js'
import { blockReads } from './block-reads.js'
import type { Cluster } from './cluster.js'
import { drawFaults, rpcDelays } from './faults.js'
import { type Model, specOf } from './model.js'
import { groupPast } from './past-wals.js'
import { purposes } from './purposes.js'
import { memstoreLimits, regionSettings } from './region-builder.js'
import { buildServerReplicas } from './replica-server-builder.js'
import { openAtStart } from './replicas-at-start.js'
import { META_TABLE } from './workload.js'

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
  const { model, scheduler, hdfs, files, map, replicas } = cluster
  const hostName = `rs${host + 1}`
  const name = incarnation === 0 ? hostName : `${hostName},${incarnation + 1}`
  const steady = model.scenario.cluster.start === 'steady'
  const wakeFrequencyUs = model.ms('hbase.server.thread.wakefrequency')
  const phase = (of: string) => (steady ? model.once(purposes.phase, `${name}/${of}`) : 0)
  const carriesMeta = incarnation === 0 && map.metaServer === host
  const users = incarnation === 0 ? map.regionsOf(host) : []
  const secondaries = incarnation === 0 ? map.replicas.secondariesOn(host) : []
  const atStart = [...users, ...(carriesMeta ? [map.metaRegion] : []), ...secondaries]
  if (replicas !== null) {
    for (const region of secondaries) openAtStart(cluster, replicas, region)
  }
  let started: RegionServer | null = null
  const server = new RegionServer({
    scheduler,
    name,
    hostName,
    node,
    shared: files,
    ...(replicas && { buildReplicas: (of) => buildServerReplicas(cluster, replicas, of, phase) }),
    meta: metaTable(cluster, node, name, carriesMeta),
    hfiles: new HFileIo({
      hdfs,
      node,
      names: cluster.hfileNames,
      regionDirectory: (region) => `data/${map.tableOf(region)}/${map.placeOf(region)}`,
      familyName: (region, family) => familyName(model, map.tableOf(region), family),
    }),
    regionSettings: regionSettings(cluster, hostName, phase),
    closeRegionThreads: model.number('hbase.regionserver.executor.closeregion.threads'),
    reportIntervalUs: model.ms('hbase.regionserver.msginterval'),
    reportPhaseUs: Math.floor(phase('report') * model.ms('hbase.regionserver.msginterval')),
    report: (flushed) => started !== null && cluster.master.servers.report(started, flushed),
    writePath: {
      ...writePathOptions(cluster),
      ...replicaOptions(cluster, hostName, () => started),
    },
    groups: walGroups(cluster, node, name, host, incarnation),
    walHsync: model.boolean('hbase.wal.hsync'),
    *recoverLease(file) {
      yield* hdfs.recoverLease(file)
    },
    regionsAtStart: atStart,
    logRollPeriodUs: model.ms('hbase.regionserver.logroll.period'),
    logRollRetries: model.number('hbase.regionserver.logroll.retries'),
    logRollWaitTimeoutUs: model.ms('hbase.regionserver.logroll.wait.timeout.ms'),
    lowReplicationCheckUs: model.ms('hbase.regionserver.hlog.check.lowreplication.interval'),
    wakeFrequencyUs,
    phaseUs: Math.floor(phase('chores') * wakeFrequencyUs),
  })
  started = server
  for (const group of server.groups) group.onRoll = (roll) => noteRoll(cluster, roll)
  return server
}

function noteRoll({ activity, scheduler }: Cluster, roll: RollRecord): void {
  activity.rolled(roll)
  const { atUs: _, durationUs: __, ...details } = roll
  scheduler.tracer?.instant('WAL rolled', details)
}

function walGroups(
  cluster: Cluster,
  node: Node,
  server: string,
  host: number,
  incarnation: number,
): WalGroupOptions[] {
  const { model, hdfs, scheduler, acknowledgements } = cluster
  const { groups } = walSettings(model.configuration, hdfs.blockSize)
  const steady = incarnation === 0 ? cluster.steady : null
  const startMs = Math.floor(scheduler.now / 1000)
  return Array.from({ length: groups }, (_, group) => {
    const entity = group === 0 ? server : `${server}/${group}`
    const path = walPath(server, group, groups, startMs)
    const past = steady && groupPast(cluster, steady, { server, host, node }, group, entity)
    const wal = walOf(cluster, node, entity)
    return {
      ...wal.settings,
      log: new EditLog(acknowledgements.length + group),
      firstWal: wal.open(path),
      firstWalAgeUs: past?.walAgeUs ?? 0,
      ...(past && { past }),
    }
  })
}

/**
 * What a WAL group is given that is written on `node`; the provider is the same for hbase:meta
 * (`hbase.wal.meta_provider`).
 *
 * @param entity of the group, in draws
 */
function walOf({ model, hdfs }: Cluster, node: Node, entity: string) {
  const { blockSize, rollSize } = walSettings(model.configuration, hdfs.blockSize)
  const fsHLog = fsHLogSettings(model.configuration, model.number('dfs.replication'))
  // The pipeline's hflush goes from DataNode to DataNode, the fan-out's to all at once.
  const hflush = fsHLog === null ? 'hflush' : 'hflushPacket'
  const writer = (ordinal: number) => ({ node, luckEntity: `wal/${entity}`, ordinal })
  return {
    open: (path: string): WalOutput =>
      fsHLog === null
        ? hdfs.openFanOut(path, writer(0), blockSize)
        : hdfs.openPipeline(path, writer(0), blockSize),
    settings: {
      slowSyncs: slowSyncSettings(model.configuration),
      maxLogs: maxLogs(model.configuration, rollSize, memstoreLimits(model).upper),
      ...(fsHLog && { fsHLog }),
      sync: model.variate(model.hdfs, hflush, purposes.walSync, entity),
      hsync: model.variate(model.hdfs, 'hsync', purposes.walSync, entity),
      *createWalFile(path: string, ordinal: number): Protocol<WalOutput> {
        if (fsHLog === null) return yield* hdfs.createFanOut(path, writer(ordinal), blockSize)
        return yield* hdfs.createPipeline(path, writer(ordinal), blockSize)
      },
    },
  }
}

/** hbase:meta as the region of a server that carries it when it starts, or will later. */
function metaTable(cluster: Cluster, node: Node, server: string, carried: boolean) {
  const { model, map, scheduler, steady, metaLogs } = cluster
  const entity = `${server}/meta`
  const path = () => metaWalPath(server, Math.floor(scheduler.now / 1000))
  const options = (wal: ReturnType<typeof walOf>, firstWal: WalOutput, firstWalAgeUs: number) => {
    const log = new EditLog(-1 - metaLogs.length)
    metaLogs.push(log)
    return { ...wal.settings, log, meta: true, firstWal, firstWalAgeUs }
  }
  const atStart = () => {
    const periodUs = model.ms('hbase.regionserver.logroll.period')
    const place = steady === null ? 0 : model.once(purposes.walAge, entity)
    const wal = walOf(cluster, node, entity)
    return options(wal, wal.open(path()), Math.floor(place * periodUs))
  }
  return {
    region: map.metaRegion,
    wal: carried ? atStart() : null,
    *createWal(): Protocol<WalGroupOptions> {
      const wal = walOf(cluster, node, entity)
      return options(wal, yield* wal.settings.createWalFile(path(), 0), 0)
    },
  }
}

/** A log behind those of the server's WAL groups, of what is in none of them. */
function skippedWal({ model, hdfs, acknowledgements }: Cluster): EditLog {
  return new EditLog(
    acknowledgements.length + walSettings(model.configuration, hdfs.blockSize).groups,
  )
}

/** What the write path has to do with region replicas, and calls that arrive late. */
function replicaOptions(
  { model, replicas }: Cluster,
  hostName: string,
  started: () => RegionServer | null,
): Pick<WritePathOptions, 'replicas' | 'rpcDelayUs' | 'refusesReads'> {
  const rpcDelayUs = rpcDelays(drawFaults(model), hostName)
  return {
    ...(rpcDelayUs && { rpcDelayUs }),
    ...(replicas && {
      replicas: replicas.hooks(started),
      refusesReads: (region: number) => replicas.refusesReads(region),
    }),
  }
}

function writePathOptions(of: Cluster) {
  const { model, scheduler, events, files, hdfs, map, writeObserver, durabilities } = of
  const { cluster } = model
  const handlers = model.number('hbase.regionserver.handler.count')
  const callQueues = new CallQueues(
    handlers,
    model.number('hbase.ipc.server.callqueue.handler.factor'),
    model.numberOr('hbase.ipc.server.max.callqueue.length', 10 * handlers),
    META_HANDLERS,
  )
  const queueDraws = model.luck.stream(purposes.callQueue, 'all')
  const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
  return {
    scheduler,
    events,
    observer: writeObserver,
    ...awaitedAnswers(of),
    memstores: files.memstores,
    ...(durabilities && { durabilities }),
    ...(durabilities?.has(Durability.SKIP_WAL) && { skippedWal: skippedWal(of) }),
    regionName: (region: number) => map.nameOf(region),
    memstoreLimits: memstoreLimits(model),
    rowLockWaitUs: model.ms('hbase.rowlock.wait.duration'),
    readUs: blockReads(of),
    callQueues,
    latencies: {
      network: model.variate(cluster, 'network', purposes.network, 'clients'),
      putCpu: model.variate(cluster, 'putCpu', purposes.putCpu, 'all'),
      getCpu: model.variate(cluster, 'getCpu', purposes.getCpu, 'all'),
      walAppend: model.variate(cluster, 'walAppend', purposes.walAppend, 'all'),
      memstoreApply: model.variate(cluster, 'memstoreApply', purposes.memstoreApply, 'all'),
      walBytesPerSecond: meanOf(model.hdfs.streamWrite as Parameter),
    },
    retries: {
      limit: model.number('hbase.client.retries.number'),
      clientPauseUs: model.ms('hbase.client.pause'),
      serverOverloadedPauseUs: model.ms('hbase.client.pause.server.overloaded'),
      jitter: (operation: number, attempt: number) => jitterDraws.uniform(operation, attempt),
    },
    chooseQueue: (operation: number, attempt: number) => {
      if (isMetaWork(operation)) return callQueues.priorityQueue
      return callQueues.count === 1
        ? 0
        : Math.floor(queueDraws.uniform(operation, attempt) * callQueues.count)
    },
    walBatchSize: model.number('hbase.wal.batch.size'),
    walRollSize: walSettings(model.configuration, hdfs.blockSize).rollSize,
  }
}

function awaitedAnswers({ model, closedLoop }: Cluster): Pick<WritePathOptions, 'awaitedAnswers'> {
  if (closedLoop === null) return {}
  const closed = model.scenario.workload.filter((phase) => phase.closedLoop !== undefined)
  return {
    awaitedAnswers: {
      waiting: () => closedLoop.waiting > 0,
      reads: closed.some(({ mix }) => mix.get > 0),
      leastThinkUs: closedLoop.leastThinkUs,
    },
  }
}

/** `hbase.regionserver.metahandler.count`, as it is by default. */
export const META_HANDLERS = 20

export function familyName(model: Model, table: string, family: number): string {
  if (table === META_TABLE) return 'info'
  return Object.keys(model.scenario.tables[table]?.families ?? {})[family] ?? `${family}`
}

export function meanOf(parameter: Parameter): number {
  return distribution(specOf(parameter)).mean
}
