import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { RingBufferWal } from '../wal/ring-buffer-wal.js'
import { createWal } from '../wal/wal-provider.js'
import { AwaitedReads } from './awaited-reads.js'
import { CallHandlers } from './call-handlers.js'
import { CallKind, isRead, NO_KEY } from './call-kind.js'
import type { CallQueues } from './call-queues.js'
import type { Marker } from './marker.js'
import { isMetaWork, MetaPuts } from './meta-puts.js'
import { MultiVersionConcurrencyControl } from './multi-version-concurrency-control.js'
import { NextAnswer } from './next-answer.js'
import { NextVisible } from './next-visible.js'
import { RegionServerAccounting } from './region-server-accounting.js'
import { Secondaries } from './secondaries.js'
import { ServerWals } from './server-wals.js'
import { type UnsyncedWrites, unsyncedWrites } from './unsynced-writes.js'
import { WalMarkers } from './wal-markers.js'
import { WalSteps } from './wal-steps.js'
import { WriteAnswers } from './write-answers.js'
import { WriteCalls } from './write-calls.js'
import type { UnansweredCall, WalGroupWrites, WritePathOptions } from './write-path-options.js'
import { Step, WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY

/**
 * One region server's write path, advanced lazily: nothing here is a scheduler event. Calls arrive,
 * wait for a handler, which takes them to the ring buffer of their region's WAL group (see
 * `CallHandlers`); they are consumed and synced as RingBufferWal does it, applied to the memstore,
 * made visible in MVCC order and answered. `advance` plays these steps in time order up to now, in
 * one loop over typed arrays.
 *
 * At one instant the order is: syncs return, edits are applied and answered, waits for row locks
 * end, handlers go on, the WALs' consumers turn, calls arrive; of WAL groups, the first goes first.
 * What the write path itself causes elsewhere (a roll, a safe point, a flush) must be noticed when
 * it happens: whoever owns it looks again by `nextCauseUs()`, also after it has acted upon it.
 */
export class WritePath {
  readonly calls = new WriteCalls()
  readonly markers: WalMarkers
  readonly metaPuts: MetaPuts
  readonly awaitedReads: AwaitedReads
  readonly secondaries: Secondaries
  readonly walSteps: WalSteps
  readonly #options: WritePathOptions
  readonly #steps = new WriteSteps(this.calls)
  readonly #accounting: RegionServerAccounting
  readonly #handlers: CallHandlers
  readonly #answers: WriteAnswers
  readonly #serverWals: ServerWals
  readonly #mvcc: MultiVersionConcurrencyControl
  /** Null if every write waits for its WAL. */
  readonly #unsynced: UnsyncedWrites | null
  /** Null if nobody acts upon an answer. */
  readonly #nextAnswer: NextAnswer | null
  /** Null if nobody has to know at once what is visible. */
  readonly #handsOn: NextVisible | null
  /** Wakes whoever waits for a lock, a sync or the end of a region's operations. */
  readonly #changed = new Signal()
  /** Protocols that wait for the end of a region's operations. */
  #waiting = 0
  #suspendedUs = NEVER
  #closed = false
  #advancedUs = 0

  constructor(options: WritePathOptions) {
    this.#options = options
    const { calls } = this
    const steps = this.#steps
    const changed = this.#changed
    const advance = () => this.#advance()
    const { memstores, metaRegion = -1 } = options
    const wals = options.groups.map((group) => createWal(calls, group, options))
    const serverWals = new ServerWals(wals, memstores.regions, metaRegion, steps)
    const mvcc = new MultiVersionConcurrencyControl(calls, steps, memstores.regions)
    const unsynced = unsyncedWrites({ options, calls, steps, serverWals, mvcc })
    const accounting = new RegionServerAccounting(options)
    const parts = { options, calls, steps, serverWals, mvcc, unsynced, accounting, changed }
    this.#serverWals = serverWals
    this.#mvcc = mvcc
    this.#unsynced = unsynced
    this.#accounting = accounting
    const { awaitedAnswers } = options
    this.#nextAnswer = awaitedAnswers ? new NextAnswer(steps, awaitedAnswers, options) : null
    this.#handsOn = options.replicas?.handsOn === true ? new NextVisible(steps, options) : null
    this.awaitedReads = new AwaitedReads(() => options.onDisturbed())
    this.markers = new WalMarkers({ ...options, ...parts, advance })
    this.walSteps = new WalSteps({
      serverWals,
      isSuspended: () => this.#suspendedUs !== NEVER,
      advance: (nowUs) => this.advance(nowUs),
    })
    this.metaPuts = new MetaPuts({
      ...options,
      changed,
      serves: (region) => this.serves(region),
      offer: (...put) => this.offer(this.#advance(), ...put),
    })
    this.secondaries = new Secondaries({
      ...parts,
      open: (region) => this.#handlers.regions.open(region),
      freed: (bytes) => this.memstoreFreed(bytes),
      advance,
      send: (slot, arrivesUs) => {
        this.#handlers.offered(slot)
        if (!this.#closed) steps.arriveAgainAt(slot, arrivesUs)
      },
    })
    this.#handlers = new CallHandlers({
      ...parts,
      options: { ...options, observer: this.metaPuts.apartFrom(options.observer) },
      secondaries: this.secondaries,
      append: (slot, timeUs) => this.#append(slot, timeUs),
      withdrawn: (slot) => this.#withdrawn(slot),
    })
    const { metaPuts } = this
    this.#answers = new WriteAnswers({ ...parts, handlers: this.#handlers, metaPuts })
  }

  /**
   * A client sends a call; `attemptUs` must not lie before the last `advance`.
   *
   * @param sentUs when the operation was first sent
   * @param bytes of the edit; 0 for a get, the rows that a multiget or scan asks for
   * @param attempt how often it was sent before, here or elsewhere
   * @param attemptUs when it is sent this time
   * @param key the row; an integer, NO_KEY if nobody locks it
   */
  offer(
    sentUs: number,
    region: number,
    bytes: number,
    operation: number,
    attempt = 0,
    attemptUs = sentUs,
    kind: CallKind = CallKind.put,
    key = NO_KEY,
  ): void {
    const { calls } = this
    const { latencies, rpcDelayUs } = this.#options
    let arrivesUs = attemptUs + latencies.network.draw(operation, attempt, 0)
    if (rpcDelayUs !== undefined) arrivesUs += rpcDelayUs(attemptUs)
    const slot = calls.allocate(sentUs, arrivesUs, region, bytes, operation)
    calls.kind[slot] = kind
    calls.key[slot] = key
    this.#handlers.offered(slot)
    if (!isRead(kind)) {
      if (!this.#skipsWal(region)) this.#serverWals.of(region).offered(attemptUs, bytes)
      this.#accounting.offered(region, bytes, attemptUs)
    }
    calls.attempt[slot] = attempt
    if (this.#closed) return
    if (attempt === 0) this.#steps.arriveAt(slot)
    else this.#steps.arriveAgainAt(slot, arrivesUs)
  }

  /**
   * The region is served from now on, with the memstore that it has; it gets its WAL group, for
   * good.
   */
  openRegion(region: number): void {
    this.#serverWals.of(region)
    if (this.#handlers.regions.isOpen(region)) return
    this.#handlers.regions.open(region)
    this.#accounting.regionOpened(region)
  }

  /**
   * HRegion.close: calls that come from now on are answered NotServingRegionException; ends when
   * those under way are done. What its memstore then holds counts until `memstoreFreed`.
   */
  *closeRegion(region: number): Protocol {
    this.#advance()
    this.#handlers.regions.close(region)
    this.#waiting++
    this.#options.onDisturbed()
    while (!this.#handlers.regions.isIdle(region)) yield this.#changed
    this.#waiting--
  }

  /**
   * HRegion.updatesLock.writeLock().lock(): from now on new writes of the region wait with their
   * handlers; ends when the last write of the region under way is visible.
   */
  *lockUpdates(region: number): Protocol {
    const { updatesLocks } = this.#handlers
    this.#advance()
    updatesLocks.requestWrite(region)
    this.#options.onDisturbed()
    while (!updatesLocks.isHeldForWriting(region)) yield this.#changed
  }

  /** Writes of the region that wait go on at this instant, in order. */
  unlockUpdates(region: number): void {
    const nowUs = this.#advance()
    this.#handlers.updatesUnlocked(region, nowUs)
    this.#options.onDisturbed()
  }

  /** See `WalMarkers`. */
  appendMarker(region: number, bytes: number, descriptor: MarkerDescriptor): Marker {
    return this.markers.append(region, bytes, descriptor)
  }

  /** WAL.sync: ends when all that the region's WAL was given by now is durable. */
  sync(region: number): Protocol {
    return this.markers.sync(this.#serverWals.of(region))
  }

  /** In the order of their groups; that of hbase:meta comes last. */
  get wals(): readonly RingBufferWal[] {
    return this.#serverWals.all
  }

  /** The server gets a WAL for hbase:meta, before that opens. */
  addMetaWal(group: WalGroupWrites): void {
    this.#serverWals.addOfMeta(createWal(this.calls, group, this.#options))
  }

  /** The region is open here, and not closing. */
  serves(region: number): boolean {
    return this.#handlers.regions.isOpen(region)
  }

  /** The WAL group of a region. */
  groupOf(region: number): number {
    return this.wals.indexOf(this.#serverWals.of(region))
  }

  /** Heap bytes of all memstores that are open here. */
  get memstoreBytes(): number {
    return this.#accounting.memstoreBytes
  }

  /** So many heap bytes are free: a flush has ended, or a region is gone. */
  memstoreFreed(bytes: number): void {
    const nowUs = this.#advance()
    this.#accounting.freed(bytes, nowUs)
    this.#handlers.memstoreFreed(nowUs)
    this.#options.onDisturbed()
  }

  /**
   * A time before which the write path needs no look: at the latest then, `advance` must be called,
   * so that what it causes is noticed at its own instant.
   */
  nextCauseUs(): number {
    if (this.#suspendedUs !== NEVER) return NEVER
    const nextStepUs = this.#steps.nextUs
    const { updatesLocks, regions } = this.#handlers
    const asking = this.metaPuts.waiting + this.awaitedReads.waiting
    const waiting = this.#waiting + this.markers.waiting + asking > 0
    const watched =
      waiting ||
      updatesLocks.writersWaiting > 0 ||
      regions.strays > 0 ||
      this.secondaries.watchedReplays > 0
    if (watched || this.#closed) return nextStepUs
    const nextApplyUs = this.#unsynced === null ? this.#serverWals.nextApplyUs : nextStepUs
    let causeUs = this.#accounting.nextCauseUs(this.#advancedUs, nextStepUs, nextApplyUs)
    if (this.#handsOn !== null) {
      const visibleUs = this.#unsynced === null ? this.#handsOn.earliestUs() : nextStepUs
      causeUs = Math.min(causeUs, visibleUs)
    }
    if (this.#nextAnswer !== null) causeUs = Math.min(causeUs, this.#nextAnswer.lookUs())
    for (const wal of this.wals) {
      causeUs = Math.min(causeUs, wal.nextCauseUs(this.#advancedUs, nextStepUs))
    }
    return causeUs
  }

  /** Plays everything up to and including `nowUs`. */
  advance(nowUs: number): void {
    invariant(nowUs >= this.#advancedUs, 'the write path never goes back in time')
    if (this.#suspendedUs === NEVER) {
      const { dueUs } = this.#steps
      for (;;) {
        const step = this.#steps.next
        const time = dueUs[step] as number
        if (time > nowUs) break
        this.#step(step, time)
      }
    }
    this.#advancedUs = nowUs
  }

  /** The server's threads stop; what the network and the DataNodes do goes on. */
  suspend(nowUs: number): void {
    invariant(this.#suspendedUs === NEVER, 'a server is suspended once at a time')
    this.advance(nowUs)
    for (const wal of this.wals) wal.suspend(nowUs)
    this.#suspendedUs = nowUs
  }

  /**
   * The threads go on: computations end later by the time they were stopped, while answers and
   * calls that came in meanwhile are found at once.
   */
  resume(nowUs: number): void {
    invariant(this.#suspendedUs !== NEVER, 'only a suspended server resumes')
    const lostUs = nowUs - this.#suspendedUs
    this.#mvcc.resume(this.#suspendedUs, lostUs)
    this.#steps.resume(nowUs, lostUs)
    this.#handlers.resume(nowUs)
    this.#suspendedUs = NEVER
    this.#advancedUs = nowUs
    for (const wal of this.wals) wal.resume(nowUs, lostUs)
    this.#serverWals.noteSteps()
  }

  /**
   * The server takes no more calls and its regions close: calls that are not yet appended will
   * never be, those that are will still be answered.
   */
  close(nowUs: number): void {
    this.advance(nowUs)
    this.#closed = true
    this.#options.callQueues.clear(this.calls.atUs, nowUs)
    this.#steps.close()
    this.#handlers.close()
  }

  /** Every call whose edit is appended is answered. */
  get drained(): boolean {
    const applying = this.#steps.applying + this.#mvcc.held
    return applying === 0 && this.wals.every((wal) => wal.idle)
  }

  /** The process is gone; answers all calls that it did not. */
  kill(nowUs: number): UnansweredCall[] {
    this.close(nowUs)
    for (const wal of this.wals) wal.abandon(nowUs)
    this.#steps.dueUs.fill(NEVER)
    return this.calls.takeAll().filter(({ operation }) => !isMetaWork(operation))
  }

  /** Calls known and not yet answered. */
  get unanswered(): number {
    return this.calls.inUse
  }

  get callQueues(): CallQueues {
    return this.#options.callQueues
  }

  /** Brings the path up to now, for somebody acts upon it. */
  #advance(): number {
    const { now } = this.#options.scheduler
    this.advance(now)
    return now
  }

  #step(step: number, time: number): void {
    if (step === Step.syncReturns) {
      this.#answers.syncReturns(time)
      if (this.#waiting + this.markers.waiting > 0) this.#changed.notifyAll()
    } else if (step === Step.answer) this.#answers.answer(time)
    else if (step === Step.rowLockTimesOut) this.#handlers.rowLockTimedOut(time)
    else if (step === Step.handle) this.#handlers.handle(time)
    else if (step === Step.consume) this.#serverWals.consume(time)
    else if (step === Step.arrive) this.#handlers.dispatch(this.#steps.takeArriving(), time)
    else this.#handlers.dispatch(this.#steps.takeArrivingAgain(), time)
  }

  /** The handler appends: sequence id and place in the ring buffer under one lock. */
  #append(slot: number, time: number): void {
    if (this.#unsynced?.write(slot, time)) return
    const region = this.calls.region[slot] as number
    const sequenceId = this.#options.memstores.beginSequenceId(region)
    const wal = this.#serverWals.of(region)
    wal.append(slot, time, region, sequenceId)
    const due = this.#steps.dueUs
    if (wal.consumerDueUs < (due[Step.consume] as number)) due[Step.consume] = wal.consumerDueUs
  }

  #withdrawn(slot: number): void {
    const { calls } = this
    if (isRead(calls.kind[slot] as number)) return
    const region = calls.region[slot] as number
    const bytes = calls.bytes[slot] as number
    if (!this.#skipsWal(region)) this.#serverWals.of(region).withdrawn(bytes)
    this.#accounting.withdrawn(region, bytes)
  }

  #skipsWal(region: number): boolean {
    return this.#unsynced?.skipsWal(region) === true
  }
}
