import type { WritePath } from '../../../src/hbase/regionserver/write-path.js'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import type { AsyncFSWAL } from '../../../src/hbase/wal/async-fs-wal.js'
import type { Wal } from '../../../src/hbase/wal/wal.js'
import { type BuiltWritePath, buildWritePath, newWal } from './write-path-fixture.js'
import type { AnswerOutcome, GroupOutcome, WriteOutcome, WriteScenario } from './write-scenario.js'

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

/** One WAL group and what its roller knows of it. */
class LazyGroup {
  readonly wals: { wal: Wal; sinceUs: number }[] = []
  readonly rollsNeededUs: number[] = []
  readonly safePointsUs: number[] = []
  rollPending = false
  ready = false

  constructor(
    readonly writer: AsyncFSWAL,
    firstWal: Wal,
  ) {
    this.wals.push({ wal: firstWal, sinceUs: 0 })
  }

  get wal(): Wal {
    return this.wals[this.wals.length - 1].wal
  }

  outcome(): GroupOutcome {
    const { log, consumedEdits, syncedEdits } = this.writer
    return {
      edits: Array.from({ length: log.length }, (_, edit) => ({
        operation: log.operation(edit),
        region: log.region(edit),
        sequenceId: log.sequenceId(edit),
        bytes: log.bytesOf(edit, edit + 1),
        writtenUs: log.writtenUs(edit),
      })),
      wals: this.wals.map(({ wal, sinceUs }) => ({
        firstEdit: wal.from,
        entries: wal.entries,
        bytes: wal.bytes,
        syncedEntries: wal.syncedEntries,
        syncedBytes: wal.syncedBytes,
        reappendedEntries: wal.reappendedEntries,
        recoverableEntries: wal.recoverableEntries,
        sinceUs,
      })),
      rollsNeededUs: this.rollsNeededUs,
      safePointsUs: this.safePointsUs,
      writtenEdits: consumedEdits,
      syncedEdits,
    }
  }
}

class LazyRun {
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
    this.#built = buildWritePath(scenario, {
      reader: {
        progress: (_kind, acknowledgedUs, group, edit, _to, syncedWith) => {
          this.#answers.push({ group, edit, syncedWith, acknowledgedUs })
        },
      },
      observer: {
        answered() {},
        failed: (sentUs) => {
          this.#failedSentUs.push(sentUs)
        },
      },
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
    )
  }

  #play(): void {
    const nowUs = this.#nowUs
    const { suspensions, breaks } = this.scenario
    if (suspensions.some(({ untilUs }) => untilUs === nowUs)) {
      this.#path.resume(nowUs)
      this.#suspended = false
    }
    this.#offer()
    this.#path.advance(nowUs)
    if (!this.#suspended) {
      this.#requestPeriodicRoll()
      this.#roll()
    }
    for (const { group, atUs } of breaks) {
      if (atUs !== nowUs || group >= this.#groups.length) continue
      this.#path.streamFailed(this.#groups[group].writer, nowUs)
      if (!this.#suspended) this.#roll()
    }
    if (suspensions.some(({ fromUs }) => fromUs === nowUs)) {
      this.#path.suspend(nowUs)
      this.#suspended = true
    }
  }

  #offer(): void {
    const { puts } = this.scenario
    if (this.#nowUs < this.#offeredUntilUs) return
    this.#offeredUntilUs = this.#nowUs + this.looks.horizonUs
    for (; this.#offered < puts.length; this.#offered++) {
      const { sentUs, region, bytes } = puts[this.#offered]
      if (sentUs > this.#offeredUntilUs) return
      this.#path.offer(sentUs, region, bytes, this.#offered)
    }
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
        this.#path.requestSafePoint(group.writer, nowUs)
      }
      if (this.#roller !== 'waiting' || !group.ready) return
      this.#roller = 'idle'
      this.#rolling++
      const next = newWal(this.scenario, group.writer.log, nowUs)
      group.wals.push({ wal: next, sinceUs: nowUs })
      this.#path.switchTo(group.writer, next, nowUs)
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
      .map((put, operation) => ({ ...put, operation, attempt: 0 }))
      .slice(this.#offered)
    this.#unanswered = [...this.#path.kill(killUs), ...ahead]
  }

  get #path(): WritePath {
    return this.#built.path
  }

  #outcome(): WriteOutcome {
    const { memstores, callQueues } = this.#built
    const { lossUs, regions } = this.scenario
    return {
      groups: this.#groups.map((group) => group.outcome()),
      answers: this.#answers.map((answer) => ({
        ...answer,
        acknowledgedUs: (answer.acknowledgedUs ?? 0) <= lossUs ? answer.acknowledgedUs : null,
      })),
      failedSentUs: this.#failedSentUs,
      unanswered: this.#unanswered,
      queuedUs: callQueues.queuedSojournUs,
      memstores: Array.from({ length: regions }, (_, region) => ({
        bytes: memstores.bytes(region),
        oldestUs: memstores.oldestUs(region),
        flushedSequenceId: memstores.flushedSequenceId(region),
      })),
    }
  }
}
