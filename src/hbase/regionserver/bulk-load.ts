import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import { type StoreFile, storeFile } from './store-file.js'
import type { Stores } from './stores.js'

/** An HFile that others have written, for one family of one region. */
export interface HFileToLoad {
  readonly name: string
  readonly family: number
  readonly bytes: number
  readonly entries: number
  readonly oldestCellUs: number
  /** Null if HDFS does not model it: no time is taken to move it. */
  readonly file: HdfsFile | null
}

export interface BulkLoadOptions {
  readonly scheduler: Scheduler
  readonly stores: Stores
  /**
   * Flushes all families of the region.
   *
   * @returns the flush's sequence id, also if the memstore was empty; null if another flush was under
   *   way, once that one has ended
   * @throws IOException if nothing was flushed
   */
  flush(region: number): Protocol<number | null>
  /** Moves the file into its store's directory. */
  commit(file: HdfsFile): Protocol
  /** Appends the bulk load's marker of so many bytes to the region's WAL and syncs it. */
  writeMarker(region: number, bytes: number, descriptor: MarkerDescriptor): Protocol
  /** The server ends: files are loaded that the WAL cannot tell of. */
  abort(reason: string): void
}

/** Sequence id of a file that was given none; it counts as older than all others. */
const NO_SEQUENCE_ID = -1

/** Serialized BulkLoadDescriptor with WAL key: names of table and region, and per file its path. */
const MARKER_BYTES = 250
const FILE_BYTES = 100

/**
 * Loads files into a region (HRegion.bulkLoadHFiles). With `assignSequenceId` (HBase's client asks
 * for it) the region is flushed first and the files get the id of that flush: it is higher than all
 * that is in HFiles and lower than all that will be in the memstore. A flush under way is waited for
 * instead, and the files get no id (so HBase 2). Files that were moved when one fails stay loaded,
 * and the marker tells of them.
 *
 * @returns the files as their stores have them; empty if the marker could not be written
 * @throws IOException what HDFS throws
 */
export function* bulkLoadHFiles(
  region: number,
  files: readonly HFileToLoad[],
  assignSequenceId: boolean,
  options: BulkLoadOptions,
): Protocol<readonly StoreFile[]> {
  const flushed = assignSequenceId ? yield* options.flush(region) : null
  const loaded: StoreFile[] = []
  const sequenceId = flushed ?? NO_SEQUENCE_ID
  const failure = yield* load(region, files, sequenceId, loaded, options)
  const told = loaded.length === 0 || (yield* tell(region, sequenceId, loaded, options))
  if (failure !== null) throw failure
  return told ? loaded : []
}

/** Moves file by file into the store, up to the first that fails. */
function* load(
  region: number,
  files: readonly HFileToLoad[],
  sequenceId: number,
  loaded: StoreFile[],
  { commit, scheduler, stores }: BulkLoadOptions,
): Protocol<IOException | null> {
  for (const parts of files) {
    try {
      if (parts.file !== null) yield* commit(parts.file)
    } catch (error) {
      if (error instanceof IOException) return error
      throw error
    }
    const loadedFile = storeFile({
      ...parts,
      name: parts.file?.path ?? parts.name,
      region,
      minSequenceId: sequenceId,
      maxSequenceId: sequenceId,
      createdUs: scheduler.now,
      bulkLoaded: true,
    })
    stores.store(region, parts.family).add(loadedFile)
    loaded.push(loadedFile)
  }
  return null
}

function* tell(
  region: number,
  sequence: number,
  files: readonly StoreFile[],
  { writeMarker, abort }: BulkLoadOptions,
): Protocol<boolean> {
  try {
    const bytes = MARKER_BYTES + FILE_BYTES * files.length
    yield* writeMarker(region, bytes, { kind: 'BULK_LOAD', sequence, files })
    return true
  } catch (error) {
    if (!(error instanceof IOException)) throw error
    abort('Failed to write bulk load event into WAL.')
    return false
  }
}
