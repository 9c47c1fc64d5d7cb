import { IntervalSet } from '../../kernel/interval-set.js'

/** Active set or snapshot of one family. */
interface Segment {
  bytes: number
  cells: number
  ids: IntervalSet
}

/**
 * The memstores of a secondary replica, one per family: the active set, and a snapshot while a flush
 * of the primary is prepared (HBase's HStore with its DefaultMemStore).
 *
 * An edit that comes twice takes memory twice, as in a memstore with MSLAB (Segment.updateMetaInfo).
 *
 * Simplification: the bytes of a run of edits are spread over the families at once, where the primary
 * does it edit by edit; a family of the two differs by less than a byte per edit, the sum does not.
 */
export class SecondaryMemstore {
  /** Per family, the end of its share of an edit's bytes, from 0 to 1. */
  readonly #shareEnds: readonly number[]
  readonly #cellOverhead: number
  readonly #onChanged: (bytes: number) => void
  readonly #active: Segment[]
  readonly #snapshots: Segment[]
  #heapBytes = 0

  /**
   * @param shares what share of an edit's bytes each family takes, in any unit
   * @param cellOverhead heap bytes of a cell beyond its data
   * @param onChanged told the heap bytes that were added, or freed (negative)
   */
  constructor(shares: readonly number[], cellOverhead: number, onChanged: (bytes: number) => void) {
    const total = shares.reduce((sum, share) => sum + share, 0)
    let end = 0
    this.#shareEnds = shares.map((share) => {
      end += share
      return end / total
    })
    this.#cellOverhead = cellOverhead
    this.#onChanged = onChanged
    this.#active = shares.map(emptySegment)
    this.#snapshots = shares.map(emptySegment)
  }

  /** Of active sets and snapshots. */
  get heapBytes(): number {
    return this.#heapBytes
  }

  /** Heap bytes of the active sets. */
  get activeBytes(): number {
    return this.#active.reduce((sum, segment) => sum + this.#heapOf(segment), 0)
  }

  /** Heap bytes that the segments account for. */
  get segmentBytes(): number {
    return this.#snapshots.reduce((sum, segment) => sum + this.#heapOf(segment), this.activeBytes)
  }

  get isEmpty(): boolean {
    return [...this.#active, ...this.#snapshots].every(({ cells }) => cells === 0)
  }

  /** So many edits with the ids [first, last], each a cell in every family. */
  apply(first: number, last: number, edits: number, bytes: number): void {
    let given = 0
    for (let family = 0; family < this.#active.length; family++) {
      const segment = this.#active[family] as Segment
      const upTo = Math.floor(bytes * (this.#shareEnds[family] as number))
      segment.bytes += upTo - given
      segment.cells += edits
      segment.ids.add(first, last + 1)
      given = upTo
    }
    this.#changed(bytes + edits * this.#active.length * this.#cellOverhead)
  }

  /** HStore's snapshot of the active set, unless an earlier one is left. */
  snapshot(family: number): void {
    if (this.hasSnapshot(family)) return
    this.#snapshots[family] = this.#active[family] as Segment
    this.#active[family] = emptySegment()
  }

  hasSnapshot(family: number): boolean {
    return (this.#snapshots[family] as Segment).cells > 0
  }

  dropSnapshot(family: number): void {
    this.#drop(this.#snapshots, family)
  }

  /**
   * Drops a family's memstore as HBase does: takes a snapshot and drops it. A snapshot that is there
   * already goes in the place of the active set.
   */
  drop(family: number): void {
    this.snapshot(family)
    this.dropSnapshot(family)
  }

  clear(): void {
    for (let family = 0; family < this.#active.length; family++) {
      this.#drop(this.#active, family)
      this.#drop(this.#snapshots, family)
    }
  }

  /** The lowest sequence id, from `id` on, of which the family has no cell in memory. */
  firstGapAt(family: number, id: number): number {
    const inActive = (this.#active[family] as Segment).ids.firstGapAt(id)
    return Math.max(inActive, (this.#snapshots[family] as Segment).ids.firstGapAt(id))
  }

  #drop(segments: Segment[], family: number): void {
    const freedBytes = this.#heapOf(segments[family] as Segment)
    segments[family] = emptySegment()
    if (freedBytes > 0) this.#changed(-freedBytes)
  }

  #heapOf({ bytes, cells }: Segment): number {
    return bytes + cells * this.#cellOverhead
  }

  #changed(bytes: number): void {
    this.#heapBytes += bytes
    this.#onChanged(bytes)
  }
}

function emptySegment(): Segment {
  return { bytes: 0, cells: 0, ids: new IntervalSet() }
}
