import { IntervalSet } from '../kernel/interval-set.js'
import type { PeerLog } from './peer-log.js'

/** What a disaster that struck took from a peer. */
export interface Loss {
  readonly kind: string
  /** What was struck, e.g. `rs2`; null if all there is. */
  readonly target: string | null
  readonly atUs: number
  /** Acknowledged edits that nobody can restore from the peer's copy, nor send to it any more. */
  readonly lostEdits: number
  readonly lostBytes: number
  /** Time since the acknowledgement of the oldest one; null if none is lost. */
  readonly oldestLostAgeUs: number | null
  /** Those of them whose WAL is gone too: no copy is left anywhere. */
  readonly lostToCluster: number
}

/**
 * Edits that one disaster destroyed, with what is reported of them: their columns are recycled
 * later. A request that was under way may still bring some of them to the store; so does a clean
 * abort that closes its files in time. What was unanswered counts if its answer arrives.
 */
export class LostEdits {
  readonly #logs: PeerLog[] = []
  readonly #edits: number[] = []
  readonly #operations: number[] = []
  readonly #bytes: number[] = []
  readonly #acknowledgedUs: number[] = []
  readonly #walGone: boolean[] = []
  readonly #lost = new Map<PeerLog, IntervalSet>()

  constructor(
    readonly kind: string,
    readonly target: string | null,
    readonly atUs: number,
  ) {}

  /** @param walGone whether no WAL has the edit any more */
  add(log: PeerLog, edit: number, walGone: boolean): void {
    const { source } = log.acknowledgements
    this.#logs.push(log)
    this.#edits.push(edit)
    this.#operations.push(source.log.operation(edit))
    this.#bytes.push(source.log.bytesOf(edit, edit + 1))
    this.#acknowledgedUs.push(source.log.acknowledgedUs(edit))
    this.#walGone.push(walGone)
    let lost = this.#lost.get(log)
    if (lost === undefined) {
      lost = new IntervalSet()
      this.#lost.set(log, lost)
    }
    lost.add(edit, edit + 1)
  }

  /** Visits those of `[from, to)` that are lost, and are not any more. */
  found(log: PeerLog, from: number, to: number, visit: (from: number, to: number) => void): void {
    const lost = this.#lost.get(log)
    if (lost === undefined) return
    lost.forEachIn(from, to, visit)
    lost.remove(from, to)
  }

  loss(nowUs: number): Loss {
    let lostEdits = 0
    let lostBytes = 0
    let lostToCluster = 0
    let oldestUs = this.atUs
    this.#forEachLost(nowUs, (i) => {
      lostEdits++
      lostBytes += this.#bytes[i]
      if (this.#walGone[i]) lostToCluster++
      oldestUs = Math.min(oldestUs, this.#acknowledgedUs[i])
    })
    const { kind, target, atUs } = this
    const oldestLostAgeUs = lostEdits > 0 ? atUs - oldestUs : null
    return { kind, target, atUs, lostEdits, lostBytes, oldestLostAgeUs, lostToCluster }
  }

  /** Client operations that made the lost edits. */
  operations(nowUs: number): number[] {
    const operations: number[] = []
    this.#forEachLost(nowUs, (i) => operations.push(this.#operations[i]))
    return operations
  }

  #forEachLost(nowUs: number, visit: (i: number) => void): void {
    for (let i = 0; i < this.#edits.length; i++) {
      const log = this.#logs[i]
      const answered = this.#acknowledgedUs[i] <= log.acknowledgements.limitUs(nowUs)
      if (answered && this.#lost.get(log)?.has(this.#edits[i])) visit(i)
    }
  }
}
