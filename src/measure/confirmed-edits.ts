import { Progress, progressOf } from '../hbase/progress.js'
import type { ProgressReader } from '../kernel/event-stream.js'
import { IntervalSet } from '../kernel/interval-set.js'

/** The edits that a peer's stored offsets have passed: no source of it reads them again. */
export class ConfirmedEdits implements ProgressReader {
  readonly #confirmed: (IntervalSet | undefined)[] = []

  progress(kind: number, _timeUs: number, log: number, from: number, to: number): void {
    if (progressOf(kind) !== Progress.confirmed) return
    const confirmed = this.#confirmed[log] ?? new IntervalSet()
    this.#confirmed[log] = confirmed
    confirmed.add(from, to)
  }

  /** The first edit of a log that is not confirmed. */
  firstUnconfirmed(log: number): number {
    return this.#confirmed[log]?.firstGapAt(0) ?? 0
  }
}
