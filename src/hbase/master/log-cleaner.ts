import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'

/** Who holds archived WALs: an incarnation of a region server, alive or not. */
export interface OldWalsOwner<Wal extends ClosedWal> {
  readonly oldWals: readonly Wal[]
  deleteOldWal(wal: Wal): void
}

interface ClosedWal {
  /** When the file was last modified. */
  readonly closedUs: number | null
}

export interface LogCleanerOptions<Wal extends ClosedWal> {
  readonly scheduler: Scheduler
  /** All incarnations of all region servers there have been. */
  owners(): Iterable<OldWalsOwner<Wal>>
  /** `hbase.master.cleaner.interval` and the phase of its first run. */
  readonly intervalUs: number
  readonly phaseUs: number
  /** `hbase.master.logcleaner.ttl` */
  readonly ttlUs: number
  /**
   * Called before each run, as a delegate's preClean: looks at how things are and returns what the
   * delegates beside the TTL say of a WAL in this run.
   */
  preClean(): (wal: Wal) => boolean
}

/**
 * The master's chore that deletes archived WALs: old enough (TimeToLiveLogCleaner), and wanted by no
 * peer. A file is as old as its last modification, its closing, whenever it was archived.
 */
export function* cleanLogs<Wal extends ClosedWal>(options: LogCleanerOptions<Wal>): Protocol {
  const { scheduler, owners, intervalUs, phaseUs, ttlUs, preClean } = options
  yield phaseUs
  for (;;) {
    const isDeletable = preClean()
    for (const owner of owners()) {
      for (const wal of owner.oldWals.slice()) {
        const ageUs = scheduler.now - (wal.closedUs ?? scheduler.now)
        if (ageUs > ttlUs && isDeletable(wal)) owner.deleteOldWal(wal)
      }
    }
    yield intervalUs
  }
}
