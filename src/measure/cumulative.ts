/** A part of a distribution: `amount` spread evenly from `from` to `to`, or all of it at one value. */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly amount: number
}

/**
 * A cumulative distribution as a line through points: `shares[i]` of the whole is at most
 * `values[i]`, which ascend. Two points of one value are a jump.
 */
export interface Cumulative {
  readonly values: number[]
  readonly shares: number[]
}

/**
 * The distribution made of `pieces` in ascending order. Of its points so many are kept that the line
 * is nowhere off by more than 1/128 of the whole, nor by more than a fifth of what is still above:
 * some hundred, however many pieces there are. Kept points are exact. Empty of no pieces.
 */
export function cumulative(pieces: Iterable<Piece>): Cumulative {
  const all = [...pieces]
  const total = all.reduce((sum, { amount }) => sum + amount, 0)
  const kept: Point[] = []
  let pending: Point | null = null
  let reached = 0

  const keep = (point: Point) => {
    if (point !== kept[kept.length - 1]) kept.push(point)
  }
  const pass = (point: Point) => {
    if (pending?.value === point.value && pending.share === point.share) return
    if (kept.length === 0) keep(point)
    else {
      // A long way on which nothing is must start where it starts, as must a jump.
      if (pending !== null && (isLong(pending, point) || isFar(pending, point))) keep(pending)
      if (isFar(kept[kept.length - 1], point)) keep(point)
    }
    pending = point
  }

  for (const { from, to, amount } of all) {
    if (amount === 0) continue
    pass({ value: from, share: reached / total })
    reached += amount
    pass({ value: to, share: reached / total })
  }
  if (pending !== null) keep(pending)
  return { values: kept.map(({ value }) => value), shares: kept.map(({ share }) => share) }
}

interface Point {
  readonly value: number
  readonly share: number
}

function isFar(one: Point, other: Point): boolean {
  return other.share - one.share > 1 / 128 || 1 - other.share < 0.8 * (1 - one.share)
}

function isLong(one: Point, other: Point): boolean {
  return other.value > 1.25 * one.value
}
