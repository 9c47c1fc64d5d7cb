/** Something that went on from one instant to another; several of them where there were too many. */
export interface ActivityInterval {
  fromUs: number
  untilUs: number
  /** How many intervals this one stands for. */
  count: number
  /** The longest time that it made others wait, and when they began to. */
  stallUs: number
  stalledAtUs: number
}

/**
 * Intervals of one activity of one server, for a chart: at most `most` of them. Beyond that,
 * neighbours become one interval that keeps the longest stall; the distance at which they do grows
 * until few enough are left.
 */
export class ActivityTimeline {
  #intervals: ActivityInterval[] = []
  #gapUs = FINEST_GAP_US

  constructor(private readonly most: number) {}

  add(fromUs: number, untilUs: number, stallUs: number, stalledAtUs: number): void {
    this.#intervals.push({ fromUs, untilUs, count: 1, stallUs, stalledAtUs })
    if (this.#intervals.length > this.most) this.#coarsen()
  }

  /** In order of begin. */
  intervals(): ActivityInterval[] {
    return this.#intervals.map((interval) => ({ ...interval })).sort(byBegin)
  }

  #coarsen(): void {
    while (this.#intervals.length > this.most / 2) {
      this.#intervals = merged(this.#intervals.sort(byBegin), this.#gapUs)
      this.#gapUs *= 2
    }
  }
}

const FINEST_GAP_US = 1_000

function byBegin(a: ActivityInterval, b: ActivityInterval): number {
  return a.fromUs - b.fromUs || a.untilUs - b.untilUs
}

function merged(intervals: readonly ActivityInterval[], gapUs: number): ActivityInterval[] {
  const result: ActivityInterval[] = []
  for (const next of intervals) {
    const last = result.at(-1)
    if (last === undefined || next.fromUs - last.untilUs > gapUs) {
      result.push(next)
      continue
    }
    last.untilUs = Math.max(last.untilUs, next.untilUs)
    last.count += next.count
    if (next.stallUs <= last.stallUs) continue
    last.stallUs = next.stallUs
    last.stalledAtUs = next.stalledAtUs
  }
  return result
}
