import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'

/**
 * Edits of one region with sequence ids `[minSequenceId, maxSequenceId]`, and their bytes.
 *
 * Simplification: bytes are spread evenly over the ids, so where such a range is cut its ids are
 * exact and its bytes are not, by less than the sizes of its edits differ.
 */
export interface IdRange {
  readonly minSequenceId: number
  readonly maxSequenceId: number
  readonly bytes: number
}

/** What a file holds of one family. */
export interface FamilyRange extends IdRange {
  readonly family: number
}

/**
 * What the split of one WAL has left of one region: `recovered.edits/<maxSequenceId>`, or with
 * `hbase.wal.split.to.hfile` an HFile of one family below `recovered.hfiles`.
 */
export interface RecoveredFile {
  readonly region: number
  readonly kind: 'edits' | 'hfile'
  readonly maxSequenceId: number
  readonly families: readonly FamilyRange[]
  readonly file: HdfsFile
}

/** Recovered files of all regions. They are in HDFS, so no server's death takes them. */
export class RecoveredEdits {
  readonly #files = new Map<number, RecoveredFile[]>()

  /** Those of the region in the order of replay: by the highest id, which is the file's name. */
  filesOf(region: number): readonly RecoveredFile[] {
    return this.#files.get(region) ?? []
  }

  /** A split has renamed the file to its final name. One of the same path is replaced. */
  add(file: RecoveredFile): void {
    const { path } = file.file
    const files = this.filesOf(file.region).filter((other) => other.file.path !== path)
    files.push(file)
    files.sort((a, b) => a.maxSequenceId - b.maxSequenceId)
    this.#files.set(file.region, files)
  }

  /** The file has moved into its store. */
  remove(file: RecoveredFile): void {
    const files = this.filesOf(file.region).filter((other) => other !== file)
    this.#files.set(file.region, files)
  }

  /** The region has been opened with them. */
  removeAll(region: number): void {
    this.#files.delete(region)
  }

  /** Bytes that the region's next opening finds. */
  bytesOf(region: number): number {
    return this.filesOf(region).reduce((sum, file) => sum + bytesOf(file.families), 0)
  }
}

export function bytesOf(ranges: readonly IdRange[]): number {
  return ranges.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Bytes of the range's edits with ids up to `sequenceId`. */
export function bytesUpTo(range: IdRange, sequenceId: number): number {
  const { minSequenceId, maxSequenceId, bytes } = range
  if (sequenceId < minSequenceId) return 0
  if (sequenceId >= maxSequenceId) return bytes
  const ids = maxSequenceId - minSequenceId + 1
  return Math.round((bytes * (sequenceId - minSequenceId + 1)) / ids)
}

/** What is left of the range beyond `sequenceId`; null if nothing is. */
export function above(range: IdRange, sequenceId: number): IdRange | null {
  if (sequenceId >= range.maxSequenceId) return null
  if (sequenceId < range.minSequenceId) return range
  return {
    minSequenceId: sequenceId + 1,
    maxSequenceId: range.maxSequenceId,
    bytes: range.bytes - bytesUpTo(range, sequenceId),
  }
}
