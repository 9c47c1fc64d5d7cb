import { CallQueues } from '../hbase/regionserver/call-queues.js'
import { HFileIo } from '../hbase/regionserver/hfile-io.js'
import { RegionServer } from '../hbase/regionserver/region-server.js'
import { EditLog } from '../hbase/wal/edit-log.js'
import { maxLogs } from '../hbase/wal/max-logs.js'
import { type WalGroupOptions, walPath } from '../hbase/wal/wal-group.js'
import { fsHLogSettings, slowSyncSettings, walSettings } from '../hbase/wal/wal-settings.js'
import { distribution } from '../kernel/distribution.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Node } from '../storage/node.js'
import type { Parameter } from '../storage/parameter.js'
import type { Cluster } from './cluster.js'
import { type Model, specOf } from './model.js'
import { groupPast } from './past-wals.js'
import { purposes } from './purposes.js'
import { memstoreLimits, regionSettings } from './region-builder.js'

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
  const { model, scheduler, hdfs, files, locations, map } = cluster
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
    shared: files,
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
    writePath: writePathOptions(cluster),
    groups: walGroups(cluster, node, name, host, incarnation),
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
    phaseUs: Math.floor(phase('chores') * wakeFrequencyUs),
  })
  started = server
  for (const group of server.groups) group.onRoll = (record) => cluster.activity.rolled(record)
  return server
}

function walGroups(
  cluster: Cluster,
  node: Node,
  server: string,
  host: number,
  incarnation: number,
): WalGroupOptions[] {
  const { model, hdfs, scheduler, acknowledgements } = cluster
  const { groups, blockSize, rollSize } = walSettings(model.configuration, hdfs.blockSize)
  const fsHLog = fsHLogSettings(model.configuration, model.number('dfs.replication'))
  // The pipeline's hflush goes from DataNode to DataNode, the fan-out's to all at once.
  const hflush = fsHLog === null ? 'hflush' : 'hflushPacket'
  const sync = model.boolean('hbase.wal.hsync') ? 'hsync' : hflush
  const steady = incarnation === 0 ? cluster.steady : null
  const startMs = Math.floor(scheduler.now / 1000)
  return Array.from({ length: groups }, (_, group) => {
    const entity = group === 0 ? server : `${server}/${group}`
    const writer = (ordinal: number) => ({ node, luckEntity: `wal/${entity}`, ordinal })
    const path = walPath(server, group, groups, startMs)
    const past = steady && groupPast(cluster, steady, { server, host, node }, group, entity)
    return {
      log: new EditLog(acknowledgements.length + group),
      slowSyncs: slowSyncSettings(model.configuration),
      maxLogs: maxLogs(model.configuration, rollSize, memstoreLimits(model).upper),
      ...(fsHLog && { fsHLog }),
      sync: model.variate(model.hdfs, sync, purposes.walSync, entity),
      firstWal:
        fsHLog === null
          ? hdfs.openFanOut(path, writer(0), blockSize)
          : hdfs.openPipeline(path, writer(0), blockSize),
      firstWalAgeUs: past?.walAgeUs ?? 0,
      ...(past && { past }),
      *createWalFile(path: string, ordinal: number) {
        if (fsHLog === null) return yield* hdfs.createFanOut(path, writer(ordinal), blockSize)
        return yield* hdfs.createPipeline(path, writer(ordinal), blockSize)
      },
    }
  })
}

function writePathOptions(of: Cluster) {
  const { model, scheduler, events, files, hdfs, map, writeObserver } = of
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
    scheduler,
    events,
    observer: writeObserver,
    memstores: files.memstores,
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
    chooseQueue: (operation: number, attempt: number) =>
      callQueues.count === 1
        ? 0
        : Math.floor(queueDraws.uniform(operation, attempt) * callQueues.count),
    walBatchSize: model.number('hbase.wal.batch.size'),
    walRollSize: walSettings(model.configuration, hdfs.blockSize).rollSize,
  }
}

/** Bytes of a block of an HFile (BLOCKSIZE of a family). */
const HFILE_BLOCK_BYTES = 65_536

/**
 * What a get waits for: nothing if the block it needs is cached, else one block from HDFS; Bloom
 * filters spare it the other files. The cache holds the same share of every region that is open, and
 * all blocks are asked for alike.
 */
function blockReads({ model, locations, files }: Cluster) {
  const cacheBytes = model.parameter('heap') * model.number('hfile.block.cache.size')
  const luck = model.luck.stream(purposes.blockCache, 'all')
  const firstByte = model.variate(model.hdfs, 'readFirstByte', purposes.blockRead, 'all')
  const transferUs = Math.round(
    (HFILE_BLOCK_BYTES * 1e6) / meanOf(model.hdfs.streamRead as Parameter),
  )
  return (region: number, operation: number, attempt: number) => {
    const server = locations.serverOf(region)
    const regions = server === null ? 1 : locations.regionsOf(server).length
    const bytes = files.stores.of(region).reduce((sum, store) => sum + store.bytes, 0)
    const cached = bytes === 0 ? 1 : cacheBytes / regions / bytes
    if (luck.uniform(operation, attempt) < cached) return 0
    return firstByte.draw(operation, attempt) + transferUs
  }
}

function familyName(model: Model, table: string, family: number): string {
  return Object.keys(model.scenario.tables[table]?.families ?? {})[family] ?? `${family}`
}

export function meanOf(parameter: Parameter): number {
  return distribution(specOf(parameter)).mean
}
