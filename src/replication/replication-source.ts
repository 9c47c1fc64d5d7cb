import { Progress, peerProgress } from '../hbase/progress.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import { type Process, type Protocol, within } from '../kernel/process.js'
import { Signal } from '../kernel/signal.js'
import type { Details } from '../kernel/tracer.js'
import { IOException } from '../storage/io-exception.js'
import { MetricsSource } from './metrics-source.js'
import {
  EndpointOffsetPersistence,
  type OffsetPersistence,
  ShipperOffsetPersistence,
} from './offset-persistence.js'
import type { ReadableWal } from './readable-wal.js'
import type { ReplicationEndpoint } from './replication-endpoint.js'
import type { ReplicationPeer, SourceLimits } from './replication-peer.js'
import type { ReplicationQueueId } from './replication-queue-storage.js'
import { ReplicationSourceLogQueue } from './replication-source-log-queue.js'
import type { ShipperEnd } from './replication-source-shipper.js'
import { ReplicationThrottler } from './replication-throttler.js'
import { ResendCauses } from './resend-causes.js'
import type { SourceContext } from './source-context.js'
import { SourceOffsets } from './source-offsets.js'
import { SourceWorker } from './source-worker.js'
import type { TrackedWals } from './tracked-wals.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface ReplicationSourceOptions {
  readonly context: SourceContext
  /** Unique among the peer's sources. */
  readonly name: string
  readonly queue: ReplicationQueueId
  readonly peer: ReplicationPeer
  /** The WALs of the queue; every one of them is queued by `enqueueLog`. */
  readonly wals: TrackedWals
  peerEnabled(): boolean
  /** A new endpoint, for each attempt to start one. */
  createEndpoint(source: ReplicationSource): ReplicationEndpoint
  /** A recovered source is through with its queue. */
  onFinished(source: ReplicationSource): Protocol
}

/**
 * One peer's source on one region server: it follows the server's own WALs, or drains a queue
 * claimed from a dead one (HBase's ReplicationSource and RecoveredReplicationSource). Every WAL group
 * has a reader and a shipper, all share the endpoint.
 */
export class ReplicationSource {
  readonly name: string
  readonly queue: ReplicationQueueId
  readonly metrics = new MetricsSource()
  readonly logQueue: ReplicationSourceLogQueue
  readonly limits: SourceLimits
  /** It is there when the run begins. */
  readonly #fromStart: boolean
  readonly #options: ReplicationSourceOptions
  readonly #offsets: SourceOffsets
  readonly #throttler: ReplicationThrottler
  readonly #workers = new Map<number, SourceWorker>()
  /** Workers whose shipper was started again: HBase leaves their readers running. */
  readonly #abandoned: SourceWorker[] = []
  #endpoint: ReplicationEndpoint | null = null
  #startFault: string | null = null
  #active = true
  #initializing: Process | null = null
  #finishing: Process | null = null
  #termination: 'none' | 'begun' | 'over' = 'none'
  readonly #terminated = new Signal()
  #restarts = 0

  constructor(options: ReplicationSourceOptions) {
    const { context, name, queue, peer, wals, peerEnabled } = options
    const { scheduler, storage } = context
    this.#options = options
    this.name = name
    this.queue = queue
    this.limits = peer.limits()
    this.#fromStart = scheduler.now === 0
    this.logQueue = new ReplicationSourceLogQueue(this.metrics, scheduler)
    this.#throttler = new ReplicationThrottler(scheduler, peer.bandwidth())
    this.#offsets = new SourceOffsets({
      scheduler,
      queue,
      storage,
      wals,
      active: () => this.active,
      peerEnabled,
      abortServer: (reason) => this.#abortServer(reason),
    })
  }

  get recovered(): boolean {
    return this.queue.server !== this.queue.origin
  }

  get endpoint(): ReplicationEndpoint | null {
    return this.#endpoint
  }

  /** Why its endpoint could not be started when that was last tried; null if it could. */
  get startFault(): string | null {
    return this.#startFault
  }

  /** Neither terminated nor at its end, and its server is not about to be (isSourceActive). */
  get active(): boolean {
    return this.#active && !this.#options.context.stopped()
  }

  /** Batches that are read and not taken by the shippers. */
  get batchesQueued(): number {
    return [...this.#workers.values()].reduce((sum, { batchesQueued }) => sum + batchesQueued, 0)
  }

  /** Bytes of the server's buffer that its threads hold, without those of queued batches. */
  get heldBytes(): number {
    return this.#allWorkers().reduce((sum, worker) => sum + worker.heldBytes, 0)
  }

  /** Queueing laws of the batch queues of living threads that are empty now. */
  emptyBatchQueues(): { group: number; area: number; sojourn: number }[] {
    const laws = this.#allWorkers().map(({ alive, queueLaw }) => (alive ? queueLaw : null))
    return laws.flatMap((law) => (law?.empty ? law : []))
  }

  /** First edit of `log` that may be read once more when the endpoint's hook fails. */
  firstNeeded(log: EditLog): number {
    const starts = this.#options.wals
      .wals()
      .filter((wal) => wal.log === log)
      .map((wal) => wal.from + this.#offsets.startPosition(wal))
    for (const { reading } of this.#abandoned) {
      if (reading?.log === log) starts.push(reading.from)
    }
    return Math.min(...starts)
  }

  /** WALs that are queued while the endpoint starts are read once it has (HBASE-20624). */
  enqueueLog(wal: ReadableWal): void {
    const first = this.logQueue.enqueueLog(wal)
    if (first && this.#active && this.#initializing?.alive === false) {
      this.#startWorkers([wal.group], 'source refresh')
    }
  }

  start(): void {
    const { host } = this.#options.context
    this.#initializing = host.spawn(`initialize ${this.name}`, this.#initialize())
  }

  /**
   * Ends the source. Its threads are given a moment to notice, then interrupted; the endpoint closes
   * what it can. Offsets not stored by now are not: what was shipped since will be shipped again.
   */
  *terminate(): Protocol {
    if (this.#termination === 'none') {
      this.#termination = 'begun'
      const { tracer } = this.#options.context.scheduler
      const end = this.#end()
      yield* tracer?.around('end source', this.#labels, end) ?? end
      this.#termination = 'over'
      this.#terminated.notifyAll()
    } else {
      while (this.#termination !== 'over') yield this.#terminated
    }
  }

  *#end(): Protocol {
    const { host, unfixed } = this.#options.context
    const { sleepForRetriesUs, maxRetriesMultiplier } = this.limits
    this.#active = false
    const patienceUs = sleepForRetriesUs * maxRetriesMultiplier
    if (this.#finishing?.alive) {
      yield* within(patienceUs, this.#finishing)
      return
    }
    if (this.#initializing?.alive) {
      this.#initializing.kill()
      this.metrics.numInitializing = 0
    }
    const stopping = host.spawn(`stop ${this.name}`, this.#stopEndpoint())
    for (const worker of this.#workers.values()) {
      if (worker.alive) yield sleepForRetriesUs
      worker.kill()
      worker.releaseQuota(unfixed)
    }
    this.#workers.clear()
    this.#endAbandoned()
    if (stopping.alive) yield* within(patienceUs, stopping)
    this.metrics.terminate()
  }

  /** For the endpoint's timer (feature branch of HBASE-28957). */
  *persistOffsets(): Protocol {
    yield* this.#offsets.storeSubmitted()
  }

  /** HBase's ReplicationSource.initialize, without the wait for a peer cluster's id. */
  *#initialize(): Protocol {
    const { sleepForRetriesUs, maxRetriesMultiplier, abortOnError } = this.limits
    this.metrics.numInitializing++
    let multiplier = 1
    while (!(yield* this.#startEndpoint())) {
      yield sleepForRetriesUs * multiplier
      if (multiplier < maxRetriesMultiplier) multiplier++
      else if (abortOnError) {
        this.metrics.numInitializing--
        this.#abortServer('Exhausted retries to start replication endpoint.')
        return
      } else multiplier = 1
    }
    this.metrics.numInitializing--
    this.#startWorkers(this.logQueue.groups, 'source refresh')
    // HBase keeps a recovered source without a WAL for ever; it would do nothing.
    if (this.recovered && this.#workers.size === 0) this.#finish()
  }

  get #labels(): Details {
    return { peer: this.queue.peer, source: this.name }
  }

  #startEndpoint(): Protocol<boolean> {
    const { tracer } = this.#options.context.scheduler
    const start = this.#createEndpoint()
    return tracer?.around('start endpoint', this.#labels, start) ?? start
  }

  *#createEndpoint(): Protocol<boolean> {
    const endpoint = this.#options.createEndpoint(this)
    this.#endpoint = endpoint
    try {
      yield* endpoint.start()
      this.#startFault = null
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#startFault = error.message
      yield* this.#stopEndpoint()
      return false
    }
  }

  *#stopEndpoint(): Protocol {
    if (this.#endpoint === null) return
    try {
      yield* this.#endpoint.stop()
    } catch (error) {
      if (!(error instanceof IOException)) throw error
    }
  }

  /** All are there before one of them can come to its end (HBASE-28155). */
  #startWorkers(groups: readonly number[], cause: 'source refresh' | 'shipper restart'): void {
    const { host } = this.#options.context
    const workers = groups.map((group) => this.#createWorker(group, cause))
    for (const worker of workers) this.#workers.set(worker.group, worker)
    for (const worker of workers) {
      worker.start(host, `${this.name}/${worker.group}`, (end) => this.#shipperEnded(worker, end))
    }
  }

  #createWorker(group: number, cause: 'source refresh' | 'shipper restart'): SourceWorker {
    const { context, peer, wals, peerEnabled } = this.#options
    const { scheduler, quota, unfixed } = context
    const { limits, metrics, recovered } = this
    const queue = this.logQueue.queueOf(group)
    const { head } = queue
    const restarts = this.#restarts > 0 ? `/${this.#restarts}` : ''
    const readerName = `${this.name}/${group}${restarts}`
    const endpoint = this.#endpoint as ReplicationEndpoint
    return new SourceWorker({
      scheduler,
      labels: this.#labels,
      group,
      batchesAhead: limits.batchesAhead,
      quota,
      reader: {
        queue,
        metrics,
        limits,
        startPosition: head === undefined ? 0 : this.#offsets.startPosition(head),
        resends: new ResendCauses(wals.handed(), cause, recovered),
        unfixed,
        peerEnabled,
        refresh: context.refresh,
        openUs: (n) => context.openUs(readerName, n),
        readUs: context.readUs,
        wants: peer.wants,
        wantsMarkers: peer.wantsMarkers,
      },
      shipper: {
        endpoint,
        metrics,
        offsets: this.#offsetPersistence(endpoint, group),
        ...limits,
        active: () => this.active,
        peerEnabled,
        throttle: (bytes) => this.#throttle(bytes),
        handed: ({ wal, toPosition }) => wals.handedTo(wal, toPosition),
        accepted: (batch) => this.#accepted(batch),
      },
    })
  }

  #offsetPersistence(endpoint: ReplicationEndpoint, group: number): OffsetPersistence {
    const { scheduler, unfixed, offsetPhase } = this.#options.context
    const { limits, name } = this
    if (endpoint.offsets === 'endpoint') {
      return new EndpointOffsetPersistence(this.#offsets, unfixed)
    }
    const first = this.#fromStart && this.#restarts === 0
    const phase = first ? offsetPhase(this.queue.peer, name, group) : 1
    const passedUs = Math.floor((1 - phase) * limits.intervalUs)
    return new ShipperOffsetPersistence(scheduler, endpoint, this.#offsets, limits, passedUs)
  }

  #shipperEnded(worker: SourceWorker, end: ShipperEnd): void {
    if (end === 'restart') this.#restart(worker)
    if (end !== 'finished') return
    this.#workers.delete(worker.group)
    if (!this.recovered) return
    this.metrics.completedRecoverQueues++
    if (this.#workers.size === 0) this.#finish()
  }

  /**
   * ReplicationSource.restartShipper of HBASE-29823: a new reader at the head of the queue, where the
   * old one, which nobody stops, has been; what that one has read and left is skipped.
   */
  #restart(worker: SourceWorker): void {
    if (!this.#active) return
    this.#restarts++
    this.#abandoned.push(worker)
    this.#startWorkers([worker.group], 'shipper restart')
  }

  /**
   * Readers that a restarted shipper left behind end with their source and give back their share of
   * the quota. HBase forgets them, with up to `nb.batches` + 1 batches each, for as long as the
   * server lives.
   */
  #endAbandoned(): void {
    for (const worker of this.#abandoned.splice(0)) {
      worker.kill()
      worker.releaseQuota(this.#options.context.unfixed)
    }
  }

  /** In a thread of its own, which `terminate` waits for instead of ending it. */
  #finish(): void {
    const { host } = this.#options.context
    this.#finishing = host.spawn(`finish ${this.name}`, this.#finishQueue())
  }

  *#finishQueue(): Protocol {
    yield* this.#stopEndpoint()
    this.#active = false
    this.#endAbandoned()
    yield* this.#options.onFinished(this)
  }

  /** ReplicationSource.tryThrottle: the peer's bandwidth may have changed. */
  *#throttle(bytes: number): Protocol {
    this.#throttler.setBandwidth(this.#options.peer.bandwidth())
    yield* this.#throttler.throttle(bytes)
  }

  /** Entries that the batch passes over are told first, so that nobody takes them for accepted. */
  #accepted({ wal, extents, bytes, fromPosition, toPosition }: WALEntryBatch): void {
    this.#throttler.pushed(bytes)
    let next = wal.from + fromPosition
    for (const { from, to } of extents) {
      if (from > next) this.#progress(Progress.filtered, wal.log, next, from)
      next = to
    }
    const end = wal.from + toPosition
    if (end > next) this.#progress(Progress.filtered, wal.log, next, end)
    for (let i = 0; i < extents.length; ) {
      const { from } = extents[i]
      let { to } = extents[i++]
      while (extents[i]?.from === to) to = extents[i++].to
      this.#progress(Progress.accepted, wal.log, from, to)
    }
  }

  #progress(progress: number, log: EditLog, from: number, to: number): void {
    const { context, peer } = this.#options
    const { events, scheduler } = context
    const kind = peerProgress(progress, peer.number)
    events.progress(kind, scheduler.now, log.id, from, to, scheduler.cause)
  }

  #allWorkers(): SourceWorker[] {
    return [...this.#workers.values(), ...this.#abandoned]
  }

  #abortServer(reason: string): void {
    this.#active = false
    this.#options.context.abortServer(reason)
  }
}
