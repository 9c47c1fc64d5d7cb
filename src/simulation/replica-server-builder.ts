import type { FlushResult } from '../hbase/regionserver/region-flush.js'
import {
  RegionReplicaFlushHandler,
  regionReplicaFlushRetries,
} from '../hbase/regionserver/region-replica-flush-handler.js'
import { RegionReplicas } from '../hbase/regionserver/region-replicas.js'
import type { ReplicaServerParts } from '../hbase/regionserver/region-server-options.js'
import { RegionReplication } from '../hbase/regionserver/regionreplication/region-replication.js'
import { regionReplicationSettings } from '../hbase/regionserver/regionreplication/region-replication-settings.js'
import {
  refreshStoreFilesAndReclaimMemory,
  type SecondaryRefreshOptions,
} from '../hbase/regionserver/secondary-refresh.js'
import {
  StorefileRefresherChore,
  storefileRefresherSettings,
} from '../hbase/regionserver/storefile-refresher-chore.js'
import { ProcessKilled, type Protocol } from '../kernel/process.js'
import { IOException } from '../storage/io-exception.js'
import { Sampler } from '../storage/sampler.js'
import type { Cluster } from './cluster.js'
import { CountedReplicaCalls } from './counted-replica-calls.js'
import { purposes } from './purposes.js'
import type { ClusterReplicas } from './region-replicas.js'
import { familyName } from './server-builder.js'
import { META_TABLE } from './workload.js'

/**
 * What a region server does for region replicas.
 *
 * @param phase draws where a chore is in its turn
 */
export function buildServerReplicas(
  cluster: Cluster,
  replicas: ClusterReplicas,
  parts: ReplicaServerParts,
  phase: (of: string) => number,
): RegionReplicas {
  const { model, scheduler, map } = cluster
  const waits = model.boolean('hbase.region.replica.wait.for.primary.flush')
  const enabled = model.boolean('hbase.region.replica.replication.enabled')
  const catalogEnabled = model.boolean('hbase.region.replica.replication.catalog.enabled')
  const refresh = refreshOptions(cluster, replicas, parts)
  const flushHandler = buildFlushHandler(cluster, replicas, parts)
  return new RegionReplicas({
    ...parts,
    scheduler,
    sampler: new Sampler(model.cluster, model.luck),
    regionName: (region) => map.nameOf(region),
    settings: {
      isSecondary: (region) => map.replicas.isSecondary(region),
      secondary: (region) => replicas.secondary(region),
      secondariesOf: (primary) => replicas.secondariesOf(primary),
      isSentEntries: (region) => replicas.replicationOf(map.tableOf(region)) !== 'none',
      waitsForPrimaryFlush: (region) => {
        const table = map.tableOf(region)
        const replicated = table === META_TABLE ? catalogEnabled : enabled
        return waits && replicated && (model.scenario.tables[table]?.memstoreReplication ?? true)
      },
      changed: (region) => replicas.changed(region, scheduler.now),
      closed: (region) => replicas.closed(region, scheduler.now),
    },
    replication: buildReplication(cluster, replicas, parts),
    flushPrimary: (region) => flushHandler.process(region),
    refresher: {
      enabled: model.boolean('hbase.region.replica.storefile.refresh'),
      multiplier: model.number('hbase.region.replica.storefile.refresh.memstore.multiplier'),
      secondaries: () =>
        openSecondaries(cluster, parts).map((region) => {
          return { region, heapBytes: replicas.secondary(region).heapBytes }
        }),
      refreshSecondary: (region) => refreshStoreFilesAndReclaimMemory(region, refresh),
    },
    chores: () => refresherChores(cluster, parts, refresh, phase),
  })
}

function openSecondaries({ map }: Cluster, { regions }: ReplicaServerParts): number[] {
  return regions().filter((region) => map.replicas.isSecondary(region))
}

function refresherChores(
  cluster: Cluster,
  parts: ReplicaServerParts,
  refresh: SecondaryRefreshOptions,
  phase: (of: string) => number,
): { name: string; thread: Protocol }[] {
  const { model, scheduler, map } = cluster
  const settings = storefileRefresherSettings(model.configuration)
  if (settings === null) return []
  const chore = new StorefileRefresherChore({
    ...settings,
    ...refresh,
    scheduler,
    phaseUs: Math.floor(phase('store file refresher') * settings.periodUs),
    secondaries: () => openSecondaries(cluster, parts),
    isMeta: (region) => map.replicas.primaryOf(region) === map.metaRegion,
  })
  return [{ name: 'StorefileRefresherChore', thread: chore.run() }]
}

function refreshOptions(
  { model, hdfs, map, scheduler }: Cluster,
  replicas: ClusterReplicas,
  { writePath, advance }: ReplicaServerParts,
): SecondaryRefreshOptions {
  return {
    secondary: (region) => replicas.secondary(region),
    isOpen: (region) => writePath.serves(region),
    *list(region, family) {
      const table = map.tableOf(region)
      const name = familyName(model, table, family)
      yield* hdfs.list(`data/${table}/${map.placeOf(region)}/${name}`)
    },
    advance,
    changed(region, freedBytes) {
      replicas.changed(region, scheduler.now)
      if (freedBytes > 0) writePath.memstoreFreed(freedBytes)
    },
  }
}

function buildFlushHandler(
  cluster: Cluster,
  replicas: ClusterReplicas,
  { writePath, abort }: ReplicaServerParts,
): RegionReplicaFlushHandler {
  const { model, scheduler } = cluster
  const openThreads = model.number('hbase.regionserver.executor.openregion.threads')
  return new RegionReplicaFlushHandler({
    scheduler,
    threads: model.numberOr('hbase.regionserver.region.replica.flusher.threads', openThreads),
    pauseUs: model.ms('hbase.client.pause'),
    retries: regionReplicaFlushRetries(
      model.number('hbase.client.retries.number'),
      model.number('hbase.client.serverside.retries.multiplier'),
    ),
    enablesReads: replicas.version === '3.x',
    isOpen: (region) => writePath.serves(region),
    requestFlush: (region) => requestFlush(cluster, region),
    enableReads(region) {
      replicas.secondary(region).enableReads()
      replicas.changed(region, scheduler.now)
    },
    abort,
  })
}

/**
 * AdminService.flushRegion, sent to the primary of a secondary.
 *
 * Simplification: it needs no handler there.
 *
 * @throws IOException nobody has the primary open, or its server dies meanwhile
 */
function* requestFlush(cluster: Cluster, region: number): Protocol<FlushResult> {
  const { map, locations, replicas } = cluster
  const primary = map.replicas.primaryOf(region)
  const [thereUs, backUs] = replicas?.flushRequestUs(region) ?? [0, 0]
  yield thereUs
  const server = locations.serverOf(primary)
  if (server === null) throw new IOException('refused', 'the primary is open nowhere')
  try {
    const result = yield server.host.spawn('flush', server.regions.flushForReplicas(primary))
    yield backUs
    return result as FlushResult
  } catch (error) {
    if (!(error instanceof ProcessKilled)) throw error
    throw new IOException('refused', 'the server of the primary is gone')
  }
}

function buildReplication(
  { model, scheduler, map }: Cluster,
  replicas: ClusterReplicas,
  { host, flush }: ReplicaServerParts,
): RegionReplication | null {
  if (replicas.version === '2.x') return null
  const jitter = model.luck.stream(purposes.replicationJitter, 'all')
  return new RegionReplication({
    scheduler,
    host,
    settings: regionReplicationSettings(model.configuration),
    calls: new CountedReplicaCalls(replicas.rpc, replicas.traffic),
    pauseUs: model.ms('hbase.client.pause'),
    pauseServerOverloadedUs: model.ms('hbase.client.pause.server.overloaded'),
    jitter: (replica, id, attempt) => jitter.uniform(id, attempt, map.nameOf(replica)),
    secondariesOf: (primary) => replicas.secondariesOf(primary),
    memstoreReplication: (primary) => replicas.isSentEdits(map.tableOf(primary)),
    *flush(primary) {
      yield* flush(primary)
    },
  })
}
