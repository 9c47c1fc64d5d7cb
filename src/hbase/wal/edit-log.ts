import { InternalError } from '../../kernel/errors.js'
import { SparseEdits } from './sparse-edits.js'

const SEGMENT_BITS = 12
const SEGMENT_EDITS = 1 << SEGMENT_BITS
const SEGMENT_MASK = SEGMENT_EDITS - 1

/** What stands for the client operation of a marker, which has none. */
export const MARKER_OPERATION = -1

/** The same for a marker of ReplicationMarkerChore, the only kind that replication ships. */
export const REPLICATION_MARKER = -2

/** The region of a marker that belongs to none of the cluster's. */
export const NO_REGION = -1

/**
 * Columns of consecutive edits of one log. In `acknowledgedUs`, `Infinity` is "not yet" and
 * `-Infinity` a marker, which no client waits for.
 */
export interface EditSegment {
  /** Time of the append to the WAL's ring buffer: HBase's write time of the entry. */
  readonly writtenUs: Float64Array
  /** Time at which the client has its answer. */
  readonly acknowledgedUs: Float64Array
  /** Bytes of the log up to and including this edit. */
  readonly endBytes: Float64Array
  readonly region: Int32Array
  readonly sequenceId: Float64Array
  /** The client operation that made the edit; below 0 for a marker. */
  readonly operation: Float64Array
}

/**
 * The edits of one incarnation of a region server and one WAL group, in order of append. An edit is
 * an index into these columns; files, batches and watermarks hold ranges of indices. Segments below
 * what anybody still needs are recycled, so memory follows what is in flight, not the run's length.
 */
export class EditLog {
  /** Edits that no client made: flush, compaction, region event and replication markers. */
  readonly markers = new SparseEdits()
  readonly #segments: (EditSegment | null)[] = []
  readonly #spare: EditSegment[] = []
  #firstSegment = 0
  /** Bytes of the log before the first retained edit. */
  #releasedBytes = 0
  #length = 0
  #bytes = 0

  constructor(readonly id: number) {}

  /** Number of edits appended so far. */
  get length(): number {
    return this.#length
  }

  /** Bytes of all edits appended so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** First edit whose columns are still held. */
  get firstRetained(): number {
    return this.#firstSegment << SEGMENT_BITS
  }

  append(
    writtenUs: number,
    region: number,
    sequenceId: number,
    bytes: number,
    operation: number,
  ): number {
    const edit = this.#length++
    const i = edit & SEGMENT_MASK
    if (i === 0) this.#segments.push(this.#freshSegment())
    const segment = this.#segments[edit >>> SEGMENT_BITS] as EditSegment
    this.#bytes += bytes
    segment.writtenUs[i] = writtenUs
    segment.endBytes[i] = this.#bytes
    segment.region[i] = region
    segment.sequenceId[i] = sequenceId
    segment.operation[i] = operation
    return edit
  }

  /** Appends an edit that the server itself makes. */
  appendMarker(
    writtenUs: number,
    region: number,
    sequenceId: number,
    bytes: number,
    operation = MARKER_OPERATION,
  ): number {
    const edit = this.append(writtenUs, region, sequenceId, bytes, operation)
    this.acknowledge(edit, Number.NEGATIVE_INFINITY)
    this.markers.add(edit, bytes)
    return edit
  }

  acknowledge(edit: number, timeUs: number): void {
    this.segment(edit).acknowledgedUs[edit & SEGMENT_MASK] = timeUs
  }

  acknowledgedUs(edit: number): number {
    return this.segment(edit).acknowledgedUs[edit & SEGMENT_MASK] as number
  }

  writtenUs(edit: number): number {
    return this.segment(edit).writtenUs[edit & SEGMENT_MASK] as number
  }

  region(edit: number): number {
    return this.segment(edit).region[edit & SEGMENT_MASK] as number
  }

  sequenceId(edit: number): number {
    return this.segment(edit).sequenceId[edit & SEGMENT_MASK] as number
  }

  operation(edit: number): number {
    return this.segment(edit).operation[edit & SEGMENT_MASK] as number
  }

  /** Bytes of all edits before `edit`. */
  bytesBefore(edit: number): number {
    if (edit === this.firstRetained) return this.#releasedBytes
    return this.segment(edit - 1).endBytes[(edit - 1) & SEGMENT_MASK] as number
  }

  /** Bytes of the edits `[from, to)`. */
  bytesOf(from: number, to: number): number {
    return this.bytesBefore(to) - this.bytesBefore(from)
  }

  /**
   * The largest `edit` in `[from, to]` such that the edits `[from, edit)` have at most `bytes`
   * bytes.
   */
  lastWithin(from: number, to: number, bytes: number): number {
    const limit = this.bytesBefore(from) + bytes
    let low = from
    let high = to
    while (low < high) {
      const middle = Math.floor((low + high + 1) / 2)
      if (this.bytesBefore(middle) <= limit) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The segment that holds `edit`; its position in it is `edit % 4096`. */
  segment(edit: number): EditSegment {
    const segment = this.#segments[edit >>> SEGMENT_BITS]
    if (segment == null) throw new InternalError(`edit ${edit} of log ${this.id} is not held`)
    return segment
  }

  /** Visits the columns of the edits `[from, to)`: positions `[start, end)` of each segment. */
  forEachSegment(
    from: number,
    to: number,
    visit: (segment: EditSegment, start: number, end: number) => void,
  ): void {
    for (let edit = from; edit < to; ) {
      const start = edit & SEGMENT_MASK
      const end = Math.min(SEGMENT_EDITS, start + to - edit)
      visit(this.segment(edit), start, end)
      edit += end - start
    }
  }

  /** Nobody needs edits below `edit` any more. */
  release(edit: number): void {
    const segments = edit >>> SEGMENT_BITS
    while (this.#firstSegment < segments) {
      const segment = this.segment(this.firstRetained)
      this.#releasedBytes = segment.endBytes[SEGMENT_MASK] as number
      this.#segments[this.#firstSegment++] = null
      this.#spare.push(segment)
    }
    this.markers.release(this.firstRetained)
  }

  #freshSegment(): EditSegment {
    const segment = this.#spare.pop() ?? {
      writtenUs: new Float64Array(SEGMENT_EDITS),
      acknowledgedUs: new Float64Array(SEGMENT_EDITS),
      endBytes: new Float64Array(SEGMENT_EDITS),
      region: new Int32Array(SEGMENT_EDITS),
      sequenceId: new Float64Array(SEGMENT_EDITS),
      operation: new Float64Array(SEGMENT_EDITS),
    }
    segment.acknowledgedUs.fill(Number.POSITIVE_INFINITY)
    return segment
  }
}
