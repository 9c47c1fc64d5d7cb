import type { BinnedTime } from './binned-time.js'
import type { Piece } from './cumulative.js'

/**
 * Time spent per value, without loss: between two neighbouring ends of ramps the density (how many
 * ramps pass) is constant, so the ends with the change of density there say all.
 */
export class ExactTime {
  private readonly densityChanges = new Map<number, number>()
  private readonly constants = new Map<number, number>()

  /** At how many values the density changes or time stands still. */
  get distinctEnds(): number {
    return this.densityChanges.size + this.constants.size
  }

  /** `count` ramps rose from `from` to `to`. */
  addRamp(from: number, to: number, count: number): void {
    add(this.densityChanges, from, count)
    add(this.densityChanges, to, -count)
  }

  addConstant(value: number, durationUs: number): void {
    add(this.constants, value, durationUs)
  }

  /** The value up to which the function spent `targetUs` of its time; Infinity if it never did. */
  valueAt(targetUs: number): number {
    let reached = 0
    for (const { from, to, density, constantUs } of this.segments()) {
      const rising = density * (to - from)
      if (density > 0 && reached + rising >= targetUs) return from + (targetUs - reached) / density
      reached += rising + constantUs
      if (constantUs > 0 && reached >= targetUs) return to
    }
    return Infinity
  }

  *pieces(): Generator<Piece> {
    for (const { from, to, density, constantUs } of this.segments()) {
      yield { from, to, amount: density * (to - from) }
      yield { from: to, to, amount: constantUs }
    }
  }

  copyInto(binned: BinnedTime): void {
    for (const { from, to, density, constantUs } of this.segments()) {
      if (density > 0) binned.addRamp(from, to, density)
      if (constantUs > 0) binned.addConstant(to, constantUs)
    }
  }

  /** Stretches of equal density in order of value, each with the constant time at its upper end. */
  private *segments(): Generator<Segment> {
    const ends = [...new Set([...this.densityChanges.keys(), ...this.constants.keys()])]
    ends.sort((a, b) => a - b)
    let from = 0
    let density = 0
    for (const to of ends) {
      yield { from, to, density, constantUs: this.constants.get(to) ?? 0 }
      density += this.densityChanges.get(to) ?? 0
      from = to
    }
  }
}

interface Segment {
  readonly from: number
  readonly to: number
  readonly density: number
  readonly constantUs: number
}

function add(map: Map<number, number>, key: number, amount: number): void {
  const sum = (map.get(key) ?? 0) + amount
  // A ramp that goes on where another ended leaves no trace: a ramp may be fed in pieces.
  if (sum === 0) map.delete(key)
  else map.set(key, sum)
}
