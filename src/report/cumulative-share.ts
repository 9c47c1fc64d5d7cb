import type { Distribution } from '../simulation/result.js'

/** Places at which curves are drawn: more would not be seen. */
const PLACES = 240

/** Equally spaced places on a logarithmic axis, both ends included. */
export function placesOf(min: number, max: number): number[] {
  const ratio = (max / min) ** (1 / (PLACES - 1))
  return Array.from({ length: PLACES }, (_, i) => {
    return i === PLACES - 1 ? max : min * ratio ** i
  })
}

/** The share of all that was at most `value`. */
export function shareAt({ values, shares }: Distribution, value: number): number {
  // The first point above.
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] <= value) low = middle + 1
    else high = middle
  }
  if (low === 0) return 0
  if (low === values.length) return 1
  const [from, to] = [low - 1, low]
  const part = (value - values[from]) / (values[to] - values[from])
  return shares[from] + part * (shares[to] - shares[from])
}

/** The value that a `share` of all does not exceed; undefined of all of it. */
export function valueAt({ values, shares }: Distribution, share: number): number | undefined {
  const to = shares.findIndex((each) => each > share)
  if (to < 0) return undefined
  const from = Math.max(0, to - 1)
  const rise = shares[to] - shares[from]
  const part = rise === 0 ? 0 : (share - shares[from]) / rise
  return values[from] + part * (values[to] - values[from])
}
