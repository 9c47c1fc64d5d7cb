import type { EditLog } from '../hbase/wal/edit-log.js'

/** Which edits of one log a peer wants: no markers. Asked only about edits whose columns are held. */
export interface WantedEdits {
  has(edit: number): boolean
  /** How many of `[from, to)` are wanted, and their bytes. */
  countIn(from: number, to: number): number
  bytesIn(from: number, to: number): number
}

/** @param wants whether the peer wants a region's edits; null for a peer that wants all */
export function wantedEdits(
  log: EditLog,
  wants: ((region: number) => boolean) | null,
): WantedEdits {
  return wants === null ? new AllWrites(log) : new EditsOfRegions(log, wants)
}

class AllWrites implements WantedEdits {
  constructor(private readonly log: EditLog) {}

  has(edit: number): boolean {
    return !this.log.markers.has(edit)
  }

  countIn(from: number, to: number): number {
    return to - from - this.log.markers.countIn(from, to)
  }

  bytesIn(from: number, to: number): number {
    return from === to ? 0 : this.log.bytesOf(from, to) - this.log.markers.bytesIn(from, to)
  }
}

const SEGMENT_BITS = 12
const SEGMENT_EDITS = 1 << SEGMENT_BITS

/** Wanted edits up to and including each edit, and their bytes. */
interface Sums {
  readonly edits: Float64Array
  readonly bytes: Float64Array
}

/** Sums over the log, so that counting takes the same time however many edits wait to be read. */
class EditsOfRegions implements WantedEdits {
  readonly #log: EditLog
  readonly #wants: (region: number) => boolean
  readonly #segments: (Sums | null)[] = []
  #released = 0
  #length = 0
  #edits = 0
  #bytes = 0
  /** Sums before the first segment that is held. */
  #editsBefore = 0
  #bytesBefore = 0

  constructor(log: EditLog, wants: (region: number) => boolean) {
    this.#log = log
    this.#wants = wants
  }

  has(edit: number): boolean {
    return this.#wants(this.#log.region(edit)) && !this.#log.markers.has(edit)
  }

  countIn(from: number, to: number): number {
    this.#extend()
    return this.#editsUntil(to) - this.#editsUntil(from)
  }

  bytesIn(from: number, to: number): number {
    this.#extend()
    return this.#bytesUntil(to) - this.#bytesUntil(from)
  }

  #editsUntil(edit: number): number {
    if (edit <= this.#released << SEGMENT_BITS) return this.#editsBefore
    return this.#segmentOf(edit - 1).edits[(edit - 1) % SEGMENT_EDITS]
  }

  #bytesUntil(edit: number): number {
    if (edit <= this.#released << SEGMENT_BITS) return this.#bytesBefore
    return this.#segmentOf(edit - 1).bytes[(edit - 1) % SEGMENT_EDITS]
  }

  #extend(): void {
    const log = this.#log
    const { firstRetained } = log
    while (this.#released << SEGMENT_BITS < firstRetained) this.#release()
    if (this.#length < firstRetained) this.#length = firstRetained
    for (; this.#length < log.length; this.#length++) {
      const edit = this.#length
      if (this.has(edit)) {
        this.#edits++
        this.#bytes += log.bytesOf(edit, edit + 1)
      }
      const { edits, bytes } = this.#segmentOf(edit)
      edits[edit % SEGMENT_EDITS] = this.#edits
      bytes[edit % SEGMENT_EDITS] = this.#bytes
    }
  }

  /** What the log has recycled was summed to its end, or is of no interest to anybody. */
  #release(): void {
    const sums = this.#segments[this.#released]
    const whole = this.#length >= (this.#released + 1) << SEGMENT_BITS
    this.#editsBefore = sums != null && whole ? sums.edits[SEGMENT_EDITS - 1] : this.#edits
    this.#bytesBefore = sums != null && whole ? sums.bytes[SEGMENT_EDITS - 1] : this.#bytes
    this.#segments[this.#released++] = null
  }

  #segmentOf(edit: number): Sums {
    const index = edit >>> SEGMENT_BITS
    const known = this.#segments[index]
    if (known != null) return known
    const fresh = {
      edits: new Float64Array(SEGMENT_EDITS),
      bytes: new Float64Array(SEGMENT_EDITS),
    }
    this.#segments[index] = fresh
    return fresh
  }
}
