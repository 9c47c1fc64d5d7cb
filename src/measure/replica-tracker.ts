import { invariant } from '../kernel/errors.js'
import type { MeasuredWindow } from './recovery-point.js'
import { type ReplicaContent, ReplicaHistory } from './replica-history.js'
import { ReplicaMeasure } from './replica-measure.js'
import type { StalenessResult } from './replica-result.js'
import { ReplicaState } from './replica-state.js'

export interface ReplicatedTable {
  readonly name: string
  /** Numbers of the primary regions. */
  readonly regions: readonly number[]
  /** REGION_REPLICATION. */
  readonly replication: number
  /** Whether secondaries may be sent single edits, not flushed files only. */
  readonly isSentEdits: boolean
}

export interface ReplicaTrackerOptions {
  readonly tables: readonly ReplicatedTable[]
  /** All replicas of a primary by replica id, itself first. */
  replicasOf(region: number): readonly number[]
  readonly content: ReplicaContent
  readonly window: MeasuredWindow
}

/** A secondary, the history of its region, and its heap. */
interface Tracked {
  readonly state: ReplicaState
  readonly history: ReplicaHistory
  memstoreBytes: number
}

/** Bits of an Int32 that may be set without a sign. */
const MAX_SECONDARIES = 30

/**
 * How stale the secondaries are at every instant: staleness(t) = t less the acknowledgement time of
 * the oldest edit acknowledged by t that is not readable on the replica, 0 if there is none. Exact:
 * between two changes it is 0 or rises with slope 1. While a replica refuses reads it is
 * unavailable, not stale.
 *
 * Per region the tracker holds the edits that are not in the files of all its replicas, in segments
 * that end wherever what a replica holds may end. Three simplifications bound its memory:
 *
 * - Of a backlog of more than 512 segments neighbours are merged, so that a replica catches up in
 *   steps of less than a 128th of it, each counted when it is complete.
 * - Edits between two flushes that every replica had readable become one: a replica that loses them
 *   with its memory lacks them until it has all of them again.
 * - Where replicas are sent files alone, edits are known in steps of at least a 16th of those that
 *   wait for a flush. That concerns `pbs` only, which takes edits as evenly spread over their step.
 *
 * Whoever tells of a change lets the primary's server advance first: of an edit that was visible
 * before a change of a replica the tracker hears before it.
 */
export class ReplicaTracker {
  /** By region, and by number of the secondary. */
  readonly #histories: (ReplicaHistory | undefined)[] = []
  readonly #secondaries: (Tracked | undefined)[] = []
  readonly #measures = new Map<string, readonly ReplicaMeasure[]>()

  constructor(options: ReplicaTrackerOptions) {
    for (const table of options.tables) this.#track(table, options)
  }

  /**
   * An edit of a primary is visible to its readers at `nowUs` and will be acknowledged. Edits of a
   * region come in the order of their ids; their acknowledgements need not.
   */
  edit(region: number, sequenceId: number, acknowledgedUs: number, nowUs: number): void {
    this.#histories[region]?.edit(sequenceId, acknowledgedUs, nowUs)
  }

  /** Before the run: edits of a primary that are in no file; see `ReplicaHistory.past`. */
  past(region: number, firstId: number, lastId: number, edits: number, earliestUs: number): void {
    this.#histories[region]?.past(firstId, lastId, edits, earliestUs)
  }

  /** START_FLUSH on a primary, for whichever families, or its opening. */
  cut(region: number): void {
    this.#histories[region]?.cut()
  }

  /** Edits of a primary above `afterId`, acknowledged but not durable, died with its server. */
  lost(region: number, afterId: number, nowUs: number): void {
    this.#histories[region]?.lost(afterId, nowUs)
  }

  /** A secondary was sent edits with ids in `(afterId, toId]`, which it has applied or ignored. */
  delivered(replica: number, nowUs: number, afterId: number, toId: number): void {
    const { state, history } = this.#of(replica)
    history.delivered(state, nowUs, afterId, toId)
  }

  /** Anything else has changed what a secondary holds: its files, its memstore, its opening. */
  changed(replica: number, nowUs: number): void {
    const { state, history } = this.#of(replica)
    history.changed(state, nowUs)
  }

  /** The secondary refuses reads from now on, or is closed. */
  unavailable(replica: number, nowUs: number): void {
    this.#setAvailable(replica, false, nowUs)
  }

  /** The secondary answers reads; all do when the run begins. */
  available(replica: number, nowUs: number): void {
    this.#setAvailable(replica, true, nowUs)
  }

  memstore(replica: number, heapBytes: number, nowUs: number): void {
    const tracked = this.#of(replica)
    const change = heapBytes - tracked.memstoreBytes
    tracked.memstoreBytes = heapBytes
    tracked.state.measure.memstoreBytes.add(change, nowUs)
  }

  isAvailable(replica: number): boolean {
    return this.#of(replica).state.isAvailable
  }

  /** Staleness of a secondary at `nowUs`, by what it was told. */
  stalenessUs(replica: number, nowUs: number): number {
    return this.#of(replica).state.stalenessUs(nowUs)
  }

  /** Edits that the primary shows and the secondary lacks. */
  missingEdits(replica: number): number {
    return this.#of(replica).state.missingEdits
  }

  /** By table and replica id, from 1. */
  results(nowUs: number): Map<string, StalenessResult[]> {
    for (const tracked of this.#secondaries) tracked?.state.pass(nowUs)
    return new Map(
      Array.from(this.#measures, ([name, measures]) => [
        name,
        measures.map((measure) => measure.result(nowUs)),
      ]),
    )
  }

  #track(table: ReplicatedTable, options: ReplicaTrackerOptions): void {
    const secondaries = table.replication - 1
    invariant(secondaries <= MAX_SECONDARIES, 'a table has at most 31 replicas')
    const measures = Array.from(
      { length: secondaries },
      (_, i) => new ReplicaMeasure(i + 1, options.window),
    )
    if (secondaries === 0) return
    this.#measures.set(table.name, measures)
    for (const region of table.regions) {
      const replicas = options.replicasOf(region)
      const states = measures.map(
        (measure, i) => new ReplicaState(region, replicas[i + 1], 1 << i, measure),
      )
      const history = new ReplicaHistory(states, table.isSentEdits, options.content)
      this.#histories[region] = history
      for (const state of states) {
        this.#secondaries[state.replica] = { state, history, memstoreBytes: 0 }
      }
    }
  }

  #setAvailable(replica: number, isAvailable: boolean, nowUs: number): void {
    const { state, history } = this.#of(replica)
    state.pass(nowUs)
    state.isAvailable = isAvailable
    if (isAvailable) history.changed(state, nowUs)
  }

  #of(replica: number): Tracked {
    const tracked = this.#secondaries[replica]
    invariant(tracked !== undefined, 'a secondary of a replicated table is tracked')
    return tracked
  }
}
