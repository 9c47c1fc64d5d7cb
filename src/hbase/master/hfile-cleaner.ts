import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { HFileArchive } from '../regionserver/hfile-archive.js'
import type { StoreFile } from '../regionserver/store-file.js'

export interface HFileCleanerOptions {
  readonly scheduler: Scheduler
  readonly archive: HFileArchive
  /** `hbase.master.cleaner.interval` and the phase of its first run. */
  readonly intervalUs: number
  readonly phaseUs: number
  /** `hbase.master.hfilecleaner.ttl` */
  readonly ttlUs: number
  /** What the delegates beside the TTL say: a reference, a backup or a peer still needs the file. */
  isReferenced(file: StoreFile): boolean
  readonly io: { remove(file: HdfsFile): Protocol }
}

/**
 * The master's chore that deletes archived HFiles: longer in the archive than the TTL
 * (TimeToLiveHFileCleaner) and needed by nobody. One that HDFS does not delete stays for the next run.
 */
export function* cleanHFiles(options: HFileCleanerOptions): Protocol {
  const { scheduler, archive, intervalUs, phaseUs, ttlUs, isReferenced, io } = options
  yield phaseUs
  for (;;) {
    for (const archived of archive.files) {
      const { file } = archived.file
      if (scheduler.now - archived.archivedUs <= ttlUs || isReferenced(archived.file)) continue
      try {
        if (file !== null) yield* io.remove(file)
        archive.remove(archived)
      } catch (error) {
        if (!(error instanceof IOException)) throw error
      }
    }
    yield intervalUs
  }
}
