/**
 * A log-linear scale: bins over the integers from 0 to 2^53. A bin is 1 wide below 256 and at most
 * 1/128 (0.78 %) of its lower edge above: each power of two is cut into 128 equal bins.
 */

const BINS_PER_OCTAVE = 128
const LINEAR_LIMIT = 2 * BINS_PER_OCTAVE
const LOG2_BINS_PER_OCTAVE = 7
const TWO_TO_31 = 2147483648
const TWO_TO_24 = 16777216

/** How many bins there are. */
export const BINS = LINEAR_LIMIT + (53 - 8) * BINS_PER_OCTAVE

/** The bin of `value`, an integer in [0, 2^53). */
export function binOf(value: number): number {
  if (value < LINEAR_LIMIT) return value
  if (value < TWO_TO_31) return binOfInt32(value)
  // The leading eight bits decide; they survive the loss of the lowest 24.
  return binOfInt32(Math.floor(value / TWO_TO_24)) + 24 * BINS_PER_OCTAVE
}

/** The smallest value of a bin; of `BINS`, the end of the scale. */
export function lowerEdge(bin: number): number {
  if (bin < LINEAR_LIMIT) return bin
  const octave = Math.floor(bin / BINS_PER_OCTAVE) - 1
  return (bin - octave * BINS_PER_OCTAVE) * powerOfTwo(octave)
}

function binOfInt32(value: number): number {
  const octave = 31 - LOG2_BINS_PER_OCTAVE - Math.clz32(value)
  return octave * BINS_PER_OCTAVE + (value >>> octave)
}

function powerOfTwo(exponent: number): number {
  return exponent < 31 ? 1 << exponent : TWO_TO_24 * (1 << (exponent - 24))
}
