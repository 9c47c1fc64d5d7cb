import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { HStore } from './h-store.js'
import type { HFileArchive } from './hfile-archive.js'
import type { Stores } from './stores.js'

export interface DischargerOptions {
  readonly scheduler: Scheduler
  readonly stores: Stores
  readonly archive: HFileArchive
  /** Renames the file into the archive (`HFileIo`). */
  readonly io: { archive(file: HdfsFile): Protocol }
}

/**
 * A region server's chore that moves compacted files without readers to the archive, every
 * `hbase.hfile.compaction.discharger.interval` (CompactedHFilesDischarger).
 *
 * Simplification: it does one file after another, where HBase has 10 threads. Files reach the archive
 * later by the time of the renames before theirs, milliseconds each.
 *
 * @param regions the primaries open on the server
 */
export function* dischargeCompactedHFiles(
  regions: () => Iterable<number>,
  intervalUs: number,
  phaseUs: number,
  options: DischargerOptions,
): Protocol {
  yield phaseUs
  for (;;) {
    for (const region of [...regions()]) {
      for (const store of options.stores.of(region)) {
        yield* closeAndArchiveCompactedFiles(store, options)
      }
    }
    yield intervalUs
  }
}

/**
 * HStore.closeAndArchiveCompactedFiles, which also runs when a region closes. Files that cannot be
 * moved stay for the next time.
 */
export function* closeAndArchiveCompactedFiles(
  store: HStore,
  { archive, io, scheduler }: DischargerOptions,
): Protocol {
  for (const compacted of store.dischargeableFiles) {
    try {
      if (compacted.file !== null) yield* io.archive(compacted.file)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      continue
    }
    if (!store.compactedFiles.includes(compacted)) continue
    store.discharged(compacted)
    archive.add(compacted, scheduler.now)
  }
}
