import { invariant } from './errors.js'

/**
 * Logarithm, exponential and normal quantile built from + - * / sqrt and bit operations only, so
 * that every engine gives the same bits. The host's own differ between engines in their last digit.
 */

// ln 2 in two parts: the high one has 32 bits, so that its product with an exponent is exact.
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const INVERSE_LN2 = 1 / (LN2_HIGH + LN2_LOW)

const HIGH_WORD = 4
const HIGH_WORD_OF_SQRT_HALF = 0x3fe6a09e
const SMALLEST_NORMAL = 2.2250738585072014e-308
const TWO_TO_54 = 18014398509481984
const TWO_TO_MINUS_54 = 1 / TWO_TO_54

/** Where `ln` reads the exponent of a double. Nothing in it outlives a call. */
const scratch = new DataView(new ArrayBuffer(8))

/** 2^k at index k + 1024, for -1024 <= k <= 1023. */
const POWERS_OF_TWO = powersOfTwo()
const MIDDLE = 1024

/**
 * Natural logarithm, within 2 ulp. `ln(0)` is -Infinity, of a negative number NaN.
 *
 * Source: the argument reduction of Sun's fdlibm (x = 2^k (1 + f), s = f / (2 + f)); the polynomial
 * is our own Chebyshev interpolation of ln((1 + s) / (1 - s)).
 */
export function ln(x: number): number {
  if (x < SMALLEST_NORMAL) {
    if (x === 0) return -Infinity
    return x < 0 ? NaN : reducedLn(x * TWO_TO_54, -54)
  }
  return x < Infinity ? reducedLn(x, 0) : x
}

function reducedLn(x: number, exponent: number): number {
  scratch.setFloat64(0, x, true)
  const shift = (scratch.getInt32(HIGH_WORD, true) - HIGH_WORD_OF_SQRT_HALF) >> 20
  const f = x * POWERS_OF_TWO[MIDDLE - shift] - 1
  const k = shift + exponent

  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = 0.39999999999899444 + w * (0.22222211130259878 + w * 0.15331710618210773)
  const odd =
    0.666666666666667 +
    w * (0.2857142862600327 + w * (0.18182889455674947 + w * 0.14616585424888623))
  const halfSquare = 0.5 * f * f
  const tail = s * (halfSquare + z * (odd + z * even))
  return k * LN2_HIGH - (halfSquare - (tail + k * LN2_LOW) - f)
}

/**
 * e to the power x, within 2 ulp. Infinity beyond the largest double, 0 below half the smallest.
 *
 * Source: the argument reduction of Sun's fdlibm (x = k ln 2 + r, then a rational form of e^r); the
 * polynomial is our own Chebyshev interpolation of r coth(r / 2).
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : NaN
  if (x < -745.1332191019412) return 0
  const k = Math.floor(x * INVERSE_LN2 + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const z = r * r
  const w = z * z
  const c =
    r -
    z *
      (0.1666666666666666 -
        z * 0.002777777777756372 +
        w * (6.613756471282328e-5 - z * 1.6534059505063117e-6 + w * 4.143741142274464e-8))
  const fraction = 1 - (low - (r * c) / (2 - c) - high)
  if (k === 1024) return fraction * 2 * POWERS_OF_TWO[MIDDLE + 1023]
  // A subnormal result is rounded once, by the last multiplication.
  if (k < -1022) return fraction * POWERS_OF_TWO[MIDDLE + k + 54] * TWO_TO_MINUS_54
  return fraction * POWERS_OF_TWO[MIDDLE + k]
}

/**
 * Quantile of the standard normal distribution: the z below which a share `p` lies, to one part in
 * 10^15. It grows with `p`, but between neighbouring doubles it may step back by 2 ulp.
 *
 * Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484.
 *
 * @throws InternalError unless 0 < p < 1
 */
export function inverseNormal(p: number): number {
  invariant(p > 0 && p < 1, 'a normal quantile is asked for outside (0, 1)')
  const q = p - 0.5
  if (q >= -0.425 && q <= 0.425) return q * centralRatio(0.180625 - q * q)
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p))
  const z = r <= 5 ? tailRatio(r - 1.6) : farTailRatio(r - 5)
  return q < 0 ? -z : z
}

function centralRatio(r: number): number {
  let above = 2509.0809287301227 * r + 33430.57558358813
  above = above * r + 67265.7709270087
  above = above * r + 45921.95393154987
  above = above * r + 13731.69376550946
  above = above * r + 1971.5909503065513
  above = above * r + 133.14166789178438
  above = above * r + 3.3871328727963665
  let below = 5226.495278852855 * r + 28729.085735721943
  below = below * r + 39307.89580009271
  below = below * r + 21213.794301586597
  below = below * r + 5394.196021424751
  below = below * r + 687.1870074920579
  below = below * r + 42.31333070160091
  below = below * r + 1
  return above / below
}

function tailRatio(r: number): number {
  let above = 7.745450142783414e-4 * r + 0.022723844989269184
  above = above * r + 0.2417807251774506
  above = above * r + 1.2704582524523684
  above = above * r + 3.6478483247632045
  above = above * r + 5.769497221460691
  above = above * r + 4.630337846156546
  above = above * r + 1.4234371107496835
  let below = 1.0507500716444169e-9 * r + 5.475938084995345e-4
  below = below * r + 0.015198666563616457
  below = below * r + 0.14810397642748008
  below = below * r + 0.6897673349851
  below = below * r + 1.6763848301838038
  below = below * r + 2.053191626637759
  below = below * r + 1
  return above / below
}

function farTailRatio(r: number): number {
  let above = 2.0103343992922881e-7 * r + 2.7115555687434876e-5
  above = above * r + 0.0012426609473880784
  above = above * r + 0.026532189526576124
  above = above * r + 0.2965605718285049
  above = above * r + 1.7848265399172913
  above = above * r + 5.463784911164114
  above = above * r + 6.657904643501103
  let below = 2.0442631033899397e-15 * r + 1.421511758316446e-7
  below = below * r + 1.8463183175100548e-5
  below = below * r + 7.868691311456133e-4
  below = below * r + 0.014875361290850615
  below = below * r + 0.1369298809227358
  below = below * r + 0.599832206555888
  below = below * r + 1
  return above / below
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2048)
  for (let index = 0, power = 1; index < 1024; index++, power *= 2) powers[1024 + index] = power
  for (let index = 1, power = 0.5; index <= 1024; index++, power /= 2) powers[1024 - index] = power
  return powers
}
