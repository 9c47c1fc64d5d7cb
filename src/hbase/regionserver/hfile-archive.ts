import type { StoreFile } from './store-file.js'

/** An HFile that no store has any more. */
export interface ArchivedHFile {
  readonly file: StoreFile
  /** The rename sets the file's modification time (`renameAndSetModifyTime`), which the TTL is from. */
  readonly archivedUs: number
}

/** The cluster's directory of archived HFiles. */
export class HFileArchive {
  readonly #files = new Set<ArchivedHFile>()

  /** In the order in which they came. */
  get files(): readonly ArchivedHFile[] {
    return [...this.#files]
  }

  add(file: StoreFile, archivedUs: number): void {
    this.#files.add({ file, archivedUs })
  }

  remove(file: ArchivedHFile): void {
    this.#files.delete(file)
  }
}
