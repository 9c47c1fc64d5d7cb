import type { Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'

/** A write that MVCC has begun and not yet made visible. */
export interface WriteEntry {
  readonly sequenceId: number
  completed: boolean
}

/** A region: its MultiVersionConcurrencyControl and a memstore without families. */
export class PlainRegion {
  bytes = 0
  oldestUs = Number.POSITIVE_INFINITY
  flushedSequenceId = 0
  #appliedSequenceId = 0
  #lastSequenceId = 0
  #readPoint = 0
  readonly #writes: WriteEntry[] = []
  readonly #readPointMoved = new Signal()

  constructor(private readonly flushSize: number) {}

  begin(): WriteEntry {
    const entry = { sequenceId: ++this.#lastSequenceId, completed: false }
    this.#writes.push(entry)
    return entry
  }

  /** The read point moves to the highest contiguous completed id; waits until it is at `entry`. */
  *completeAndWait(entry: WriteEntry): Protocol {
    entry.completed = true
    while (this.#writes.length > 0 && this.#writes[0].completed) {
      this.#readPoint = this.#writes[0].sequenceId
      this.#writes.shift()
    }
    this.#readPointMoved.notifyAll()
    while (this.#readPoint < entry.sequenceId) yield this.#readPointMoved
  }

  /** The memstore counts an edit when it is visible. */
  apply(sequenceId: number, bytes: number, nowUs: number): void {
    this.bytes += bytes
    this.oldestUs = Math.min(this.oldestUs, nowUs)
    this.#appliedSequenceId = sequenceId
    if (this.bytes <= this.flushSize) return
    this.bytes = 0
    this.oldestUs = Number.POSITIVE_INFINITY
    this.flushedSequenceId = this.#appliedSequenceId
  }
}
