import { type Host, Interrupted, type Process, type Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import { IOException } from '../../storage/io-exception.js'
import type { CompactionRequest } from '../compactions/compaction-request.js'
import { type CompactorOptions, commit, copy } from '../compactions/compactor.js'
import type { SortedCompactionPolicy } from '../compactions/sorted-compaction-policy.js'
import { type CompactionPool, StealJobQueue } from '../compactions/steal-job-queue.js'
import { storePressure } from '../compactions/store-pressure.js'
import type { HStore } from './h-store.js'
import type { StoreFile } from './store-file.js'
import type { Stores } from './stores.js'

/** One compaction that ended well. */
export interface CompactionRecord {
  readonly region: number
  readonly family: number
  readonly inputs: readonly StoreFile[]
  readonly output: StoreFile
  /** Of the inputs. */
  readonly bytes: number
  /** A major one was due or asked for; `output.isMajorCompacted` says if it was of all files. */
  readonly major: boolean
  readonly why: string
  readonly pool: CompactionPool
  /** When it was queued, selected and begun, and when its output was in place. */
  readonly requestedUs: number
  readonly startedUs: number
  readonly endedUs: number
}

export interface CompactSplitOptions extends CompactorOptions {
  readonly host: Host
  readonly stores: Stores
  readonly policy: SortedCompactionPolicy
  /** `hbase.regionserver.compaction.enabled` */
  readonly enabled: boolean
  readonly largeThreads: number
  readonly smallThreads: number
  /** The regions open on the server. */
  regions(): Iterable<number>
  isOffPeak(nowUs: number): boolean
  readonly observer: {
    compacted(record: CompactionRecord): void
    /** Files stay as they are; the next request selects anew. `Interrupted`: the region closes. */
    compactionFailed(region: number, family: number, cause: IOException | Interrupted): void
  }
}

/** Priority of a compaction that a user asks for; lower numbers go first. */
const PRIORITY_USER = 1

/** A store in the queue, or with the files selected for it. */
interface CompactionJob {
  readonly store: HStore
  readonly why: string
  readonly requestedUs: number
  /** Where it is queued; that of the thread is another if it was stolen. */
  pool: CompactionPool
  priority: number
  readonly request: CompactionRequest | null
  /** What it is asked for, if the run is traced (`Tracer`). */
  readonly cause: number
}

/** A compaction thread, and what it is at. */
interface Worker {
  readonly pool: CompactionPool
  process: Process | null
  region: number | null
  /** It still writes to the `.tmp` directory: it may be broken off. */
  copying: boolean
}

/** What is thrown at a compaction whose region closes. */
const REGION_CLOSES = 'region closes'

/**
 * The compactions of one region server (HBase's CompactSplit; regions do not split here).
 *
 * A request of the server itself queues the store, and files are selected when a small thread takes
 * it; one that is large then is queued again for the large threads. A user's request, and a major
 * compaction that is due, select at once. The store nearest to its blocking number of files goes
 * first.
 */
export class CompactSplit {
  readonly #options: CompactSplitOptions
  readonly #queue = new StealJobQueue<CompactionJob>(compareJobs)
  readonly #workers: readonly Worker[]
  readonly #ended = new Signal()
  /** Regions that close: nothing of them is selected. */
  readonly #closing = new Set<number>()
  /** The one compaction of the server that uses the limits of off-peak hours. */
  #offPeakCompaction: CompactionRequest | null = null

  constructor(options: CompactSplitOptions) {
    this.#options = options
    const idle = (pool: CompactionPool): Worker => ({
      pool,
      process: null,
      region: null,
      copying: false,
    })
    this.#workers = [
      ...Array.from({ length: options.smallThreads }, () => idle('small')),
      ...Array.from({ length: options.largeThreads }, () => idle('large')),
    ]
  }

  /** Compactions waiting for a thread, by pool (`smallCompactionQueueLength`, `large…`). */
  queueLength(pool: CompactionPool): number {
    return this.#queue.length(pool)
  }

  /** Compactions under way. */
  get running(): number {
    return this.#workers.filter(({ region }) => region !== null).length
  }

  /** That of the fullest store of the open regions (HRegionServer.getCompactionPressure). */
  get pressure(): number {
    const { minFiles, blockingFiles } = this.#options.policy.configuration
    let highest = 0
    for (const region of this.#options.regions()) {
      const files = this.#options.stores.filesOf(region)
      highest = Math.max(highest, storePressure(files, minFiles, blockingFiles))
    }
    return highest
  }

  start(): void {
    const { host } = this.#options
    for (const worker of this.#workers) {
      worker.process = host.spawn(`${worker.pool}Compactions`, this.#work(worker))
    }
  }

  /** Whether a store has files enough for a compaction, as a flush asks (HStore.needsCompaction). */
  needsCompaction(store: HStore): boolean {
    return this.#options.policy.needsCompaction(store.files, store.filesCompacting)
  }

  /** Queues all stores of a region, as after a flush that left one in need (requestSystemCompaction). */
  requestCompaction(region: number, why: string): void {
    for (const store of this.#options.stores.of(region)) this.#queueStore(store, why)
  }

  /** A region was opened here: its stores in need are queued (postOpenDeployTasks). */
  regionOpened(region: number): void {
    this.#closing.delete(region)
    for (const store of this.#options.stores.of(region)) {
      if (store.hasReferences || this.needsCompaction(store)) {
        this.#queueStore(store, 'opening region')
      }
    }
  }

  /** A user asks for a major compaction of all stores of the region. */
  requestMajor(region: number): void {
    for (const store of this.#options.stores.of(region)) {
      store.forceMajor = true
      this.#selectAndQueue(store, 'user', PRIORITY_USER)
    }
  }

  /** The chore CompactionChecker, which looks at every store once in `intervalUs`. */
  *checker(intervalUs: number, phaseUs: number): Protocol {
    yield phaseUs
    for (;;) {
      for (const region of this.#options.regions()) {
        for (const store of this.#options.stores.of(region)) this.#check(store)
      }
      yield intervalUs
    }
  }

  /**
   * The region closes: nothing of it is compacted any more, and what is being copied is broken off.
   * Ends when outputs that are complete are in place.
   */
  *closeRegion(region: number): Protocol {
    this.#closing.add(region)
    for (const job of this.#queue.remove(({ store }) => store.region === region)) this.#cancel(job)
    for (const worker of this.#workers) {
      if (worker.region === region && worker.copying) worker.process?.interrupt(REGION_CLOSES)
    }
    while (this.#workers.some((worker) => worker.region === region)) yield this.#ended
  }

  #check(store: HStore): void {
    const { policy, scheduler } = this.#options
    if (this.needsCompaction(store)) this.#queueStore(store, 'CompactionChecker')
    else if (policy.shouldPerformMajorCompaction(store.files, scheduler.now)) {
      store.forceMajor = true
      this.#selectAndQueue(store, 'CompactionChecker', this.#priorityOf(store))
    }
  }

  #queueStore(store: HStore, why: string): void {
    const { now: requestedUs, doing: cause } = this.#options.scheduler
    const priority = this.#priorityOf(store)
    const job = { store, why, requestedUs, pool: 'small' as const, priority, request: null, cause }
    this.#queue.add('small', job)
  }

  #selectAndQueue(store: HStore, why: string, priority: number): void {
    const request = this.#select(store, priority === PRIORITY_USER)
    if (request === null) return
    const pool = this.#poolFor(request)
    const { now: requestedUs, doing: cause } = this.#options.scheduler
    this.#queue.add(pool, { store, why, requestedUs, pool, priority, request, cause })
  }

  /** HStore.requestCompaction */
  #select(store: HStore, user: boolean): CompactionRequest | null {
    const { enabled, policy, scheduler, isOffPeak } = this.#options
    if (!enabled || this.#closing.has(store.region)) return null
    const compacting = store.filesCompacting
    const request = policy.selectCompaction(store.files, compacting, {
      user,
      forceMajor: store.forceMajor && compacting.length === 0,
      mayUseOffPeak: this.#offPeakCompaction === null && isOffPeak(scheduler.now),
      nowUs: scheduler.now,
    })
    if (request.files.length === 0) return null
    if (request.isOffPeak) this.#offPeakCompaction = request
    store.startCompaction(request)
    return request
  }

  #finish(store: HStore, request: CompactionRequest): void {
    if (this.#offPeakCompaction === request) this.#offPeakCompaction = null
    store.endCompaction(request)
  }

  #cancel({ store, request }: CompactionJob): void {
    if (request !== null) this.#finish(store, request)
  }

  /** Never that of a user (DefaultStoreFileManager.getStoreCompactionPriority). */
  #priorityOf(store: HStore): number {
    const priority = this.#options.policy.configuration.blockingFiles - store.files.length
    return priority === PRIORITY_USER ? priority + 1 : priority
  }

  *#work(worker: Worker): Protocol {
    for (;;) {
      const job = this.#queue.take(worker.pool)
      if (job === undefined) yield this.#queue.arrived
      else yield* this.#run(worker, job)
    }
  }

  /** CompactionRunner.doCompaction */
  *#run(worker: Worker, job: CompactionJob): Protocol {
    const { store } = job
    const request = job.request ?? this.#selectFor(job)
    if (request === null) return
    worker.region = store.region
    try {
      yield* this.#compact(worker, job, request)
    } catch (error) {
      if (!(error instanceof IOException || error instanceof Interrupted)) throw error
      this.#options.observer.compactionFailed(store.region, store.family, error)
    } finally {
      worker.region = null
      worker.copying = false
      this.#finish(store, request)
      this.#ended.notifyAll()
    }
  }

  /** The files for a queued store; null if there are none, or the job is in a queue again. */
  #selectFor(job: CompactionJob): CompactionRequest | null {
    const { store } = job
    const queuedPriority = job.priority
    job.priority = this.#priorityOf(store)
    if (job.priority > queuedPriority) {
      // Less urgent by now: others may be more so.
      this.#queue.add(job.pool, job)
      return null
    }
    const request = this.#select(store, false)
    if (request === null || job.pool === 'large' || this.#poolFor(request) === 'small') {
      return request
    }
    this.#finish(store, request)
    job.pool = 'large'
    this.#queue.add('large', job)
    return null
  }

  #poolFor({ bytes }: CompactionRequest): CompactionPool {
    return this.#options.policy.throttleCompaction(bytes) ? 'large' : 'small'
  }

  #compact(worker: Worker, job: CompactionJob, request: CompactionRequest): Protocol {
    const { tracer } = this.#options.scheduler
    const compaction = this.#doCompaction(worker, job, request)
    if (tracer === null) return compaction
    const { store, why, requestedUs } = job
    const { region, family } = store
    const { bytes, isMajor } = request
    const files = request.files.length
    const kind = isMajor ? 'major' : 'minor'
    const details = { region, family, files, bytes, kind, why, pool: worker.pool, requestedUs }
    return tracer.around('compaction', details, compaction, undefined, job.cause)
  }

  *#doCompaction(worker: Worker, job: CompactionJob, request: CompactionRequest): Protocol {
    const { scheduler, observer } = this.#options
    const { store, why, requestedUs } = job
    const startedUs = scheduler.now
    worker.copying = true
    const copied = yield* copy(store, request, this.#options)
    worker.copying = false
    const output = yield* commit(store, request, copied, this.#options)
    observer.compacted({
      region: store.region,
      family: store.family,
      inputs: request.files,
      output,
      bytes: request.bytes,
      major: request.isMajor,
      why,
      pool: worker.pool,
      requestedUs,
      startedUs,
      endedUs: scheduler.now,
    })
    if (this.#priorityOf(store) <= 0) this.#queueStore(store, 'recursive enqueue')
  }
}

/** The most urgent first, then those with a selection, the one selected first before others. */
function compareJobs(a: CompactionJob, b: CompactionJob): number {
  if (a.priority !== b.priority) return a.priority - b.priority
  if (a.request === null || b.request === null) {
    return Number(a.request === null) - Number(b.request === null)
  }
  return a.requestedUs - b.requestedUs
}
