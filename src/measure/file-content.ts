import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Extent } from '../storage/extent.js'

/**
 * What a file or stream holds, as positions: the file's n-th edit is at position n. A prefix of the
 * file in bytes is a number of whole edits.
 */
export class FileContent {
  readonly #pieces: Extent[] = []
  /** Bytes and edits before each piece. */
  readonly #bytesBefore: number[] = []
  readonly #editsBefore: number[] = []

  /** Edits in the file. */
  get edits(): number {
    const last = this.#pieces.length - 1
    if (last < 0) return 0
    return this.#editsBefore[last] + this.#pieces[last].to - this.#pieces[last].from
  }

  get bytes(): number {
    const last = this.#pieces.length - 1
    return last < 0 ? 0 : this.#bytesBefore[last] + this.#pieces[last].bytes
  }

  /** Whether `extents` ends before what was seen of it: recovery has cut the file. */
  exceeds(extents: readonly Extent[]): boolean {
    const last = this.#pieces.length - 1
    return last >= extents.length || (last >= 0 && extents[last].to < this.#pieces[last].to)
  }

  /** Takes over `extents`; the same as before up to the last piece, which may have grown. */
  follow(extents: readonly Extent[]): void {
    if (this.exceeds(extents)) this.#cut(extents.length)
    for (let i = Math.max(0, this.#pieces.length - 1); i < extents.length; i++) {
      const before = i - 1
      this.#bytesBefore[i] = i === 0 ? 0 : this.#bytesBefore[before] + extents[before].bytes
      this.#editsBefore[i] =
        i === 0 ? 0 : this.#editsBefore[before] + extents[before].to - extents[before].from
      this.#pieces[i] = extents[i]
    }
  }

  /** How many edits lie whole in the first `bytes` bytes. */
  editsWithin(bytes: number, editsOf: (log: number) => EditLog): number {
    if (bytes >= this.bytes) return this.edits
    const i = lastAtMost(this.#bytesBefore, bytes)
    if (i < 0) return 0
    const piece = this.#pieces[i]
    const inPiece = cutAt(editsOf(piece.log), piece, bytes - this.#bytesBefore[i])
    return this.#editsBefore[i] + inPiece - piece.from
  }

  /** Visits the edits at the positions `[from, to)`. */
  forEachIn(
    from: number,
    to: number,
    visit: (log: number, from: number, to: number) => void,
  ): void {
    if (from >= to) return
    for (let i = lastAtMost(this.#editsBefore, from); i < this.#pieces.length; i++) {
      const before = this.#editsBefore[i]
      if (before >= to) return
      const piece = this.#pieces[i]
      const start = piece.from + Math.max(0, from - before)
      const end = Math.min(piece.to, piece.from + to - before)
      if (start < end) visit(piece.log, start, end)
    }
  }

  #cut(pieces: number): void {
    for (const column of [this.#pieces, this.#bytesBefore, this.#editsBefore]) {
      column.length = Math.min(column.length, pieces)
    }
  }
}

/** Index of the last of the ascending `values` that is at most `limit`; -1 if none is. */
function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle] <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/**
 * End of the edits that lie whole in the first `bytes` bytes of `piece`. Edits whose columns are
 * recycled, because all is done with them, count as inside.
 */
export function cutAt(edits: EditLog, { from, to, bytes: all }: Extent, bytes: number): number {
  const { firstRetained } = edits
  if (from >= firstRetained) return edits.lastWithin(from, to, bytes)
  if (to <= firstRetained) return to
  const recycledBytes = all - edits.bytesOf(firstRetained, to)
  return edits.lastWithin(firstRetained, to, Math.max(0, bytes - recycledBytes))
}
