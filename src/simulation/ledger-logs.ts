import { Durability } from '../hbase/regionserver/durability.js'
import type { Memstores } from '../hbase/regionserver/memstores.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { WalGroup } from '../hbase/wal/wal-group.js'
import type { LedgerLog } from '../measure/acknowledgements.js'
import type { Cluster } from './cluster.js'

/** The logs of a server as the ledgers see them, in the order of their ids. */
export function ledgerLogs(server: RegionServer, { durabilities, files }: Cluster): LedgerLog[] {
  const advance = () => server.advance()
  const isAsync = durabilities?.has(Durability.ASYNC_WAL) === true
  const logs: LedgerLog[] = server.groups.map((group) => {
    const { log } = group
    return isAsync ? { log, advance, inWals: () => inWals(server, group) } : { log, advance }
  })
  const { skippedWal } = server
  if (skippedWal !== null) {
    const firstUnflushed = firstUnflushedOf(skippedWal, files.memstores)
    logs.push({ log: skippedWal, advance, inWals: () => 0, firstUnflushed })
  }
  return logs
}

/** What a server that died had sent may be in its last WAL: recovery will find it, or not. */
function inWals({ alive, writePath }: RegionServer, { wal, index }: WalGroup): number {
  const { syncedEdits } = writePath.wals[index]
  if (alive || wal.beingWritten) return syncedEdits
  return Math.max(syncedEdits, wal.from + wal.entries)
}

/** It only goes up, as what is flushed does. */
function firstUnflushedOf(log: EditLog, memstores: Memstores): () => number {
  let first = 0
  return () => {
    while (first < log.length) {
      if (log.sequenceId(first) > memstores.flushedSequenceId(log.region(first))) break
      first++
    }
    return first
  }
}
