import type { HdfsFile } from './hdfs-file.js'

/** Somebody who keeps account of what would survive of some files. */
export interface FileWatcher {
  /** Right before something alters what survives of watched files: account up to now. */
  changing(): void
  /** Right after it, for each file. */
  changed(file: HdfsFile): void
}

/** Tells watchers what happens to the files whose path begins with their prefix. */
export class FileWatchers {
  readonly #watched: { readonly prefix: string; readonly watcher: FileWatcher }[] = []

  add(prefix: string, watcher: FileWatcher): void {
    this.#watched.push({ prefix, watcher })
  }

  /** Does `effect`, which alters `files` and may rename them to `pathAfter`. */
  around<T>(
    files: readonly HdfsFile[],
    effect: () => T,
    pathAfter: (file: HdfsFile) => string = ({ path }) => path,
  ): T {
    const told = this.#watched.map(({ prefix, watcher }) => {
      const isSeen = (file: HdfsFile) =>
        file.path.startsWith(prefix) || pathAfter(file).startsWith(prefix)
      return { watcher, seen: files.filter(isSeen) }
    })
    for (const { watcher, seen } of told) if (seen.length > 0) watcher.changing()
    const result = effect()
    for (const { watcher, seen } of told) for (const file of seen) watcher.changed(file)
    return result
  }
}
