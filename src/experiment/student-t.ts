import { invariant } from '../kernel/errors.js'

/**
 * P(T > t) for Student's t with `df` degrees of freedom, an integer >= 1; relative accuracy about
 * 1e-12 far into the tail. Half of the regularised incomplete beta function
 * I_x(df/2, 1/2) at x = df / (df + t²) (Abramowitz and Stegun 26.7.1).
 */
export function tTail(t: number, df: number): number {
  invariant(Number.isInteger(df) && df >= 1, 'degrees of freedom are an integer >= 1')
  if (t < 0) return 1 - tTail(-t, df)
  const square = t * t
  if (square === Infinity) return 0
  const x = df / (df + square)
  const y = square / (df + square)
  const a = df / 2
  // x^a y^(1/2) / B(a, 1/2): df being an integer, roots and products are all it takes.
  const front = (integerPower(Math.sqrt(x), df) * Math.sqrt(y)) / betaOfHalf(df)
  // The fraction converges fast below the mean of the beta distribution; above it, mirror.
  if (x < (a + 1) / (a + 2.5)) return (front * betaFraction(x, a, 0.5)) / (2 * a)
  return (1 - 2 * front * betaFraction(y, 0.5, a)) / 2
}

/** The value that T with `df` degrees of freedom stays below with probability `p`, 0 < p < 1. */
export function tQuantile(p: number, df: number): number {
  invariant(p > 0 && p < 1, 'a quantile needs 0 < p < 1')
  return p < 0.5 ? -upperQuantile(p, df) : upperQuantile(1 - p, df)
}

/** The t >= 0 with P(T > t) = tail, by bisection down to neighbouring doubles. */
function upperQuantile(tail: number, df: number): number {
  let low = 0
  let high = 1
  while (tTail(high, df) > tail) {
    low = high
    high *= 2
  }
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return high
    if (tTail(middle, df) > tail) low = middle
    else high = middle
  }
}

/** B(df/2, 1/2), from B(1/2, 1/2) = pi or B(1, 1/2) = 2 by B(a + 1, b) = B(a, b) a / (a + b). */
function betaOfHalf(df: number): number {
  let beta = df % 2 === 1 ? Math.PI : 2
  for (let a = df % 2 === 1 ? 0.5 : 1; a < df / 2; a++) beta *= a / (a + 0.5)
  return beta
}

/**
 * The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8),
 * evaluated forwards by the modified Lentz method.
 */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    value *= c * d
    if (Math.abs(c * d - 1) < 4e-16) return value
  }
  invariant(false, 'the continued fraction of the incomplete beta function converges')
}

function awayFromZero(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x
}

function integerPower(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square
    square *= square
  }
  return result
}
