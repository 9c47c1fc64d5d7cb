import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { StoreFile } from '../hbase/regionserver/store-file.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Wal } from '../hbase/wal/wal.js'
import type { Cluster } from './cluster.js'

/** Visits every retained edit of the log whose client was answered. */
export function forEachAnswered(log: EditLog, visit: (edit: number) => void): void {
  for (let edit = log.firstRetained; edit < log.length; edit++) {
    // Markers are acknowledged at -Infinity, what is not yet answered at Infinity.
    if (Number.isFinite(log.acknowledgedUs(edit))) visit(edit)
  }
}

/** Edits `[from, to)` of a log. */
export interface EditRange {
  readonly from: number
  readonly to: number
}

/** What recovery will find in the WALs of a log that it would still split. */
export function editsToSplit(server: RegionServer, log: EditLog): EditRange[] {
  const wals = server.wals().filter((wal) => wal.log === log && wal.archivedUs === null)
  return wals.map((wal) => ({ from: wal.from, to: endOf(wal) }))
}

/**
 * Whether each family of the edit's region has it in an HFile, or in a WAL or recovered file of
 * which a recovery takes it: the splitter leaves out what the master knows to be flushed, the replay
 * what is not beyond the family's HFiles.
 *
 * @param toSplit of the edit's log
 */
export function isInFiles(
  { files, master }: Cluster,
  toSplit: readonly EditRange[],
  log: EditLog,
  edit: number,
): boolean {
  const region = log.region(edit)
  const id = log.sequenceId(edit)
  let inWal: boolean | null = null
  for (const store of files.stores.of(region)) {
    if (id <= store.maxSequenceId) {
      if (store.files.some((file) => covers(file, id))) continue
      return false
    }
    const recovered = files.recoveredEdits.filesOf(region).some(({ families }) =>
      families.some(({ family, minSequenceId, maxSequenceId }) => {
        return family === store.family && minSequenceId <= id && id <= maxSequenceId
      }),
    )
    if (recovered) continue
    if (id <= master.flushed.of(region, store.family)) return false
    inWal ??= toSplit.some(({ from, to }) => from <= edit && edit < to)
    if (!inWal) return false
  }
  return true
}

/** Whether the server that serves the edit's region has it in memory, in each family or in HFiles. */
export function isInMemory({ files, locations }: Cluster, log: EditLog, edit: number): boolean {
  const region = log.region(edit)
  if (locations.serverOf(region) === null) return false
  const id = log.sequenceId(edit)
  return files.stores.of(region).every(({ family, files: hFiles }) => {
    if (files.memstores.lowestSequenceIdOf(region, family) <= id) return true
    return hFiles.some((hFile) => covers(hFile, id))
  })
}

/** What is left in `.tmp` is removed when the region opens anew (HRegion.cleanupTempDir). */
function covers(
  { minSequenceId, maxSequenceId, bulkLoaded, file }: StoreFile,
  id: number,
): boolean {
  if (id < minSequenceId || id > maxSequenceId || bulkLoaded) return false
  return file === null || !(file.deleted || file.path.includes('/.tmp/'))
}

/** Behind the last edit that recovery will find; a loss of power has cut the file short already. */
function endOf({ file, from, recoverableEntries }: Wal): number {
  return Math.min(from + recoverableEntries, file.extents.at(-1)?.to ?? from)
}
