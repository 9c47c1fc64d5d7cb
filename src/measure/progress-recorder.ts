import { Progress, progressOf } from '../hbase/progress.js'
import { CHANNEL_SHIFT, type ProgressReader } from '../kernel/event-stream.js'
import type { ProgressRange } from './run-trace.js'

/** Edits that make the same progress one after the other within this time are one range. */
const LONGEST_RANGE_US = 100_000

const NAMES = new Map<number, string>(Object.entries(Progress).map(([name, n]) => [n, name]))

export interface ProgressRecorderOptions {
  /** The peers in the order of their channels. */
  peers(): readonly string[]
  /** What is being done, for the ranges' `cause`. */
  doing(): number
  /** How many ranges are kept; the others are counted. */
  readonly most: number
}

/** Keeps the progress of edits as a traced run tells of it; every edit of a kind and log once. */
export class ProgressRecorder implements ProgressReader {
  readonly ranges: ProgressRange[] = []
  dropped = 0
  readonly #options: ProgressRecorderOptions
  /** The latest range, by kind and log. */
  readonly #latest = new Map<string, ProgressRange>()

  constructor(options: ProgressRecorderOptions) {
    this.#options = options
  }

  progress(kind: number, timeUs: number, log: number, from: number, to: number): void {
    const cause = this.#options.doing()
    const key = `${kind}/${log}`
    const latest = this.#latest.get(key)
    if (latest !== undefined && continues(latest, timeUs, from, cause)) {
      latest.to = to
      latest.untilUs = timeUs
      return
    }
    if (this.ranges.length >= this.#options.most) {
      this.dropped++
      this.#latest.delete(key)
      return
    }
    const channel = kind >>> CHANNEL_SHIFT
    const range = {
      kind: NAMES.get(progressOf(kind)) ?? `${kind}`,
      peer: channel === 0 ? null : (this.#options.peers()[channel - 1] ?? null),
      ...{ log, from, to, fromUs: timeUs, untilUs: timeUs, cause },
    }
    this.ranges.push(range)
    this.#latest.set(key, range)
  }
}

/** What is told later belongs to the range only if it comes right behind it. */
function continues(range: ProgressRange, timeUs: number, from: number, cause: number): boolean {
  const { to, fromUs, untilUs } = range
  if (from !== to || cause !== range.cause || timeUs < untilUs) return false
  return timeUs - fromUs <= LONGEST_RANGE_US
}
