import type { EditCount } from './acknowledgements.js'
import type { PeerLog } from './peer-log.js'
import { type MeasuredWindow, RecoveryPoint } from './recovery-point.js'
import { ReleasedEdits } from './released-edits.js'
import type { BrokenClaim } from './restorable.js'

/** What the loss of a peer's store would take: everything that the cluster has let go. */
export class StoreLoss {
  readonly recoveryPoint: RecoveryPoint
  readonly #released: ReleasedEdits[] = []
  #firstUs: number | null = null

  constructor(window: MeasuredWindow) {
    this.recoveryPoint = new RecoveryPoint(this.#released, (nowUs) => this.atRisk(nowUs), window)
  }

  addLog(log: PeerLog): void {
    this.#released.push(new ReleasedEdits(log))
  }

  released(log: number): ReleasedEdits {
    return this.#released[log]
  }

  /** The cluster has let these go. */
  release(log: number, from: number, to: number, nowUs: number): void {
    const released = this.#released[log]
    if (released.covers(from, to)) return
    this.#firstUs ??= nowUs
    this.recoveryPoint.changing(nowUs)
    released.release(from, to)
    this.recoveryPoint.changed(log)
  }

  /** A disaster has taken these edits. */
  destroy(log: number, from: number, to: number, nowUs: number): void {
    this.recoveryPoint.changing(nowUs)
    this.#released[log].destroy(from, to, nowUs)
    this.recoveryPoint.changed(log)
  }

  /** The store has lost all that it had. */
  loseAll(nowUs: number): void {
    this.recoveryPoint.changing(nowUs)
    this.#released.forEach((released, log) => {
      released.loseAll()
      this.recoveryPoint.changed(log)
    })
  }

  atRisk(nowUs: number): EditCount {
    const total = { edits: 0, bytes: 0 }
    for (const released of this.#released) {
      const { edits, bytes } = released.count(nowUs)
      total.edits += edits
      total.bytes += bytes
    }
    return total
  }

  /** Every edit is released in the end. */
  get brokenClaim(): BrokenClaim | null {
    if (this.#firstUs === null) return null
    return { firstUs: this.#firstUs, maxEdits: this.recoveryPoint.maxEdits }
  }
}
