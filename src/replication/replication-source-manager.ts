import { Progress, peerProgress } from '../hbase/progress.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import { FifoServer } from '../kernel/fifo-server.js'
import type { Protocol } from '../kernel/process.js'
import { IOException } from '../storage/io-exception.js'
import type { ReadableWal } from './readable-wal.js'
import type { ReplicationEndpoint } from './replication-endpoint.js'
import { shouldReplicate } from './replication-offset-util.js'
import type { ReplicationPeer } from './replication-peer.js'
import { queueName, type ReplicationQueueId } from './replication-queue-storage.js'
import { ReplicationSource } from './replication-source.js'
import type { SourceContext } from './source-context.js'
import { TrackedWals } from './tracked-wals.js'

/** What an endpoint is made for. */
export interface EndpointRequest {
  readonly peer: string
  /** Name of the source, unique among the peer's. */
  readonly source: string
  /** A recovered source's dead server. */
  readonly adopts: string | null
  persistOffsets(): Protocol
}

export interface ReplicationSourceManagerOptions extends SourceContext {
  /** The incarnation. */
  readonly server: string
  createEndpoint(request: EndpointRequest): ReplicationEndpoint
  /** WALs in oldWALs that `server` wrote, oldest first. */
  archivedWals(server: string): readonly ReadableWal[]
  /** A source of the peer is created. */
  onSource(peer: string, source: ReplicationSource): void
}

/** A peer on this server. */
interface PeerState {
  peer: ReplicationPeer
  enabled: boolean
  /** Its changes come one after the other (PeerProcedureHandlerImpl). */
  readonly lock: FifoServer
  source: ReplicationSource | null
  readonly recovered: ReplicationSource[]
  /** By the name of the queue. */
  readonly tracked: Map<string, TrackedWals>
}

/**
 * All replication sources of a region server: one per peer, and one for each queue claimed from a
 * dead server (HBase's class of this name).
 */
export class ReplicationSourceManager {
  readonly server: string
  readonly #options: ReplicationSourceManagerOptions
  readonly #peers = new Map<string, PeerState>()
  /** The WAL being written, by group. */
  readonly #latest = new Map<number, ReadableWal>()
  /** How many sources of a name there were, by peer and name: a peer may be removed and added. */
  readonly #sourceNames = new Map<string, number>()
  /** How far the WALs of a peer that was removed were handed to its endpoint. */
  readonly #handed = new Map<string, ReadonlyMap<ReadableWal, number>>()
  #stopping = false

  constructor(options: ReplicationSourceManagerOptions) {
    this.server = options.server
    this.#options = options
  }

  /** Sources of a peer that are not over: the normal one first. */
  sources(peer: string): readonly ReplicationSource[] {
    const state = this.#peers.get(peer)
    if (state === undefined) return []
    return state.source === null ? state.recovered : [state.source, ...state.recovered]
  }

  /** See `ReplicationSource.firstNeeded`. */
  firstNeeded(peer: string, log: EditLog): number {
    return Math.min(...this.sources(peer).map((source) => source.firstNeeded(log)))
  }

  /**
   * The server starts, or the run begins: a source that follows WALs from `postLogRoll` on. Nothing
   * is written to the queue storage.
   */
  init(peer: ReplicationPeer, enabled: boolean): void {
    const state = this.#addState(peer, enabled)
    this.#addNormalSource(state)
    state.source?.start()
  }

  /**
   * `add_peer`: a source that begins at position 0 of the WALs being written. False if its queue
   * could not be stored, for which the server aborts.
   */
  *addPeer(peer: ReplicationPeer, enabled: boolean): Protocol<boolean> {
    const state = this.#addState(peer, enabled)
    yield* state.lock.acquire()
    try {
      this.#addNormalSource(state)
      const wals = Array.from(this.#latest.values())
      const { storage } = this.#options
      const queue = this.#ownQueue(peer.id)
      const added = yield* this.#orAbort(storage.addQueue(queue, wals))
      if (added) state.source?.start()
      return added
    } finally {
      state.lock.release()
    }
  }

  /** Ends the peer's sources and removes their queues. */
  *removePeer(id: string): Protocol {
    const state = this.#peers.get(id)
    if (state === undefined) return
    yield* state.lock.acquire()
    try {
      this.#peers.delete(id)
      for (const source of state.recovered.splice(0)) yield* this.#terminateAndForget(source)
      if (state.source !== null) yield* this.#terminateAndForget(state.source)
      state.source = null
      this.#handed.set(id, this.#trackedOf(state, this.#ownQueue(id)).handed())
    } finally {
      state.lock.release()
    }
  }

  /** Readers and shippers stand still; they are created anew, as at any change of the peer's state. */
  *disablePeer(id: string): Protocol {
    yield* this.#change(id, (state) => {
      state.enabled = false
      return true
    })
  }

  /** Only sets the flag that readers and shippers look at. */
  *enablePeer(id: string): Protocol {
    yield* this.#change(id, (state) => {
      state.enabled = true
      return false
    })
  }

  /** @param refresh table-CFs or `replication.source.*` values have changed */
  *updatePeerConfig(peer: ReplicationPeer, refresh: boolean): Protocol {
    yield* this.#change(peer.id, (state) => {
      state.peer = peer
      return refresh
    })
  }

  /** Before the server writes to `wal`; the roll waits, and fails if a storage write does. */
  *preLogRoll(wal: ReadableWal): Protocol {
    const { storage } = this.#options
    for (const id of Array.from(this.#peers.keys())) {
      yield* storage.addWAL(this.#ownQueue(id), wal)
    }
  }

  /** The server writes to `wal` from now on, or begins to when the run begins. */
  postLogRoll(wal: ReadableWal): void {
    this.#latest.set(wal.group, wal)
    for (const state of this.#peers.values()) {
      if (state.source === null) continue
      this.#trackedOf(state, state.source.queue).track(wal)
      state.source.enqueueLog(wal)
    }
  }

  /**
   * Takes a queue over from a dead server, unless someone else has, and starts a recovered source at
   * the stored offset. The wait before it is the caller's.
   */
  claimQueue(queue: ReplicationQueueId): Protocol {
    const { tracer } = this.#options.scheduler
    const claim = this.#claimQueue(queue)
    if (tracer === null) return claim
    const { peer, server, origin } = queue
    return tracer.around('claim queue', { peer, from: server, origin }, claim)
  }

  *#claimQueue(queue: ReplicationQueueId): Protocol {
    const { storage } = this.#options
    const state = this.#peers.get(queue.peer)
    if (state === undefined || this.#stopping || this.#options.stopped()) return
    let claimed: ReplicationQueueId | null
    try {
      claimed = yield* storage.claimQueue(queue, this.server)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#options.abortServer('Failed to claim queue from dead regionserver.')
      return
    }
    if (claimed === null) return
    if (this.#peers.get(queue.peer) !== state) {
      yield* this.#orAbort(storage.removeQueue(claimed))
      return
    }
    const tracked = this.#trackedOf(state, claimed)
    this.#trackDeadServersWals(tracked, claimed)
    this.#addRecoveredSource(state, claimed).start()
  }

  /** The server stops or aborts: one source after the other is terminated. */
  *terminateAll(): Protocol {
    this.#stopping = true
    for (const { source, recovered } of this.#peers.values()) {
      if (source !== null) yield* source.terminate()
      for (const other of recovered) yield* other.terminate()
    }
  }

  *#change(id: string, change: (state: PeerState) => boolean): Protocol {
    const state = this.#peers.get(id)
    if (state === undefined) return
    yield* state.lock.acquire()
    try {
      if (change(state)) yield* this.#refreshSources(state)
    } finally {
      state.lock.release()
    }
  }

  /**
   * Terminates the peer's sources and creates them anew from the stored offset, with all WALs that
   * the offset has not passed: normal and recovered alike (HBASE-24871).
   */
  *#refreshSources(state: PeerState): Protocol {
    if (state.source !== null) yield* state.source.terminate()
    if (this.#stopping) return
    this.#addNormalSource(state).start()
    for (const source of state.recovered.slice()) {
      yield* source.terminate()
      const index = state.recovered.indexOf(source)
      // It may have come to its end meanwhile.
      if (index < 0 || this.#stopping) continue
      state.recovered.splice(index, 1)
      this.#addRecoveredSource(state, source.queue).start()
    }
  }

  #addState(peer: ReplicationPeer, enabled: boolean): PeerState {
    const state: PeerState = {
      peer,
      enabled,
      lock: new FifoServer(this.#options.scheduler, 1),
      source: null,
      recovered: [],
      tracked: new Map(),
    }
    this.#peers.set(peer.id, state)
    return state
  }

  /** A source with all tracked WALs queued, or, if there are none yet, those being written. */
  #addNormalSource(state: PeerState): ReplicationSource {
    const queue = this.#ownQueue(state.peer.id)
    if (!state.tracked.has(queueName(queue))) {
      const tracked = this.#trackedOf(state, queue)
      for (const wal of this.#latest.values()) tracked.track(wal)
    }
    const source = this.#createSource(state, queue, this.server)
    state.source = source
    return source
  }

  #addRecoveredSource(state: PeerState, queue: ReplicationQueueId): ReplicationSource {
    const source = this.#createSource(state, queue, `${queue.origin}-${this.server}`)
    state.recovered.push(source)
    return source
  }

  #createSource(state: PeerState, queue: ReplicationQueueId, name: string): ReplicationSource {
    const { peer } = state
    const wals = this.#trackedOf(state, queue)
    const n = (this.#sourceNames.get(`${peer.id}/${name}`) ?? 0) + 1
    this.#sourceNames.set(`${peer.id}/${name}`, n)
    const adopts = queue.server === queue.origin ? null : queue.origin
    const source = new ReplicationSource({
      context: this.#options,
      name: n === 1 ? name : `${name}.${n}`,
      queue,
      peer,
      wals,
      peerEnabled: () => state.enabled,
      createEndpoint: (source) =>
        this.#options.createEndpoint({
          peer: peer.id,
          source: source.name,
          adopts,
          persistOffsets: () => source.persistOffsets(),
        }),
      onFinished: (finished) => this.#finishRecoveredSource(state, finished),
    })
    this.#options.onSource(peer.id, source)
    for (const wal of wals.wals()) source.enqueueLog(wal)
    return source
  }

  /**
   * The queue storage of 2.x names the WALs that are left; for 3.x they are all that the offset has
   * not passed. The dead server may not have lived to tell of its last offset, so WALs that it has
   * passed are told of as well.
   */
  #trackDeadServersWals(tracked: TrackedWals, queue: ReplicationQueueId): void {
    const { storage } = this.#options
    const named = storage.walsOf(queue)
    const wals = this.#options.archivedWals(queue.origin).filter((wal) => {
      const passed = !shouldReplicate(storage.offset(queue, wal.group), wal)
      return passed || named === null || named.includes(wal)
    })
    for (const wal of wals) tracked.track(wal)
    for (const { group } of wals) {
      const offset = storage.offset(queue, group)
      if (offset !== undefined) tracked.passed(group, offset)
    }
  }

  *#finishRecoveredSource(state: PeerState, source: ReplicationSource): Protocol {
    const index = state.recovered.indexOf(source)
    if (index < 0) return
    state.recovered.splice(index, 1)
    if (!(yield* this.#orAbort(this.#options.storage.removeQueue(source.queue)))) return
    this.#trackedOf(state, source.queue).finished()
    state.tracked.delete(queueName(source.queue))
  }

  *#terminateAndForget(source: ReplicationSource): Protocol {
    yield* source.terminate()
    yield* this.#orAbort(this.#options.storage.removeQueue(source.queue))
  }

  /** False if the storage write failed, for which the server aborts. */
  *#orAbort(write: Protocol): Protocol<boolean> {
    try {
      yield* write
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#options.abortServer('Failed to operate on replication queue')
      return false
    }
  }

  #ownQueue(peer: string): ReplicationQueueId {
    return { peer, server: this.server, origin: this.server }
  }

  #trackedOf(state: PeerState, queue: ReplicationQueueId): TrackedWals {
    const name = queueName(queue)
    const existing = state.tracked.get(name)
    if (existing !== undefined) return existing
    const { events, scheduler } = this.#options
    const kind = peerProgress(Progress.confirmed, state.peer.number)
    const confirm = ({ log, from }: ReadableWal, start: number, end: number) =>
      events.progress(kind, scheduler.now, log.id, from + start, from + end, scheduler.cause)
    const tracked = new TrackedWals(confirm, this.#handed.get(state.peer.id))
    state.tracked.set(name, tracked)
    return tracked
  }
}
