import { IntervalSet } from '../../kernel/interval-set.js'
import { bySequenceId, type StoreFile } from './store-file.js'

/**
 * What a secondary replica sees of the primary's files of one family, through HFileLinks that exist
 * in its memory only (HBase's HStore of a read-only region).
 */
export class SecondaryStore {
  #files: readonly StoreFile[] = []
  #ids = new IntervalSet()

  /** Oldest first. */
  get files(): readonly StoreFile[] {
    return this.#files
  }

  /** Highest sequence id in a file; 0 if there is none. */
  get maxSequenceId(): number {
    return Math.max(0, this.#files.at(-1)?.maxSequenceId ?? 0)
  }

  /** The lowest sequence id, from `id` on, that the files do not cover. */
  firstGapAt(id: number): number {
    return this.#ids.firstGapAt(id)
  }

  /** Files that it has already stay as they are. */
  add(files: readonly StoreFile[]): void {
    this.set([...this.#files, ...files.filter((file) => !this.#files.includes(file))])
  }

  /** Outputs of a compaction are picked up even if it never had the inputs. */
  replace(inputs: readonly StoreFile[], outputs: readonly StoreFile[]): void {
    const kept = this.#files.filter((file) => !inputs.includes(file) && !outputs.includes(file))
    this.set([...kept, ...outputs])
  }

  set(files: readonly StoreFile[]): void {
    this.#files = [...files].sort(bySequenceId)
    this.#ids = new IntervalSet()
    for (const { minSequenceId, maxSequenceId, bulkLoaded } of this.#files) {
      // A loaded file has an id, but none of the region's edits.
      if (bulkLoaded || maxSequenceId < 1) continue
      this.#ids.add(Math.max(1, minSequenceId), maxSequenceId + 1)
    }
  }
}
