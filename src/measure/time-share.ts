/**
 * A count that changes in steps: its largest value in the window `[fromUs, untilUs)` and the share of
 * the window that it is above zero.
 */
export class TimeShare {
  #value = 0
  #max = 0
  #aboveUs = 0
  #changedUs: number
  #untilUs: number

  constructor(
    readonly fromUs: number,
    untilUs: number,
  ) {
    this.#changedUs = fromUs
    this.#untilUs = untilUs
  }

  get value(): number {
    return this.#value
  }

  get max(): number {
    return this.#max
  }

  /** The window ends early. */
  close(nowUs: number): void {
    this.#pass(nowUs)
    this.#untilUs = Math.min(this.#untilUs, nowUs)
  }

  add(change: number, nowUs: number): void {
    this.#pass(nowUs)
    this.#value += change
    if (nowUs >= this.fromUs && nowUs < this.#untilUs) this.#max = Math.max(this.#max, this.#value)
  }

  /** Share of the window up to `nowUs` with a value above zero. */
  share(nowUs: number): number {
    this.#pass(nowUs)
    const lengthUs = Math.min(nowUs, this.#untilUs) - this.fromUs
    return lengthUs > 0 ? this.#aboveUs / lengthUs : 0
  }

  #pass(nowUs: number): void {
    const endUs = Math.min(nowUs, this.#untilUs)
    if (endUs <= this.#changedUs) return
    // The window may have begun with more than it was changed to later.
    this.#max = Math.max(this.#max, this.#value)
    if (this.#value > 0) this.#aboveUs += endUs - this.#changedUs
    this.#changedUs = endUs
  }
}
