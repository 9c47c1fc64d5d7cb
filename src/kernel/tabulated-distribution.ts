import type { Distribution } from './distribution.js'

const CELLS = 4096
const TOLERANCE = 2e-5

/**
 * The same distribution with its quantile function tabulated: for draws that are made once per
 * edit. Between 4097 quantiles it is interpolated linearly, which is off by less than two parts in
 * 10^5 (less than rounding to a microsecond up to 25 ms); where the function bends more than that,
 * in tails and at the joints of a mixture, the exact one is asked. A cell of the table is filled
 * when it is first needed.
 */
export class TabulatedDistribution implements Distribution {
  readonly spec
  readonly mean
  readonly #exact: Distribution
  /**
   * Of each cell its first quantile, NaN until it is needed, and the slope, NaN where the exact
   * function is asked: side by side, for they are read together.
   */
  readonly #cells = new Float64Array(2 * CELLS).fill(Number.NaN)

  constructor(exact: Distribution) {
    this.#exact = exact
    this.spec = exact.spec
    this.mean = exact.mean
  }

  quantile(u: number): number {
    const position = u * CELLS
    const cell = Math.floor(position)
    const at = 2 * cell
    const slope = this.#cells[at + 1] as number
    if (Number.isNaN(slope)) return this.#elsewhere(u, cell)
    return (this.#cells[at] as number) + slope * (position - cell)
  }

  /** Where the table has nothing, or not yet. */
  #elsewhere(u: number, cell: number): number {
    if (Number.isNaN(this.#cells[2 * cell] as number)) this.#fill(cell)
    const slope = this.#cells[2 * cell + 1] as number
    if (Number.isNaN(slope)) return this.#exact.quantile(u)
    return (this.#cells[2 * cell] as number) + slope * (u * CELLS - cell)
  }

  #fill(cell: number): void {
    const cells = this.#cells
    cells[2 * cell] = 0
    // The quantiles of 0 and 1 may be infinite.
    if (cell === 0 || cell === CELLS - 1) return
    const low = this.#exact.quantile(cell / CELLS)
    const high = this.#exact.quantile((cell + 1) / CELLS)
    cells[2 * cell] = low
    const straight = [0.25, 0.5, 0.75].every((share) => {
      const value = this.#exact.quantile((cell + share) / CELLS)
      return Math.abs(low + (high - low) * share - value) <= TOLERANCE * value
    })
    if (straight) cells[2 * cell + 1] = high - low
  }
}
