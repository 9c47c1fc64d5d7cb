import alea from 'seedrandom/lib/alea.js'

/** What a kind of draw is for, and how the twins of a comparison share it. */
export interface Purpose {
  /** Unique among purposes; part of every stream's key, so renaming it changes the luck. */
  readonly name: string
  /**
   * `world`: always common to twins. `matched`: common where both do the same work. `own`: each
   * design's alone.
   */
  readonly sharing: 'world' | 'matched' | 'own'
}

/**
 * All the luck of a run. A stream depends on nothing but (seed, purpose, entity), a draw on nothing
 * but its stream and the work it is for: whoever else draws, or when, changes nothing.
 */
export class Luck {
  constructor(readonly seed: number) {}

  /** The stream of one named entity, e.g. a region server. Costs microseconds: make it once. */
  stream(purpose: Purpose, entity: string): DrawStream {
    const generator = alea(JSON.stringify([this.seed, purpose.name, entity]))
    // The first number of neighbouring seeds is alike.
    generator()
    return new DrawStream(generator.int32(), generator.int32())
  }
}

/** Draws keyed by the work they are for, in any order and as often as wanted. */
export class DrawStream {
  /** The two 32-bit words of the stream's key. */
  constructor(
    readonly keyHigh: number,
    readonly keyLow: number,
  ) {}

  /**
   * Uniform strictly inside (0, 1): an odd multiple of 2^-53.
   *
   * A hash of key and counters in two 32-bit lanes: three rounds for the work, two for attempt and
   * index, which go in later so that no two counters can cancel each other. A round can be undone,
   * so two works never share all 64 bits. The multipliers are those of C. Wellons' hash prospector
   * (lowbias32).
   *
   * @param work number of the work this draw is for, an integer in [0, 2^53)
   * @param attempt which attempt at that work, a 32-bit integer
   * @param index which draw of that attempt, a 32-bit integer
   */
  uniform(work: number, attempt = 0, index = 0): number {
    let a = this.keyLow ^ work
    let b = this.keyHigh ^ (work * TWO_TO_MINUS_32)

    a = Math.imul(a ^ (a >>> 16), 0x7feb352d)
    b = Math.imul(b ^ (b >>> 15), 0x846ca68b)
    a ^= (b << 13) | (b >>> 19)
    b = (b + ((a << 7) | (a >>> 25))) | 0

    a ^= attempt
    b ^= index
    a = Math.imul(a ^ (a >>> 15), 0x846ca68b)
    b = Math.imul(b ^ (b >>> 16), 0x7feb352d)
    a ^= (b << 11) | (b >>> 21)
    b = (b + ((a << 17) | (a >>> 15))) | 0

    a = Math.imul(a ^ (a >>> 16), 0x7feb352d)
    b = Math.imul(b ^ (b >>> 15), 0x846ca68b)
    a ^= (b << 13) | (b >>> 19)
    b = (b + ((a << 7) | (a >>> 25))) | 0

    return (a >>> 0) * TWO_TO_MINUS_32 + ((b >>> 12) + 0.5) * TWO_TO_MINUS_52
  }
}

const TWO_TO_MINUS_32 = 1 / 4294967296
const TWO_TO_MINUS_52 = 1 / 4503599627370496
