/**
 * A region's edits in segments, oldest first, and which of its secondaries have each of them
 * readable. Columns in a ring: what is old leaves in front. Secondaries are numbered by bits.
 */
export class ReplicaSegments {
  #firstIds = new Float64Array(START)
  #lastIds = new Float64Array(START)
  #edits = new Float64Array(START)
  #earliestUs = new Float64Array(START)
  #latestUs = new Float64Array(START)
  #readable = new Int32Array(START)
  /** Secondaries that had it readable at some time. */
  #seen = new Int32Array(START)
  /** Whether a START_FLUSH or REGION_OPEN lies between this segment and the one before. */
  #afterCut = new Uint8Array(START)
  #mask = START - 1
  #head = 0
  #size = 0
  #total = 0
  #coarsenAt = MAX_SEGMENTS

  /** @param all the bits of all secondaries */
  constructor(readonly all: number) {}

  get size(): number {
    return this.#size
  }

  /** Edits in all segments. */
  get edits(): number {
    return this.#total
  }

  firstId(i: number): number {
    return this.#firstIds[this.#at(i)]
  }

  lastId(i: number): number {
    return this.#lastIds[this.#at(i)]
  }

  editsIn(i: number): number {
    return this.#edits[this.#at(i)]
  }

  /** The earliest acknowledgement of an edit in it. */
  earliestUs(i: number): number {
    return this.#earliestUs[this.#at(i)]
  }

  latestUs(i: number): number {
    return this.#latestUs[this.#at(i)]
  }

  isReadable(i: number, bit: number): boolean {
    return (this.#readable[this.#at(i)] & bit) !== 0
  }

  isReadableByNone(i: number): boolean {
    return this.#readable[this.#at(i)] === 0
  }

  wasSeen(i: number, bit: number): boolean {
    return (this.#seen[this.#at(i)] & bit) !== 0
  }

  setReadable(i: number, bit: number): void {
    const at = this.#at(i)
    this.#readable[at] |= bit
    this.#seen[at] |= bit
  }

  clearReadable(i: number, bit: number): void {
    this.#readable[this.#at(i)] &= ~bit
  }

  /** A segment of one edit. */
  append(sequenceId: number, acknowledgedUs: number, isAfterCut: boolean): void {
    if (this.#size >= this.#coarsenAt) this.#coarsen()
    if (this.#size > this.#mask) this.#grow()
    const at = this.#at(this.#size++)
    this.#firstIds[at] = sequenceId
    this.#lastIds[at] = sequenceId
    this.#edits[at] = 1
    this.#earliestUs[at] = acknowledgedUs
    this.#latestUs[at] = acknowledgedUs
    this.#readable[at] = 0
    this.#seen[at] = 0
    this.#afterCut[at] = isAfterCut ? 1 : 0
    this.#total++
  }

  /** A segment of edits of before the run, with ids from `firstId` to `lastId`. */
  appendPast(firstId: number, lastId: number, edits: number, earliestUs: number): void {
    this.append(lastId, earliestUs, true)
    const at = this.#at(this.#size - 1)
    this.#firstIds[at] = firstId
    this.#edits[at] = edits
    this.#total += edits - 1
  }

  /** One more edit in the last segment. */
  extend(sequenceId: number, acknowledgedUs: number): void {
    const at = this.#at(this.#size - 1)
    this.#lastIds[at] = sequenceId
    this.#edits[at]++
    this.#earliestUs[at] = Math.min(this.#earliestUs[at], acknowledgedUs)
    this.#latestUs[at] = Math.max(this.#latestUs[at], acknowledgedUs)
    this.#total++
  }

  /** The first segment with an edit above `id`. */
  indexAfter(id: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#lastIds[this.#at(middle)] > id) high = middle
      else low = middle + 1
    }
    return low
  }

  dropFirst(count: number): void {
    for (let i = 0; i < count; i++) this.#total -= this.editsIn(i)
    this.#head = (this.#head + count) & this.#mask
    this.#size -= count
  }

  /** Drops what begins above `id`; edits above it in a segment that begins before count on. */
  dropAfter(id: number): void {
    while (this.#size > 0 && this.firstId(this.#size - 1) > id) {
      this.#total -= this.editsIn(--this.#size)
    }
    const last = this.#at(this.#size - 1)
    if (this.#size > 0) this.#lastIds[last] = Math.min(this.#lastIds[last], id)
  }

  /** Merges neighbours from `from` up to, not with, `to` that every secondary has readable. */
  mergeReadable(from: number, to: number): void {
    this.#merge(Math.max(0, from), Math.min(this.#size, to), 0)
  }

  /**
   * What nobody will tell apart is told apart no more: neighbours that are alike become one until
   * half of the room is free, none with more than a 128th of the edits.
   */
  #coarsen(): void {
    this.#merge(0, this.#size, (4 * this.#total) / MAX_SEGMENTS)
    this.#coarsenAt = Math.max(MAX_SEGMENTS, 2 * this.#size)
  }

  #merge(from: number, to: number, maxEdits: number): void {
    let kept = from
    for (let next = from + 1; next < to; next++) {
      if (this.#mayMerge(kept, next, maxEdits)) this.#fold(next, kept)
      else if (++kept < next) this.#copy(next, kept)
    }
    if (kept + 1 < to) this.#close(kept + 1, to)
  }

  #mayMerge(i: number, next: number, maxEdits: number): boolean {
    const a = this.#at(i)
    const b = this.#at(next)
    const readable = this.#readable[a]
    if (readable !== this.#readable[b] || this.#afterCut[b] === 1) return false
    if (readable === this.all) return true
    return this.#seen[a] === this.#seen[b] && this.#edits[a] + this.#edits[b] <= maxEdits
  }

  #fold(from: number, into: number): void {
    const a = this.#at(into)
    const b = this.#at(from)
    this.#lastIds[a] = this.#lastIds[b]
    this.#edits[a] += this.#edits[b]
    this.#earliestUs[a] = Math.min(this.#earliestUs[a], this.#earliestUs[b])
    this.#latestUs[a] = Math.max(this.#latestUs[a], this.#latestUs[b])
  }

  /** Takes `[from, to)` out; the shorter side moves up. */
  #close(from: number, to: number): void {
    if (from < this.#size - to) {
      for (let i = from - 1; i >= 0; i--) this.#copy(i, i + to - from)
      this.#head = (this.#head + to - from) & this.#mask
    } else {
      for (let i = to; i < this.#size; i++) this.#copy(i, i - to + from)
    }
    this.#size -= to - from
  }

  #copy(from: number, to: number): void {
    const a = this.#at(from)
    const b = this.#at(to)
    this.#firstIds[b] = this.#firstIds[a]
    this.#lastIds[b] = this.#lastIds[a]
    this.#edits[b] = this.#edits[a]
    this.#earliestUs[b] = this.#earliestUs[a]
    this.#latestUs[b] = this.#latestUs[a]
    this.#readable[b] = this.#readable[a]
    this.#seen[b] = this.#seen[a]
    this.#afterCut[b] = this.#afterCut[a]
  }

  #at(i: number): number {
    return (this.#head + i) & this.#mask
  }

  #grow(): void {
    const length = 2 * (this.#mask + 1)
    this.#firstIds = this.#unrolled(this.#firstIds, new Float64Array(length))
    this.#lastIds = this.#unrolled(this.#lastIds, new Float64Array(length))
    this.#edits = this.#unrolled(this.#edits, new Float64Array(length))
    this.#earliestUs = this.#unrolled(this.#earliestUs, new Float64Array(length))
    this.#latestUs = this.#unrolled(this.#latestUs, new Float64Array(length))
    this.#readable = this.#unrolled(this.#readable, new Int32Array(length))
    this.#seen = this.#unrolled(this.#seen, new Int32Array(length))
    this.#afterCut = this.#unrolled(this.#afterCut, new Uint8Array(length))
    this.#mask = length - 1
    this.#head = 0
  }

  #unrolled<T extends Float64Array | Int32Array | Uint8Array>(column: T, longer: T): T {
    longer.set(column.subarray(this.#head))
    longer.set(column.subarray(0, this.#head), column.length - this.#head)
    return longer
  }
}

const START = 8

/** Beyond, a backlog is known in steps of less than a 128th of its edits: a bin of a histogram. */
export const MAX_SEGMENTS = 512
