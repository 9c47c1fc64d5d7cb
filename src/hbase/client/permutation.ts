const ROUNDS = 4

/**
 * A permutation of `[0, size)` that looks like chance, the same for equal sizes: a Feistel network
 * over the next power of four, walked until it comes to a number below `size`.
 *
 * @param size at most 2^40
 */
export function permutation(size: number): (n: number) => number {
  let half = 1
  while (half * half < size) half *= 2
  const mask = half - 1
  return (n) => {
    let value = n
    do {
      let high = Math.floor(value / half)
      let low = value % half
      for (let round = 0; round < ROUNDS; round++) {
        const mixed = high ^ (scramble(low, round) & mask)
        high = low
        low = mixed
      }
      value = high * half + low
    } while (value >= size)
    return value
  }
}

/** C. Wellons' lowbias32 of a number and a round. */
function scramble(n: number, round: number): number {
  let x = (n + Math.imul(round + 1, 0x9e3779b9)) | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}
