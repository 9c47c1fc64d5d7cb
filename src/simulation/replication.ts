import { procedureRetry } from '../hbase/master/procedure-retry.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Wal } from '../hbase/wal/wal.js'
import type { Protocol } from '../kernel/process.js'
import { AssignReplicationQueues } from '../replication/assign-replication-queues-procedure.js'
import { BufferQuota } from '../replication/buffer-quota.js'
import { CopyThrottle } from '../replication/endpoints/copy-throttle.js'
import { createEndpoint } from '../replication/endpoints/create-endpoint.js'
import type { ReplicationEndpoint } from '../replication/replication-endpoint.js'
import {
  isLogDeletable,
  isLogDeletableByZnodes,
  type ReplicationState,
} from '../replication/replication-log-cleaner.js'
import { replicationMarkerChore } from '../replication/replication-marker-chore.js'
import type { ReplicationQueueStorage } from '../replication/replication-queue-storage.js'
import type { ReplicationSource } from '../replication/replication-source.js'
import {
  type EndpointRequest,
  ReplicationSourceManager,
} from '../replication/replication-source-manager.js'
import { IOException } from '../storage/io-exception.js'
import type { Parameter } from '../storage/parameter.js'
import { S3AFileSystem } from '../storage/s3/s3a-file-system.js'
import type { Cluster } from './cluster.js'
import type { Peer } from './peer.js'
import { purposes } from './purposes.js'
import { buildQueueStorage } from './queue-storage.js'
import { buildRegionReplicaPeer, type RegionReplicaPeer } from './region-replica-peer.js'
import { meanOf } from './server-builder.js'

type AnyPeer = Peer | RegionReplicaPeer

/**
 * Replication of the whole cluster: the queue storage, and on every region server a manager with the
 * sources of all peers. What HBase's ReplicationSourceService and ReplicationPeerManager do.
 */
export class Replication {
  readonly storage: ReplicationQueueStorage
  /** Feeds secondary replicas in HBase 2, if any are to be fed. */
  readonly regionReplicaPeer: RegionReplicaPeer | null
  /** An AddPeerProcedure is running. */
  addPeerRunning = false
  readonly #managers = new Map<RegionServer, ReplicationSourceManager>()
  readonly #quotas = new Map<RegionServer, BufferQuota>()
  readonly #throttles = new Map<string, CopyThrottle>()
  readonly #claims: AssignReplicationQueues

  constructor(
    private readonly cluster: Cluster,
    readonly peers: readonly Peer[],
  ) {
    this.regionReplicaPeer =
      cluster.replicas === null ? null : buildRegionReplicaPeer(cluster, peers.length)
    const { model, scheduler, master } = cluster
    this.storage = buildQueueStorage(model, scheduler)
    this.#claims = new AssignReplicationQueues({
      host: master.host,
      luck: model.luck,
      storage: this.storage,
      peers: () => this.#existing().map(({ id }) => id),
      claimers: () => master.onlineServers().map((server) => this.managerOf(server)),
      call: (server, name, task) => master.call(server, name, task),
      addsMissingQueues: model.scenario.hbase !== '2.6',
      sleepBeforeFailoverUs: model.ms('replication.sleep.before.failover'),
      workers: model.number('replication.executor.workers'),
      retry: procedureRetry(model.configuration),
    })
  }

  managerOf(server: RegionServer): ReplicationSourceManager {
    const manager = this.#managers.get(server)
    if (manager === undefined) throw new RangeError(`${server.name} does not replicate`)
    return manager
  }

  /**
   * First edit of `log` that a source of the peer may read although the peer has it, or was not there
   * when it was written: because the endpoint's hook failed, after which a shipper starts where the
   * source began, or because the peer is added and its sources begin at the beginning of WALs.
   */
  firstNeeded({ id, spec }: Peer, log: EditLog): number {
    const { operations } = this.cluster.model.scenario
    if (operations.some((operation) => operation.do === 'add-peer' && operation.peer === id)) {
      const wals = this.cluster.servers.flatMap((server) => this.#replicated(server.wals()))
      return Math.min(...wals.filter((wal) => wal.log === log).map(({ from }) => from))
    }
    if (spec.endpoint !== 'deferred-offset') return Number.POSITIVE_INFINITY
    return Math.min(...this.managers().map((manager) => manager.firstNeeded(id, log)))
  }

  /** Bytes of the server's buffer quota that no source holds; looked up between batches only. */
  bufferLeak(server: RegionServer): number {
    const held = this.#all().flatMap(({ id }) => this.managerOf(server).sources(id))
    if (held.some(({ batchesQueued }) => batchesQueued > 0)) return 0
    const heldBytes = held.reduce((sum, source) => sum + source.heldBytes, 0)
    return (this.#quotas.get(server)?.used ?? 0) - heldBytes
  }

  /** Managers of servers that are alive. */
  managers(): ReplicationSourceManager[] {
    return this.cluster.alive.map((server) => this.managerOf(server))
  }

  /** A region server begins: a source for each peer, from the WALs it writes first. */
  attach(server: RegionServer): void {
    const manager = this.#buildManager(server)
    this.#managers.set(server, manager)
    server.listeners.push({
      preLogRoll: (wal) => manager.preLogRoll(wal),
      postLogRoll: (wal) => manager.postLogRoll(wal),
    })
    server.onTerminate = () => manager.terminateAll()
    const first = this.cluster.scheduler.now === 0
    const wals = server.groups.map(({ wal }) => wal)
    for (const wal of wals) manager.postLogRoll(wal)
    for (const peer of this.#existing()) {
      const queue = { peer: peer.id, server: server.name, origin: server.name }
      if (first && this.#hasQueuesAtStart()) this.storage.startWith(queue, wals)
      manager.init(peer, peer.enabled)
    }
    if (!first) server.host.spawn('first WALs', addWals(manager, wals, server))
    this.#startMarkers(server)
  }

  #startMarkers(server: RegionServer): void {
    const { model, scheduler, steady } = this.cluster
    if (!model.boolean('hbase.regionserver.replication.marker.enabled')) return
    const periodUs = model.ms('hbase.regionserver.replication.marker.chore.duration')
    const place = steady === null ? 0 : model.once(purposes.phase, `${server.name}/marker`)
    const { markers } = server.writePath
    const phaseUs = Math.floor(place * periodUs)
    const untilUs = model.scenario.durationUs
    const chore = replicationMarkerChore({ scheduler, markers, periodUs, phaseUs, untilUs })
    server.host.spawn('ReplicationMarkerChore', chore)
  }

  /** A region server's process is gone, and what its streams to stores held. */
  detach(server: RegionServer): void {
    for (const { fileSystems } of this.peers) {
      for (const fileSystem of fileSystems) {
        if (fileSystem.host === server.host) fileSystem.processDied()
      }
    }
  }

  /** Has the queues of a dead server claimed by others. */
  *claimQueues(server: string): Protocol {
    if (this.#existing().length > 0) yield* this.#claims.execute(server)
  }

  /** What the replication half of the log cleaner says in one of its runs. */
  preCleanLogs(): (wal: Wal) => boolean {
    const { master, model } = this.cluster
    const state: ReplicationState = {
      peers: this.#existing().map(({ id }) => id),
      addPeerRunning: this.addPeerRunning,
      notFullyDead: master.notFullyDeadServers(),
      storage: this.storage,
    }
    const decide = model.scenario.hbase === '2.6' ? isLogDeletableByZnodes : isLogDeletable
    return (wal) => decide(wal, state)
  }

  #existing(): AnyPeer[] {
    return this.#all().filter(({ exists }) => exists)
  }

  #all(): AnyPeer[] {
    const { peers, regionReplicaPeer } = this
    return regionReplicaPeer === null ? [...peers] : [...peers, regionReplicaPeer]
  }

  /** ZooKeeper always has them; the table has them once a source has made progress. */
  #hasQueuesAtStart(): boolean {
    const { hbase, cluster } = this.cluster.model.scenario
    return hbase === '2.6' || cluster.start === 'steady'
  }

  #buildManager(server: RegionServer): ReplicationSourceManager {
    const { model, scheduler, events } = this.cluster
    const { name, host } = server
    const quota = new BufferQuota(model.number('replication.total.buffer.quota'))
    this.#quotas.set(server, quota)
    const bytesPerSecond = meanOf(model.cluster.walRead as Parameter)
    const opens = new Map<string, (n: number) => number>()
    return new ReplicationSourceManager({
      scheduler,
      events,
      host,
      storage: this.storage,
      quota,
      unfixed: model.scenario.unfixed,
      server: name,
      refresh: () => server.advance(),
      openUs: (reader, n) => {
        const draw = opens.get(reader) ?? this.#openDraws(reader)
        opens.set(reader, draw)
        return draw(n)
      },
      offsetPhase: (peer, source, group) => this.#flushPhase(`${peer}/${source}`, group),
      readUs: (bytes) => Math.round((bytes * 1e6) / bytesPerSecond),
      abortServer: (reason) => server.abort(reason),
      stopped: () => server.stopping,
      createEndpoint: (request) => this.#createEndpoint(server, request),
      archivedWals: (origin) => this.#replicated(this.#serverNamed(origin)?.oldWals ?? []),
      onSource: (peer, source) => this.#addSource(peer, source),
    })
  }

  /** A server that the master takes for dead is no owner, whatever it still does. */
  #addSource(id: string, source: ReplicationSource): void {
    const peer = this.#all().find((one) => one.id === id) as AnyPeer
    const { server, origin } = source.queue
    const owners = this.cluster.master.onlineServers().filter(({ name }) => name !== server)
    const shared = peer.sources.some(({ active, queue }) => {
      return active && queue.origin === origin && owners.some(({ name }) => name === queue.server)
    })
    if (shared) peer.sharedQueues++
    peer.sources.push(source)
  }

  #openDraws(reader: string): (n: number) => number {
    const { model } = this.cluster
    const variate = model.variate(model.hdfs, 'readFirstByte', purposes.walOpen, reader)
    return (n) => variate.draw(n)
  }

  #createEndpoint(server: RegionServer, request: EndpointRequest): ReplicationEndpoint {
    const { regionReplicaPeer } = this
    const { model, scheduler, hdfs, map, acknowledgements, master, replicas } = this.cluster
    if (replicas !== null && request.peer === regionReplicaPeer?.id) {
      return regionReplicaPeer.createEndpoint(server.host, replicas.rpc)
    }
    const peer = this.#peer(request.peer)
    const { spec, store, usage } = peer
    const entity = `${peer.id}/${request.source}`
    const fileSystem = new S3AFileSystem({
      store,
      host: server.host,
      node: server.node,
      configuration: model.configuration,
      entity,
      usage,
    })
    fileSystem.watcher = peer.ledger.streamWatcher(server.name)
    peer.fileSystems.push(fileSystem)
    const phase = scheduler.now === 0 ? this.#flushPhase(entity, 0) : 1
    const endpoint = createEndpoint(spec.endpoint, {
      scheduler,
      host: server.host,
      node: server.node,
      hdfs,
      fileSystem,
      configuration: model.configuration,
      peer: peer.id,
      server: server.name,
      source: request.source,
      adopts: request.adopts,
      isOnline: (name) => master.onlineServers().some((other) => other.name === name),
      options: { ...spec, unfixed: model.scenario.unfixed },
      maxBatchBytes: peer.limits().sizeCapacity,
      firstFlushUs: Math.floor(phase * spec.flushIntervalUs),
      copyThrottle: this.#copyThrottle(peer, server),
      logOf: (log) => acknowledgements[log].source.log,
      tableOf: (region) => map.tableOf(region),
      persistOffsets: request.persistOffsets,
    })
    peer.claims = endpoint.claims
    return endpoint
  }

  /** Where a source that has run for long is between two flushes; 1 is right behind one. */
  #flushPhase(entity: string, group: number): number {
    const { model } = this.cluster
    if (model.scenario.cluster.start === 'cold') return 1
    return model.once(purposes.phase, group === 0 ? `${entity}/flush` : `${entity}/flush/${group}`)
  }

  /** All copiers of a peer on one server share it. */
  #copyThrottle(peer: Peer, server: RegionServer): CopyThrottle | null {
    const { copyBytesPerSecond } = peer.spec
    if (copyBytesPerSecond === null) return null
    const key = `${peer.id}/${server.name}`
    const throttle =
      this.#throttles.get(key) ?? new CopyThrottle(this.cluster.scheduler, copyBytesPerSecond)
    this.#throttles.set(key, throttle)
    return throttle
  }

  #peer(id: string): Peer {
    const peer = this.peers.find((one) => one.id === id)
    if (peer === undefined) throw new RangeError(`no peer "${id}"`)
    return peer
  }

  /** Peers have got what is older than the run, and are not sent what hbase:meta is written. */
  #replicated(wals: readonly Wal[]): Wal[] {
    return wals.filter(({ createdUs, isMeta }) => createdUs >= 0 && !isMeta)
  }

  #serverNamed(name: string): RegionServer | undefined {
    return this.cluster.servers.find((server) => server.name === name)
  }
}

/** A server that cannot queue its first WALs does not come up. */
function* addWals(
  manager: ReplicationSourceManager,
  wals: readonly Wal[],
  server: RegionServer,
): Protocol {
  try {
    for (const wal of wals) yield* manager.preLogRoll(wal)
  } catch (error) {
    if (!(error instanceof IOException)) throw error
    server.abort('Failed initialization')
  }
}
