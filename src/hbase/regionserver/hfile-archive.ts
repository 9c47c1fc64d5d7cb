import type { StoreFile } from './store-file.js'

/** An HFile that no store has any more. */
export interface ArchivedHFile {
  readonly file: StoreFile
  /** The rename sets the file's modification time (`renameAndSetModifyTime`), which the TTL is from. */
  readonly archivedUs: number
}

/** The cluster's directory of archived HFiles. */
export class HFileArchive {
  readonly #files = new Map<StoreFile, ArchivedHFile>()
  /** Files that were deleted so far. */
  deleted = 0

  /** In the order in which they came. */
  get files(): readonly ArchivedHFile[] {
    return [...this.#files.values()]
  }

  add(file: StoreFile, archivedUs: number): void {
    this.#files.set(file, { file, archivedUs })
  }

  has(file: StoreFile): boolean {
    return this.#files.has(file)
  }

  remove({ file }: ArchivedHFile): void {
    if (this.#files.delete(file)) this.deleted++
  }
}
