import { Progress, peerProgress } from '../hbase/progress.js'
import type { RegionServer } from '../hbase/region-server.js'
import type { Purpose } from '../kernel/draws.js'
import type { Variate } from '../kernel/variate.js'
import type { PeerLedger } from '../measure/peer-ledger.js'
import type { BufferQuota } from '../replication/buffer-quota.js'
import { DirectEndpoint } from '../replication/endpoints/direct-endpoint.js'
import { StagedCopyEndpoint } from '../replication/endpoints/staged-copy-endpoint.js'
import type { EndpointContext, ReplicationEndpoint } from '../replication/replication-endpoint.js'
import {
  type ReplicationQueueStorage,
  TableReplicationQueueStorage,
  ZKReplicationQueueStorage,
} from '../replication/replication-queue-storage.js'
import { ReplicationSource } from '../replication/replication-source.js'
import type { PeerSpec } from '../scenario/scenario.js'
import type { Parameter, Parameters } from '../storage/parameter.js'
import type { ExternalStore } from '../storage/s3/external-store.js'
import { S3Usage } from '../storage/s3/s3-operations.js'
import { S3AFileSystem } from '../storage/s3/s3a-file-system.js'
import { purposes } from './purposes.js'
import type { ClusterParts } from './server-builder.js'
import { meanOf } from './server-builder.js'

const endpoints: Record<
  PeerSpec['endpoint'],
  new (
    context: EndpointContext,
  ) => ReplicationEndpoint
> = {
  direct: DirectEndpoint,
  'staged-copy': StagedCopyEndpoint,
}

/** The staging area of a peer over all servers. */
export class StagingArea {
  bytes = 0
  files = 0
  maxBytes = 0
  maxFiles = 0

  change(bytes: number, files: number): void {
    this.bytes += bytes
    this.files += files
    this.maxBytes = Math.max(this.maxBytes, this.bytes)
    this.maxFiles = Math.max(this.maxFiles, this.files)
  }
}

/** A replication peer: its sources on all servers, its store and what is known of it. */
export interface Peer {
  readonly id: string
  readonly spec: PeerSpec
  readonly store: ExternalStore
  readonly sources: readonly ReplicationSource[]
  /** Each server's client of the store. */
  readonly fileSystems: readonly S3AFileSystem[]
  /** What all servers together ask of the store for this peer. */
  readonly usage: S3Usage
  readonly staging: StagingArea
  readonly ledger: PeerLedger
}

export interface PeerParts extends ClusterParts {
  readonly servers: readonly RegionServer[]
  readonly stores: ReadonlyMap<string, ExternalStore>
  readonly queueStorage: ReplicationQueueStorage
  readonly quotas: readonly BufferQuota[]
}

export function buildQueueStorage(parts: ClusterParts): ReplicationQueueStorage {
  const { model } = parts
  const latency = (parameters: Parameters, name: string, purpose: Purpose) => {
    const variates = new Map<string, Variate>()
    return (server: string, peer: string, n: number) => {
      const entity = `${peer}/${server}`
      let variate = variates.get(entity)
      if (variate === undefined) {
        variate = model.variate(parameters, name, purpose, entity)
        variates.set(entity, variate)
      }
      return variate.draw(n)
    }
  }
  if (model.scenario.hbase === '2.6') {
    return new ZKReplicationQueueStorage(
      latency(model.cluster, 'zookeeperWrite', purposes.queueStorage),
      latency(model.cluster, 'zookeeperWrite', purposes.newWal),
    )
  }
  const fixedUs = tablePutUs(parts)
  const flushUs = latency(model.hdfs, 'hflush', purposes.queueStorage)
  return new TableReplicationQueueStorage((...write) => fixedUs + flushUs(...write))
}

/** A put to `hbase:replication` without its WAL sync: both ways of the network and the handler. */
function tablePutUs({ model }: ClusterParts): number {
  const mean = (name: string) => meanOf(model.cluster[name] as Parameter)
  return Math.round(
    2 * mean('network') + mean('putCpu') + mean('walAppend') + mean('memstoreApply'),
  )
}

export function buildPeer(
  parts: PeerParts,
  id: string,
  spec: PeerSpec,
  peerNumber: number,
  ledger: PeerLedger,
): Peer {
  const store = parts.stores.get(spec.store)
  if (store === undefined) throw new RangeError(`no store "${spec.store}"`)
  const staging = new StagingArea()
  const { configuration } = parts.model
  const usage = new S3Usage()
  const fileSystems = parts.servers.map(
    ({ host, node, name }) =>
      new S3AFileSystem({ store, host, node, configuration, entity: `${id}/${name}`, usage }),
  )
  const sources = parts.servers.map((server, index) =>
    buildSource(parts, { id, spec, peerNumber, ledger, staging, fileSystems }, server, index),
  )
  store.onObject((object) => {
    if (!object.key.startsWith(`${id}/`)) return
    usage.storedBytes += object.bytes
    const kind = peerProgress(Progress.stored, peerNumber)
    for (const { log, from, to } of object.extents) {
      parts.events.progress(kind, object.createdAtUs, log, from, to, parts.scheduler.cause)
    }
    ledger.stored(object)
  })
  return { id, spec, store, sources, fileSystems, usage, staging, ledger }
}

interface SourceParts {
  readonly id: string
  readonly spec: PeerSpec
  readonly peerNumber: number
  readonly ledger: PeerLedger
  readonly staging: StagingArea
  readonly fileSystems: readonly S3AFileSystem[]
}

function buildSource(
  parts: PeerParts,
  peer: SourceParts,
  server: RegionServer,
  index: number,
): ReplicationSource {
  const { model, scheduler, events } = parts
  const entity = `${peer.id}/${server.name}`
  const endpoint = buildEndpoint(parts, peer, server, index)
  const open = model.variate(model.hdfs, 'readFirstByte', purposes.walOpen, entity)
  const bytesPerSecond = meanOf(model.cluster.walRead as Parameter)
  const source = new ReplicationSource({
    scheduler,
    events,
    host: server.host,
    log: server.log,
    server: server.name,
    peer: peer.id,
    peerNumber: peer.peerNumber,
    endpoint,
    queueStorage: parts.queueStorage,
    quota: parts.quotas[index] as BufferQuota,
    limits: {
      sleepForRetriesUs: model.ms('replication.source.sleepforretries'),
      maxRetriesMultiplier: model.number('replication.source.maxretriesmultiplier'),
      sizeCapacity: model.number('replication.source.size.capacity'),
      nbCapacity: model.number('replication.source.nb.capacity'),
      autorecovery: model.boolean('replication.source.eof.autorecovery'),
    },
    batchesAhead: model.number('replication.source.nb.batches'),
    getEntriesTimeoutUs: model.ms('replication.source.getEntries.timeout'),
    refresh: () => server.advance(),
    openUs: (n) => open.draw(n),
    readUs: (bytes) => Math.round((bytes * 1e6) / bytesPerSecond),
  })
  source.enqueueLog(server.wal)
  server.listeners.push({
    preLogRoll: (wal) => parts.queueStorage.addWAL(server.name, peer.id, wal),
    postLogRoll: (wal) => source.enqueueLog(wal),
  })
  return source
}

function buildEndpoint(
  parts: PeerParts,
  { id, spec, ledger, staging, fileSystems }: SourceParts,
  server: RegionServer,
  index: number,
): ReplicationEndpoint {
  const { model, scheduler, hdfs } = parts
  const entity = `${id}/${server.name}`
  const steady = model.scenario.cluster.start === 'steady'
  const phase = steady ? model.once(purposes.phase, `${entity}/flush`) : 1
  const { host, node, name } = server
  const endpoint: ReplicationEndpoint = new endpoints[spec.endpoint]({
    scheduler,
    host,
    node,
    hdfs,
    fileSystem: fileSystems[index] as S3AFileSystem,
    peer: id,
    server: name,
    options: spec,
    maxBatchBytes: model.number('replication.source.size.capacity'),
    firstFlushUs: Math.floor(phase * spec.flushIntervalUs),
    observer: {
      stagingChanged: (bytes, files) => staging.change(bytes, files),
      stagedFileSynced: (file) => ledger.stagedFileSynced(file),
      stagedFileDeleted: (extents) => ledger.stagedFileDeleted(extents, endpoint.stagedFiles()),
    },
  })
  return endpoint
}
