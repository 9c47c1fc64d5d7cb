import type { Wal } from '../../src/hbase/wal.js'
import type { WritePath } from '../../src/hbase/write-path.js'
import { type BuiltWritePath, buildWritePath, newWal } from './write-path-fixture.js'
import type { WriteOutcome, WriteScenario } from './write-scenario.js'

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
  readonly #built: BuiltWritePath
  readonly #wals: { wal: Wal; sinceUs: number }[] = []
  readonly #answers: { edit: number; syncedWith: number; acknowledgedUs: number }[] = []
  readonly #failedSentUs: number[] = []
  readonly #rollsNeededUs: number[] = []
  readonly #safePointsUs: number[] = []
  readonly #waitingRolls: number[]
  readonly #instants: number[]
  #nowUs = -1
  #offered = 0
  #offeredUntilUs = -1
  #suspended = false
  #rollPending = false
  #roller: 'idle' | 'creating' | 'waiting' | 'ready' = 'idle'
  #createdUs = 0

  constructor(
    readonly scenario: WriteScenario,
    readonly looks: Looks,
  ) {
    this.#built = buildWritePath(scenario, {
      reader: {
        progress: (_kind, acknowledgedUs, _log, edit, _to, syncedWith) => {
          this.#answers.push({ edit, syncedWith, acknowledgedUs })
        },
      },
      observer: {
        answered() {},
        failed: (sentUs) => {
          this.#failedSentUs.push(sentUs)
        },
      },
      onRollNeeded: () => {
        this.#rollsNeededUs.push(this.#nowUs)
        this.#rollPending = true
      },
      onSafePoint: () => {
        this.#safePointsUs.push(this.#nowUs)
        this.#roller = 'ready'
      },
    })
    this.#wals.push({ wal: this.#built.firstWal, sinceUs: 0 })
    this.#waitingRolls = scenario.rollsUs.slice().sort((a, b) => a - b)
    this.#instants = [
      ...looks.atUs,
      ...scenario.rollsUs,
      ...scenario.suspensions.flatMap(({ fromUs, untilUs }) => [fromUs, untilUs]),
      ...(scenario.lossUs < END_US ? [scenario.lossUs] : []),
    ].sort((a, b) => a - b)
  }

  run(): WriteOutcome {
    for (let us = this.#nextUs(); us <= this.scenario.lossUs && us < END_US; us = this.#nextUs()) {
      if (us <= this.#nowUs) throw new Error(`at ${this.#nowUs} us the next look is at ${us} us`)
      this.#nowUs = us
      this.#play()
    }
    if (this.scenario.lossUs >= END_US) {
      this.#nowUs = END_US
      this.#play()
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
    const { suspensions } = this.scenario
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
      if (this.#wal.entries > 0) this.#rollPending = true
    }
  }

  /** What RegionServer's LogRoller does, when everything else of the instant is done. */
  #roll(): void {
    const nowUs = this.#nowUs
    while (this.#rollPending) {
      if (this.#roller === 'idle') {
        this.#roller = 'creating'
        this.#createdUs = nowUs + this.scenario.createWalUs
      }
      if (this.#roller === 'creating' && this.#createdUs <= nowUs) {
        this.#roller = 'waiting'
        this.#path.requestSafePoint(nowUs)
      }
      if (this.#roller !== 'ready') return
      this.#roller = 'idle'
      this.#rollPending = false
      const next = newWal(this.scenario, nowUs, this.#path.consumedEdits)
      this.#wals.push({ wal: next, sinceUs: nowUs })
      this.#path.switchTo(next, nowUs)
      this.#path.advance(nowUs)
    }
  }

  get #path(): WritePath {
    return this.#built.path
  }

  get #wal(): Wal {
    return this.#wals[this.#wals.length - 1].wal
  }

  #outcome(): WriteOutcome {
    const { log, memstores, callQueues } = this.#built
    const { lossUs, regions } = this.scenario
    return {
      edits: Array.from({ length: log.length }, (_, edit) => ({
        operation: log.operation(edit),
        region: log.region(edit),
        sequenceId: log.sequenceId(edit),
        bytes: log.bytesOf(edit, edit + 1),
        writtenUs: log.writtenUs(edit),
      })),
      answers: this.#answers.map(({ edit, syncedWith, acknowledgedUs }) => ({
        edit,
        syncedWith,
        acknowledgedUs: acknowledgedUs <= lossUs ? acknowledgedUs : null,
      })),
      failedSentUs: this.#failedSentUs,
      wals: this.#wals.map(({ wal, sinceUs }) => ({
        firstEdit: wal.from,
        entries: wal.entries,
        bytes: wal.bytes,
        syncedEntries: wal.syncedEntries,
        syncedBytes: wal.syncedBytes,
        sinceUs,
      })),
      rollsNeededUs: this.#rollsNeededUs,
      safePointsUs: this.#safePointsUs,
      writtenEdits: this.#path.consumedEdits,
      syncedEdits: this.#path.syncedEdits,
      queuedUs: callQueues.queuedSojournUs,
      memstores: Array.from({ length: regions }, (_, region) => ({
        bytes: memstores.bytes(region),
        oldestUs: memstores.oldestUs(region),
        flushedSequenceId: memstores.flushedSequenceId(region),
      })),
    }
  }
}
