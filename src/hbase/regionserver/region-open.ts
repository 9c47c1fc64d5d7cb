import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { Sampler } from '../../storage/sampler.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { RecoveredEdits, RecoveredFile } from './recovered-edits.js'
import { type ReplayMemstore, replayRecoveredEdits } from './replay-recovered-edits.js'
import type { StoreFile } from './store-file.js'

/** The stores of a region that opens. */
export interface OpeningStores {
  /** HFiles of all its families. */
  filesOf(region: number): readonly StoreFile[]
  /** Highest sequence id in the family's HFiles; what is at or below is never replayed. */
  maxSequenceId(region: number, family: number): number
  /** A recovered HFile enters its store (HStore.commitStoreFile, without a flush). */
  addRecovered(file: RecoveredFile): void
}

/** The WAL's side of opening and closing a region (`WritePath`). */
export interface RegionMarkers {
  /** WALUtil.writeMarker: the marker gets the next sequence id and its place in the log, now. */
  appendMarker(region: number, bytes: number, descriptor: MarkerDescriptor): unknown
  /** Ends when what was appended to the region's WAL by now is durable. */
  sync(region: number): Protocol
}

/** HDFS at the machine of the server that opens the region. */
export interface OpeningStorage {
  /** Opens the file and reads all of it. */
  read(file: HdfsFile): Protocol
  delete(file: HdfsFile): Protocol
  /** Moves a recovered HFile into its store's directory. */
  commit(file: HdfsFile): Protocol
}

export interface RegionOpenOptions {
  readonly scheduler: Scheduler
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  /** See `WritePathOptions.regionName`. */
  regionName(region: number): number
  readonly storage: OpeningStorage
  readonly recoveredEdits: RecoveredEdits
  readonly stores: OpeningStores
  readonly memstore: ReplayMemstore
  /** Sequence id that the region's next edit or marker gets. */
  nextSequenceId(region: number): number
  readonly wal: RegionMarkers
  /** `hbase.hregion.memstore.flush.size` */
  readonly flushSize: number
  /**
   * Flushes the memstore of a region that nobody writes, without a WAL and so without markers: the
   * HFiles' highest id is `sequenceId` (HRegion.internalFlushcache with `wal` null).
   */
  flushRecovered(region: number, sequenceId: number): Protocol
  /** Asks for compactions where a store needs one (HRegionServer.postOpenDeployTasks). */
  requestCompaction(region: number): void
  /** The region is served from this instant on. */
  online(region: number): void
}

/** What one opening of a region did. */
export interface RegionOpening {
  readonly hFiles: number
  /** Bytes of recovered.edits that were applied, those of HFiles skipped. */
  readonly replayedBytes: number
  readonly flushes: number
  /** When the replay began and when the last flush after it was over. */
  readonly replayFromUs: number
  readonly replayUntilUs: number
}

export const OPEN: Purpose = { name: 'region.open', sharing: 'matched' }

/** A region event's descriptor: names of region, table and server, and a path for each HFile. */
const REGION_EVENT_BYTES = 256
const STORE_FILE_NAME_BYTES = 40

export function regionEventBytes(hFiles: number): number {
  return REGION_EVENT_BYTES + STORE_FILE_NAME_BYTES * hFiles
}

/**
 * Opens a region (AssignRegionHandler, HRegion.openHRegion): opens its HFiles one after another
 * (`hbase.hstore.open.and.close.threads.max` 1), takes recovered HFiles in, replays recovered.edits,
 * appends and syncs a REGION_OPEN marker; then the region is online. The sequence ids of the region
 * go on behind the highest it ever gave out, where HBase goes on behind the highest it finds. The
 * first of them is both the marker's own and the one that it tells of; HBase's marker has the next.
 *
 * @param opening how often the region was opened before; names the draws
 * @throws IOException what HDFS throws: FAILED_OPEN
 */
export function* openRegion(
  region: number,
  opening: number,
  options: RegionOpenOptions,
): Protocol<RegionOpening> {
  const { scheduler, sampler, stores, memstore, recoveredEdits, wal } = options
  const draws = sampler.entity('regions')
  const name = options.regionName(region)
  // Whatever a server that is gone, or an opening that failed, had in memory is no longer.
  memstore.clear(region)
  yield draws.durationUs(OPEN, 'regionOpen', name, opening)
  yield* takeRecoveredHFilesIn(region, options)
  const hFiles = stores.filesOf(region).length
  yield Math.round(hFiles * draws.draw(OPEN, 'hfileOpen', name, opening, 2))

  const replayFromUs = scheduler.now
  const bytesPerSecond = draws.draw(OPEN, 'recoveredEditsReplay', name, opening, 1)
  const { bytes, flushes } = yield* replayRecoveredEdits(region, bytesPerSecond, options)
  const replayUntilUs = scheduler.now
  for (const { file } of recoveredEdits.filesOf(region)) yield* options.storage.delete(file)
  recoveredEdits.removeAll(region)

  const files = stores.filesOf(region)
  const sequence = options.nextSequenceId(region)
  wal.appendMarker(region, regionEventBytes(files.length), { kind: 'REGION_OPEN', sequence, files })
  yield* wal.sync(region)
  options.requestCompaction(region)
  options.online(region)
  return { hFiles, replayedBytes: bytes, flushes, replayFromUs, replayUntilUs }
}

/** HRegion.loadRecoveredHFilesIfAny. One that a former opening has committed is there no more. */
function* takeRecoveredHFilesIn(region: number, options: RegionOpenOptions): Protocol {
  const { recoveredEdits, stores, storage } = options
  for (const recovered of recoveredEdits.filesOf(region)) {
    if (recovered.kind !== 'hfile') continue
    yield* storage.commit(recovered.file)
    recoveredEdits.remove(recovered)
    stores.addRecovered(recovered)
  }
}
