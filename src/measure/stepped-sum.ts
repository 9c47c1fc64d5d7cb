import type { MeasuredWindow } from './recovery-point.js'

/** A sum that changes in steps: its mean over the time of the window, and its largest value. */
export class SteppedSum {
  readonly #window: MeasuredWindow
  #value = 0
  #area = 0
  #max = 0
  #sinceUs = Number.NEGATIVE_INFINITY

  constructor(window: MeasuredWindow) {
    this.#window = window
  }

  add(change: number, nowUs: number): void {
    this.#pass(nowUs)
    this.#value += change
  }

  /** Null before the window has begun. */
  result(nowUs: number): { mean: number | null; max: number | null } {
    this.#pass(nowUs)
    const lengthUs = Math.min(nowUs, this.#window.untilUs) - this.#window.fromUs
    return lengthUs > 0
      ? { mean: this.#area / lengthUs, max: this.#max }
      : { mean: null, max: null }
  }

  #pass(nowUs: number): void {
    const startUs = Math.max(this.#sinceUs, this.#window.fromUs)
    const endUs = Math.min(nowUs, this.#window.untilUs)
    this.#sinceUs = nowUs
    if (endUs <= startUs) return
    this.#area += this.#value * (endUs - startUs)
    if (this.#value > this.#max) this.#max = this.#value
  }
}
