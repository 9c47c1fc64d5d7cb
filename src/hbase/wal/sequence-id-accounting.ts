import { invariant } from '../../kernel/errors.js'

/** The highest sequence id of each region that a WAL has entries of. */
export type RegionSequenceIds = Iterable<readonly [region: number, sequenceId: number]>

const NONE = -1
const NEVER = Number.POSITIVE_INFINITY

/**
 * HBase's SequenceIdAccounting, one per WAL group: the lowest sequence id of each region and family
 * that is in no HFile, for archiving WALs and for finding what must be flushed to archive one. A
 * flush moves its families' ids aside, where they count as unflushed until it is complete.
 *
 * An entry counts for every family of its region: a put has a cell in each. Markers do not pass
 * through a memstore, so they are no concern of this.
 */
export class SequenceIdAccounting {
  readonly #familiesOf: (region: number) => number
  /** Where the families of a region begin and end in `#lowest`; NONE before its first entry. */
  readonly #first: Int32Array
  readonly #end: Int32Array
  #lowest = new Float64Array(64)
  #used = 0
  /** Regions being flushed: the lowest id of each family, Infinity for those that are not. */
  readonly #flushing = new Map<number, Float64Array>()

  /** @param familiesOf how many families a region has */
  constructor(regions: number, familiesOf: (region: number) => number) {
    this.#familiesOf = familiesOf
    this.#first = new Int32Array(regions).fill(NONE)
    this.#end = new Int32Array(regions)
  }

  /** An entry is written to the WAL: the region's oldest, of families that had none unflushed. */
  update(region: number, sequenceId: number): void {
    let i = this.#first[region] as number
    if (i === NONE) i = this.#enter(region)
    const lowest = this.#lowest
    const end = this.#end[region] as number
    for (; i < end; i++) if (lowest[i] === NEVER) lowest[i] = sequenceId
  }

  /**
   * A flush of these families has taken its snapshot.
   *
   * @returns the lowest unflushed id of the families that are not flushed, null if they have none
   */
  startCacheFlush(region: number, families: readonly number[]): number | null {
    const first = this.#first[region] as number
    if (first === NONE) return null
    const lowest = this.#lowest
    const end = this.#end[region] as number
    const flushing = new Float64Array(end - first).fill(NEVER)
    for (const family of families) {
      flushing[family] = lowest[first + family] as number
      lowest[first + family] = NEVER
    }
    if (lowestOf(flushing) !== NEVER) this.#flushing.set(region, flushing)
    const left = lowestOf(lowest, first, end)
    return left === NEVER ? null : left
  }

  /**
   * The flush is in HFiles.
   *
   * @param maxFlushedSequenceId all edits up to it are in HFiles: what the WAL was told of late, of
   *   writers that did not wait for it (ASYNC_WAL), holds nothing back
   */
  completeCacheFlush(region: number, maxFlushedSequenceId = 0): void {
    this.#flushing.delete(region)
    const end = this.#end[region] as number
    const lowest = this.#lowest
    for (let i = Math.max(0, this.#first[region] as number); i < end; i++) {
      if ((lowest[i] as number) <= maxFlushedSequenceId) lowest[i] = maxFlushedSequenceId + 1
    }
  }

  /** The flush comes to nothing: what it had taken is unflushed again. */
  abortCacheFlush(region: number): void {
    const flushing = this.#flushing.get(region)
    if (flushing === undefined) return
    this.#flushing.delete(region)
    const first = this.#first[region] as number
    for (let family = 0; family < flushing.length; family++) {
      const old = flushing[family] as number
      if (old === NEVER) continue
      invariant(old <= (this.#lowest[first + family] as number), 'edits came out of order')
      this.#lowest[first + family] = old
    }
  }

  /** The region is closed here: nothing of it holds a WAL back any more (HBASE-23157). */
  closeRegion(region: number): void {
    this.#flushing.delete(region)
    const first = this.#first[region] as number
    if (first !== NONE) this.#lowest.fill(NEVER, first, this.#end[region] as number)
  }

  /** Lowest id of the region that is in no HFile; Infinity if there is none. */
  lowestUnflushed(region: number): number {
    const first = this.#first[region] as number
    if (first === NONE) return NEVER
    const flushing = this.#flushing.get(region)
    return Math.min(
      flushing === undefined ? NEVER : lowestOf(flushing),
      lowestOf(this.#lowest, first, this.#end[region] as number),
    )
  }

  /** Lowest id of one family that is in no HFile; Infinity if there is none. */
  lowestUnflushedOf(region: number, family: number): number {
    const first = this.#first[region] as number
    if (first === NONE) return NEVER
    const flushing = this.#flushing.get(region)?.[family] ?? NEVER
    return Math.min(flushing, this.#lowest[first + family] as number)
  }

  /** True if a WAL that ends with these ids holds nothing that is not in an HFile. */
  areAllLower(highest: RegionSequenceIds): boolean {
    for (const [region, sequenceId] of highest) {
      if (this.lowestUnflushed(region) <= sequenceId) return false
    }
    return true
  }

  /** What must be flushed, and is not being flushed, to archive a WAL that ends with these ids. */
  findLower(highest: RegionSequenceIds): Map<number, number[]> {
    const found = new Map<number, number[]>()
    for (const [region, sequenceId] of highest) {
      const first = this.#first[region] as number
      if (first === NONE) continue
      const families: number[] = []
      for (let i = first; i < (this.#end[region] as number); i++) {
        if ((this.#lowest[i] as number) <= sequenceId) families.push(i - first)
      }
      if (families.length > 0) found.set(region, families)
    }
    return found
  }

  #enter(region: number): number {
    const first = this.#used
    this.#used += this.#familiesOf(region)
    while (this.#used > this.#lowest.length) {
      const grown = new Float64Array(this.#lowest.length * 2)
      grown.set(this.#lowest)
      this.#lowest = grown
    }
    this.#lowest.fill(NEVER, first, this.#used)
    this.#first[region] = first
    this.#end[region] = this.#used
    return first
  }
}

function lowestOf(ids: Float64Array, from = 0, to = ids.length): number {
  let lowest = NEVER
  for (let i = from; i < to; i++) lowest = Math.min(lowest, ids[i] as number)
  return lowest
}
