import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { RegionServer } from './region-server.js'
import type { Wal } from './wal.js'

export interface LogCleanerOptions {
  readonly scheduler: Scheduler
  readonly servers: readonly RegionServer[]
  /** `hbase.master.cleaner.interval` and the phase of its first run. */
  readonly intervalUs: number
  readonly phaseUs: number
  /** `hbase.master.logcleaner.ttl` */
  readonly ttlUs: number
  /** Every other delegate agrees: replication has passed the file on every peer. */
  mayDelete(server: RegionServer, wal: Wal): boolean
}

/** The master's chore that deletes archived WALs: old enough, and wanted by no peer. */
export function* cleanLogs(options: LogCleanerOptions): Protocol {
  const { scheduler, servers, intervalUs, phaseUs, ttlUs } = options
  yield phaseUs
  for (;;) {
    for (const server of servers) {
      for (const wal of server.oldWals.slice()) {
        // The file's modification time is that of its last write, before it was archived.
        const ageUs = scheduler.now - (wal.closedUs ?? scheduler.now)
        if (ageUs > ttlUs && options.mayDelete(server, wal)) server.deleteOldWal(wal)
      }
    }
    yield intervalUs
  }
}
