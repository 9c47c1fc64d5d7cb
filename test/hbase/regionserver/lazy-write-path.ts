import { CallKind, NO_KEY } from '../../../src/hbase/regionserver/call-kind.js'
import type { WritePath } from '../../../src/hbase/regionserver/write-path.js'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Signal } from '../../../src/kernel/signal.js'
import { LazyClosedLoop } from './lazy-closed-loop.js'
import { LazyGroup } from './lazy-group.js'
import { type BuiltWritePath, buildWritePath, editsOf, newWal } from './write-path-fixture.js'
import {
  type AnswerOutcome,
  type NotServingOutcome,
  type ReadOutcome,
  type RegionWork,
  type RegionWorkOutcome,
  type WriteOutcome,
  type WriteScenario,
  workByRegion,
} from './write-scenario.js'

const MARKER_BYTES = 60

/** Later than anything a scenario leads to. */
const END_US = 1e12

/** When whoever owns the write path disturbs it although nothing happens. */
export interface Looks {
  /** Instants at which somebody looks. */
  readonly atUs: readonly number[]
  /** Puts are offered so far ahead. */
  readonly horizonUs: number
}

/** What a run of `WritePath` comes to, driven as a region server drives it. */
export function lazyOutcome(scenario: WriteScenario, looks: Looks): WriteOutcome {
  return new LazyRun(scenario, looks).run()
}

class LazyRun {
  readonly #scheduler = new Scheduler()
  readonly #regionServer = new Host(this.#scheduler, 'rs1')
  /** Flushes and the like that have something to do; the first in the scenario goes first. */
  readonly #turns: { readonly place: number; readonly turn: Signal }[] = []
  readonly #reads: ReadOutcome[] = []
  readonly #notServing: NotServingOutcome[] = []
  readonly #flushesWanted: { region: number; atUs: number }[] = []
  readonly #pressureUs: number[] = []
  readonly #regionWork: RegionWorkOutcome[] = []
  readonly #closedLoop: LazyClosedLoop
  readonly #built: BuiltWritePath
  readonly #groups: readonly LazyGroup[]
  readonly #answers: AnswerOutcome[] = []
  readonly #failedSentUs: number[] = []
  readonly #waitingRolls: number[]
  readonly #instants: number[]
  #unanswered: UnansweredCall[] = []
  #nowUs = -1
  #offered = 0
  #offeredUntilUs = -1
  #suspended = false
  /** The group whose WAL is being rolled; the next one to be looked at. */
  #rolling = 0
  #roller: 'idle' | 'creating' | 'waiting' = 'idle'
  #createdUs = 0

  constructor(
    readonly scenario: WriteScenario,
    readonly looks: Looks,
  ) {
    this.#closedLoop = new LazyClosedLoop(scenario, this.#scheduler, () => this.#path)
    this.#built = buildWritePath(scenario, {
      ...this.#closedLoop.hooks,
      reader: {
        progress: (_kind, acknowledgedUs, group, edit, _to, syncedWith) => {
          this.#answers.push({ group, edit, syncedWith, acknowledgedUs })
        },
      },
      observer: {
        answered: (_sentUs, acknowledgedUs, _bytes, operation) => {
          this.#closedLoop.over(operation, acknowledgedUs)
        },
        failed: (sentUs, operation, _kind, _attempt, _region, failedUs) => {
          this.#failedSentUs.push(sentUs)
          this.#closedLoop.over(operation, failedUs)
        },
        read: (sentUs, answeredUs, region, operation) => {
          this.#reads.push({ sentUs, answeredUs, region })
          this.#closedLoop.over(operation, answeredUs)
        },
        notServing: ({ operation, attempt }) => {
          this.#notServing.push({ operation, attempt, atUs: this.#nowUs })
        },
      },
      scheduler: this.#scheduler,
      onFlushWanted: (region) => this.#flushesWanted.push({ region, atUs: this.#nowUs }),
      onMemstorePressure: () => this.#pressureUs.push(this.#nowUs),
      onRollNeeded: (group) => {
        this.#groups[group].rollsNeededUs.push(this.#nowUs)
        this.#groups[group].rollPending = true
      },
      onSafePoint: (group) => {
        this.#groups[group].safePointsUs.push(this.#nowUs)
        this.#groups[group].ready = true
      },
    })
    const { firstWals, path } = this.#built
    this.#groups = path.wals.map((writer, i) => new LazyGroup(writer, firstWals[i]))
    this.#waitingRolls = scenario.rollsUs.slice().sort((a, b) => a - b)
    this.#instants = [
      ...looks.atUs,
      ...scenario.rollsUs,
      ...scenario.suspensions.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]),
      ...scenario.breaks.map(({ atUs }) => atUs),
      ...[scenario.lossUs, scenario.killUs].filter((us) => us < END_US),
    ].sort((a, b) => a - b)
    for (const work of workByRegion(scenario)) {
      if (work.length > 0) this.#regionServer.spawn('work', this.#workOn(work))
    }
  }

  run(): WriteOutcome {
    const { lossUs, killUs } = this.scenario
    const endUs = Math.min(lossUs, killUs)
    for (let us = this.#nextUs(); us <= endUs && us < END_US; us = this.#nextUs()) {
      if (us <= this.#nowUs) throw new Error(`at ${this.#nowUs} us the next look is at ${us} us`)
      this.#nowUs = us
      this.#play()
    }
    if (endUs >= END_US) {
      this.#nowUs = END_US
      this.#play()
    } else if (killUs < END_US) {
      this.#kill()
    }
    return this.#outcome()
  }

  /** The next instant at which anything disturbs the write path or must be noticed. */
  #nextUs(): number {
    while (this.#instants[0] <= this.#nowUs) this.#instants.shift()
    const createdUs = this.#roller === 'creating' && !this.#suspended ? this.#createdUs : END_US
    const { puts } = this.scenario
    return Math.min(
      this.#instants[0] ?? END_US,
      Math.max(createdUs, this.#nowUs + 1),
      this.#offered < puts.length ? Math.max(this.#offeredUntilUs, 0) : END_US,
      this.#path.nextCauseUs(),
      this.#scheduler.nextTime(),
    )
  }

  #play(): void {
    const nowUs = this.#nowUs
    const { suspensions, breaks } = this.scenario
    if (suspensions.some(({ untilUs }) => untilUs === nowUs)) {
      this.#scheduler.run(nowUs)
      this.#path.resume(nowUs)
      this.#regionServer.resume()
      this.#suspended = false
    }
    this.#scheduler.run(nowUs)
    this.#offer()
    this.#path.advance(nowUs)
    if (!this.#suspended) {
      this.#requestPeriodicRoll()
      this.#roll()
    }
    for (const { group, atUs } of breaks) {
      if (atUs !== nowUs || group >= this.#groups.length) continue
      this.#path.walSteps.streamFailed(this.#groups[group].writer, nowUs)
      if (!this.#suspended) this.#roll()
    }
    while (!this.#suspended && this.#giveTurn()) {
      this.#path.advance(nowUs)
      this.#roll()
    }
    if (suspensions.some(({ fromUs }) => fromUs === nowUs)) {
      this.#path.suspend(nowUs)
      this.#regionServer.suspend()
      this.#suspended = true
    }
  }

  #offer(): void {
    const { puts } = this.scenario
    if (this.#nowUs < this.#offeredUntilUs) return
    this.#offeredUntilUs = this.#nowUs + this.looks.horizonUs
    for (; this.#offered < puts.length; this.#offered++) {
      const { sentUs, region, bytes, kind, key } = puts[this.#offered]
      if (sentUs > this.#offeredUntilUs) return
      this.#path.offer(sentUs, region, bytes, this.#offered, 0, sentUs, kind, key)
    }
  }

  /** Lets the first of those act that are to act upon the write path now; false if none is. */
  #giveTurn(): boolean {
    this.#scheduler.run(this.#nowUs)
    const [first] = this.#turns.sort((a, b) => a.place - b.place)
    if (first === undefined) return false
    this.#turns.shift()
    first.turn.notifyAll()
    this.#scheduler.run(this.#nowUs)
    return true
  }

  *#take(place: number): Protocol {
    const turn = new Signal()
    this.#turns.push({ place, turn })
    yield turn
  }

  *#workOn(works: readonly (RegionWork & { place: number })[]): Protocol {
    for (const work of works) {
      const { place, atUs } = work
      yield Math.max(0, atUs - this.#scheduler.now)
      yield* this.#take(place)
      if (work.kind === 'flush') yield* this.#flush(work)
      else yield* this.#close(work)
    }
  }

  /** What HRegion does with the write path in a flush. */
  *#flush({ region, place, holdUs, writeUs }: RegionWork & { place: number }): Protocol {
    const { path, memstores } = this.#built
    yield* path.lockUpdates(region)
    yield* this.#take(place)
    this.#worked(place, 'locked')
    yield holdUs
    yield* this.#take(place)
    path.advance(this.#nowUs)
    const flushOpSeqId = memstores.beginSequenceId(region)
    const start = { flushSequenceNumber: flushOpSeqId, families: [], isFull: true }
    path.appendMarker(region, MARKER_BYTES, { kind: 'START_FLUSH', ...start })
    yield* this.#take(place)
    memstores.snapshot(
      region,
      Array.from({ length: memstores.families(region) }, (_, family) => family),
    )
    path.unlockUpdates(region)
    this.#worked(place, 'unlocked')
    yield* this.#take(place)
    yield* path.sync(region)
    yield* this.#take(place)
    this.#worked(place, 'synced')
    yield writeUs
    yield* this.#take(place)
    path.advance(this.#nowUs)
    path.memstoreFreed(memstores.commit(region, flushOpSeqId))
    this.#worked(place, 'committed')
    yield* this.#take(place)
    path.appendMarker(region, MARKER_BYTES, { kind: 'CANNOT_FLUSH' })
    yield* path.sync(region)
    yield* this.#take(place)
    this.#worked(place, 'flushed')
  }

  *#close({ region, place, holdUs }: RegionWork & { place: number }): Protocol {
    const { path, memstores } = this.#built
    yield* path.closeRegion(region)
    yield* this.#take(place)
    path.advance(this.#nowUs)
    path.memstoreFreed(memstores.clear(region))
    this.#worked(place, 'closed')
    yield holdUs
    yield* this.#take(place)
    path.openRegion(region)
    this.#worked(place, 'opened')
  }

  #worked(place: number, what: RegionWorkOutcome['what']): void {
    this.#regionWork.push({ place, what, atUs: this.#nowUs })
  }

  #requestPeriodicRoll(): void {
    while (this.#waitingRolls[0] <= this.#nowUs) {
      this.#waitingRolls.shift()
      for (const group of this.#groups) if (group.wal.entries > 0) group.rollPending = true
    }
  }

  /** What RegionServer's LogRoller does, when everything else of the instant is done. */
  #roll(): void {
    const nowUs = this.#nowUs
    for (;;) {
      if (this.#roller === 'idle') {
        const next = this.#nextToRoll()
        this.#rolling = Math.max(0, next)
        if (next === -1) return
        this.#roller = 'creating'
        this.#createdUs = nowUs + this.scenario.createWalUs
        this.#groups[next].rollPending = false
      }
      const group = this.#groups[this.#rolling]
      if (this.#roller === 'creating' && this.#createdUs <= nowUs) {
        this.#roller = 'waiting'
        group.ready = false
        this.#path.walSteps.requestSafePoint(group.writer, nowUs)
        this.#path.advance(nowUs)
      }
      if (this.#roller !== 'waiting' || !group.ready) return
      this.#roller = 'idle'
      this.#rolling++
      const next = newWal(this.scenario, group.writer.log, nowUs)
      group.wals.push({ wal: next, sinceUs: nowUs })
      this.#path.walSteps.switchTo(group.writer, next, nowUs)
      this.#path.advance(nowUs)
    }
  }

  /** In a round over all groups; the next round begins when one is over. */
  #nextToRoll(): number {
    const next = this.#groups.findIndex(({ rollPending }, i) => i >= this.#rolling && rollPending)
    return next === -1 ? this.#groups.findIndex(({ rollPending }) => rollPending) : next
  }

  /** What was not offered yet was not sent. */
  #kill(): void {
    const { puts, killUs } = this.scenario
    const ahead = puts
      .map((put, operation) => ({ kind: CallKind.put, key: NO_KEY, ...put, operation, attempt: 0 }))
      .slice(this.#offered)
    this.#unanswered = [...this.#path.kill(killUs), ...ahead]
  }

  get #path(): WritePath {
    return this.#built.path
  }

  #outcome(): WriteOutcome {
    const { memstores, callQueues, skippedWal } = this.#built
    const { lossUs, regions } = this.scenario
    return {
      groups: this.#groups.map((group) => group.outcome()),
      skipped: editsOf(skippedWal),
      answers: this.#answers.map((answer) => ({
        ...answer,
        acknowledgedUs: (answer.acknowledgedUs ?? 0) <= lossUs ? answer.acknowledgedUs : null,
      })),
      failedSentUs: this.#failedSentUs,
      unanswered: this.#unanswered,
      queuedUs: callQueues.queuedSojournUs,
      memstores: Array.from({ length: regions }, (_, region) => ({
        heapBytes: memstores.heapBytes(region),
        lastSequenceId: memstores.lastSequenceId(region),
        oldestUs: memstores.oldestUs(region),
        flushedSequenceId: memstores.flushedSequenceId(region),
      })),
      memstoreBytes: this.#path.memstoreBytes,
      reads: this.#reads,
      notServing: this.#notServing,
      flushesWanted: this.#flushesWanted,
      pressureUs: this.#pressureUs,
      regionWork: this.#regionWork,
    }
  }
}
