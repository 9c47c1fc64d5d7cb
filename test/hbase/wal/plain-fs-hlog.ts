import { Host, type Process, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { Variate } from '../../../src/kernel/variate.js'
import { Step, Turns } from '../regionserver/turns.js'
import {
  type FSHLogFile,
  type FSHLogOutcome,
  type FSHLogScenario,
  variatesOf,
} from './fs-hlog-scenario.js'

/** What a run of the plain model comes to. */
export function plainOutcome(scenario: FSHLogScenario): FSHLogOutcome {
  return new PlainFSHLog(scenario).run()
}

/** An hflush that waits for the DataNodes. */
interface Flush {
  readonly from: number
  readonly to: number
  readonly hsync: boolean
  readonly issuedUs: number
  readonly sentUs: number
  doneUs: number
  acknowledgement: Process | null
  readonly acknowledged: Signal
}

/** FSHLog with a process for each of its threads, and each packet's acknowledgement. */
class PlainFSHLog {
  readonly #scheduler = new Scheduler()
  readonly #turns = new Turns(this.#scheduler)
  readonly #regionServer = new Host(this.#scheduler, 'rs1')
  readonly #dataNodes = new Host(this.#scheduler, 'DataNodes')
  readonly #luck: ReturnType<typeof variatesOf>
  readonly #outcome: FSHLogOutcome = { durableUs: [], wals: [], rollsNeededUs: [], synced: 0 }
  readonly #ringBuffer: number[] = []
  readonly #published = new Signal()
  readonly #runners: { position: number; readonly offered: Signal }[] = []
  readonly #changed = new Signal()
  #flights: Flush[] = []
  #runner = 0
  #taken = 0
  #appended = 0
  /** Appended and handed to a runner for its sync. */
  #offered = 0
  #consuming = false
  #flushed = 0
  #synced = 0
  #sentUs = 0
  #lastUs = 0
  #rollNeeded = false
  #waitingForRoll = false
  /** When a DataNode of the pipeline died; Infinity while it is whole. */
  #damagedUs = Number.POSITIVE_INFINITY
  readonly #repairs: { fromUs: number; untilUs: number }[] = []
  #recoveries = 0

  constructor(readonly scenario: FSHLogScenario) {
    this.#luck = variatesOf(scenario)
    const { syncerCount, appends, rollsUs, damages, suspensions } = scenario
    this.#outcome.wals.push(newFile(0, 0))
    for (const { fromUs, untilUs } of suspensions) this.#turns.suspend(fromUs, untilUs)
    this.#regionServer.spawn('consumer', this.#consume())
    for (let i = 0; i < syncerCount; i++) {
      this.#runners.push({ position: -1, offered: new Signal() })
      this.#regionServer.spawn(`sync.${i}`, this.#runSyncs(i))
    }
    appends.forEach(({ atUs }, edit) => {
      this.#regionServer.spawn('handler', this.#append(atUs, edit))
    })
    this.#regionServer.spawn('LogRoller', this.#roll(rollsUs))
    for (const { atUs, forUs } of damages) {
      this.#dataNodes.spawn('death', this.#damage(atUs, forUs))
    }
  }

  run(): FSHLogOutcome {
    const { killUs } = this.scenario
    const isKilled = killUs < Number.POSITIVE_INFINITY
    if (isKilled) this.#turns.run(killUs)
    else this.#scheduler.run()
    for (const file of this.#outcome.wals) file.recoverableEntries = file.entries
    const { from } = this.#wal
    if (isKilled) this.#wal.recoverableEntries = this.#synced - from + this.#received()
    return { ...this.#outcome, synced: this.#synced }
  }

  /**
   * Edits of syncs under way that DataNodes have: a server that stops has handed over all that it
   * wrote, but a pipeline that is damaged takes no more.
   */
  #received(): number {
    const { suspensions, killUs } = this.scenario
    const stopped = suspensions
      .map(({ fromUs }) => fromUs)
      .filter((us) => us <= killUs && us < this.#damagedUs && !this.#isRepairing(us))
    const received = this.#flights.filter(({ issuedUs, sentUs }) => {
      const handedOverUs = stopped.find((us) => us >= issuedUs) ?? sentUs
      return Math.min(sentUs, handedOverUs) <= Math.min(killUs, this.#damagedUs)
    })
    return received.reduce((edits, { from, to }) => edits + to - from, 0)
  }

  /** At the end of that instant. */
  #isRepairing(us: number): boolean {
    return this.#repairs.some(({ fromUs, untilUs }) => fromUs <= us && us < untilUs)
  }

  *#append(atUs: number, edit: number): Protocol {
    yield* this.#turns.pass(atUs)
    yield* this.#turns.take(Step.handle)
    this.#ringBuffer.push(edit)
    this.#published.notifyAll()
  }

  /** RingBufferEventHandler */
  *#consume(): Protocol {
    const { maxBatchCount } = this.scenario
    for (;;) {
      if (this.#mustWait()) {
        while (this.#mustWait()) yield this.#published
        yield* this.#turns.take(Step.consume)
        if (this.#mustWait()) continue
      }
      const batch: number[] = []
      while (this.#ringBuffer.length > 0 && batch.filter(this.#isAwaited).length < maxBatchCount) {
        batch.push(...this.#ringBuffer.splice(0, 1))
      }
      this.#consuming = true
      this.#taken += batch.length
      for (const edit of batch) yield* this.#turns.compute(this.#luck.append.draw(edit))
      yield* this.#turns.take(Step.consume)
      this.#appended += batch.length
      this.#wal.entries += batch.length
      this.#consuming = false
      if (this.#waitingForRoll || batch.some(this.#isAwaited)) this.#offerSync()
    }
  }

  readonly #isAwaited = (edit: number) => this.scenario.appends[edit].durability !== 'ASYNC_WAL'

  #offerSync(): void {
    this.#offered = this.#appended
    this.#runner = (this.#runner + 1) % this.scenario.syncerCount
    this.#runners[this.#runner].position = this.#appended
    this.#runners[this.#runner].offered.notifyAll()
  }

  #mustWait(): boolean {
    return this.#ringBuffer.length === 0 || this.#waitingForRoll
  }

  /** SyncRunner */
  *#runSyncs(index: number): Protocol {
    const runner = this.#runners[index]
    for (;;) {
      while (runner.position <= this.#synced) yield runner.offered
      runner.position = -1
      const flush = this.#hflush()
      if (this.#synced < flush.to) yield flush.acknowledged
    }
  }

  /** Sends what is in the client's buffer; if nothing is, waits for what is on its way. */
  #hflush(): Flush {
    const underWay = this.#flights.at(-1)
    if (this.#flushed === this.#appended && underWay !== undefined) return underWay
    const { appends, bytesPerSecond } = this.scenario
    const from = this.#flushed
    const waiting = appends.slice(from, this.#appended).filter((_, i) => this.#isAwaited(from + i))
    const hsync = waiting[0]?.durability === 'FSYNC_WAL'
    const bytes = appends.slice(from, this.#appended).reduce((sum, put) => sum + put.bytes, 0)
    const nowUs = this.#turns.nowUs
    this.#sentUs = Math.max(this.#sentUs, nowUs) + Math.round((bytes * 1e6) / bytesPerSecond)
    this.#lastUs = Math.max(this.#lastUs, this.#sentUs + this.#latency(hsync).draw(from, 0))
    const flush: Flush = {
      from,
      to: this.#appended,
      hsync,
      issuedUs: nowUs,
      sentUs: this.#sentUs,
      doneUs: this.#lastUs,
      acknowledgement: null,
      acknowledged: new Signal(),
    }
    this.#flushed = this.#appended
    this.#flights.push(flush)
    if (this.#damagedUs === Number.POSITIVE_INFINITY) this.#send(flush)
    return flush
  }

  #latency(hsync: boolean): Variate {
    return hsync ? this.#luck.hsync : this.#luck.sync
  }

  #send(flush: Flush): void {
    flush.acknowledgement = this.#dataNodes.spawn('ack', this.#acknowledge(flush))
  }

  *#acknowledge(flush: Flush): Protocol {
    const { appends, rollSize } = this.scenario
    yield* this.#turns.pass(flush.doneUs - this.#turns.nowUs)
    yield* this.#turns.take(Step.syncReturns)
    this.#flights.shift()
    this.#synced = flush.to
    for (let edit = flush.from; edit < flush.to; edit++) {
      this.#outcome.durableUs[edit] = this.#turns.nowUs
    }
    flush.acknowledged.notifyAll()
    this.#changed.notifyAll()
    const { from, entries } = this.#wal
    const bytes = appends.slice(from, from + entries).reduce((sum, put) => sum + put.bytes, 0)
    if (flush.hsync) {
      const synced = appends.slice(from, flush.to)
      this.#wal.hsyncedBytes = synced.reduce((sum, put) => sum + put.bytes, 0)
    }
    if (this.#rollNeeded || this.#waitingForRoll || bytes <= rollSize) return
    this.#rollNeeded = true
    this.#outcome.rollsNeededUs.push(this.#turns.nowUs)
  }

  /**
   * A DataNode dies, and after a while another has taken its place: it is the server that repairs
   * the pipeline. One more that dies meanwhile is replaced with it.
   */
  *#damage(atUs: number, forUs: number): Protocol {
    const turns = this.#turns
    yield* turns.pass(atUs)
    if (!turns.isSuspended) yield* turns.take(Step.streamBreaks)
    if (this.#damagedUs < Number.POSITIVE_INFINITY) return
    this.#damagedUs = atUs
    const file = this.#wal
    const lost = this.#flights.filter(({ doneUs }) => doneUs > atUs)
    for (const { acknowledgement } of lost) acknowledgement?.kill()
    yield* turns.pass(forUs)
    yield* turns.take(Step.streamBreaks)
    // A file that was begun meanwhile has a pipeline of its own.
    if (this.#wal !== file) return
    this.#damagedUs = Number.POSITIVE_INFINITY
    this.#repairs.push({ fromUs: atUs, untilUs: turns.nowUs })
    this.#recoveries++
    const [first] = this.#flights
    if (first === undefined) return
    const nowUs = turns.nowUs
    this.#lastUs =
      Math.max(this.#sentUs, nowUs) + this.#latency(first.hsync).draw(first.from, this.#recoveries)
    for (const flush of this.#flights) {
      flush.doneUs = this.#lastUs
      this.#send(flush)
    }
  }

  /** SafePointZigZagLatch: the consumer holds until all that it took is durable. */
  *#roll(rollsUs: readonly number[]): Protocol {
    const turns = this.#turns
    for (const atUs of rollsUs) {
      yield* turns.pass(Math.max(0, atUs - turns.nowUs))
      yield* turns.take(Step.rollRequested)
      this.#waitingForRoll = true
      if (!this.#consuming && this.#offered < this.#appended) this.#offerSync()
      while (this.#taken > this.#synced) yield this.#changed
      yield* turns.take(Step.roll)
      this.#outcome.wals.push(newFile(this.#appended, turns.nowUs))
      this.#damagedUs = Number.POSITIVE_INFINITY
      this.#rollNeeded = false
      this.#waitingForRoll = false
      this.#published.notifyAll()
    }
  }

  get #wal(): FSHLogOutcome['wals'][number] {
    return this.#outcome.wals[this.#outcome.wals.length - 1]
  }
}

function newFile(from: number, sinceUs: number): FSHLogFile {
  return { from, entries: 0, sinceUs, hsyncedBytes: 0, recoverableEntries: 0 }
}
