import type { Host, Protocol } from '../../kernel/process.js'
import { IOException } from '../../storage/io-exception.js'
import { inParallel } from './in-parallel.js'
import { DroppedSnapshotException } from './region-flush.js'
import { type RegionMarkers, regionEventBytes } from './region-open.js'

/** The flushes of a region that closes (`RegionFlush`). */
export interface ClosingFlushes {
  /** No flush but `flushToClose` begins any more; ends when the one under way is over. */
  disable(region: number): Protocol
  /** Flushes all families. */
  flushToClose(region: number): Protocol<unknown>
}

export interface RegionCloseOptions {
  readonly flushes: ClosingFlushes
  readonly wal: RegionMarkers
  /** In the region's memstore. */
  memstoreBytes(region: number): number
  /** `hbase.hregion.preclose.flush.size` */
  readonly precloseFlushSize: number
  /** HFiles of all families. */
  filesOf(region: number): number
  /** MVCC's read point; nobody writes any more when it is asked for. */
  readPoint(region: number): number
  /** Its replicas are sent nothing more; ends when nothing is under way to them (HBase 3). */
  stopReplication(region: number): Protocol
  /** No compaction of the region begins any more, those under way end (`writesEnabled`). */
  stopCompactions(region: number): Protocol
  /**
   * The region's close lock: calls that come later are answered NotServingRegionException; ends when
   * those under way are done (`WritePath.closeRegion`).
   */
  stopServing(region: number): Protocol
}

/** HRegion.doClose gives up when so many flushes left as much as there was. */
const MAX_FAILED_FLUSHES = 5

/**
 * HRegion.doClose: flushes a large memstore while it is still written, so that little is left to
 * flush when nobody may write any more; then a REGION_CLOSE marker, synced. A region of a server
 * that aborts does nothing of this.
 *
 * @throws IOException nothing can be flushed or synced: UnassignRegionHandler aborts the server
 */
export function* closeRegion(region: number, options: RegionCloseOptions): Protocol {
  const { flushes, wal, precloseFlushSize } = options
  yield* options.stopCompactions(region)
  yield* flushes.disable(region)
  if (options.memstoreBytes(region) > precloseFlushSize) yield* preflush(region, flushes)
  yield* options.stopReplication(region)
  yield* options.stopServing(region)
  yield* flushAll(region, options)
  wal.appendMarker(region, regionEventBytes(options.filesOf(region)), {
    kind: 'REGION_CLOSE',
    sequence: options.readPoint(region),
  })
  yield* wal.sync(region)
}

/** One that fails is no hindrance, unless it dropped its snapshot. */
function* preflush(region: number, flushes: ClosingFlushes): Protocol {
  try {
    yield* flushes.flushToClose(region)
  } catch (error) {
    if (!(error instanceof IOException) || error instanceof DroppedSnapshotException) throw error
  }
}

/** The first flush may find a snapshot that an earlier one has left. */
function* flushAll(region: number, { flushes, memstoreBytes }: RegionCloseOptions): Protocol {
  let failures = 0
  for (let left = memstoreBytes(region); left > 0; ) {
    yield* flushes.flushToClose(region)
    const now = memstoreBytes(region)
    if (now >= left && ++failures > MAX_FAILED_FLUSHES) {
      throw new IOException('closed', `region ${region} cannot be emptied`)
    }
    left = now
  }
}

/**
 * Closes all regions of a server that stops (HRegionServer.closeUserRegions), as many at once as it
 * has CloseRegionHandler threads (`hbase.regionserver.executor.closeregion.threads`).
 *
 * @throws IOException that of the first region that could not be closed, when the others are
 */
export function* closeRegions(
  regions: readonly number[],
  threads: number,
  host: Host,
  close: (region: number) => Protocol,
): Protocol {
  const tasks = regions.map((region) => close(region))
  yield* inParallel(tasks, threads, host, 'CloseRegionHandler')
}

/** A server that stops, and its regions. */
export interface StoppingServer {
  readonly host: Host
  /** `hbase.regionserver.executor.closeregion.threads` */
  readonly threads: number
  /** Ends when no region is being opened or closed. */
  settle(): Protocol
  /** Regions that it serves. */
  open(): readonly number[]
  isMeta(region: number): boolean
  close(region: number): Protocol
}

/**
 * Closes the users' regions and then hbase:meta (HRegionServer.closeUserRegions, closeMetaTableRegions),
 * those that were being opened when it began, too (waitOnAllRegionsToClose). Ends early if one cannot
 * be closed: then the server aborts.
 */
export function* closeAllRegions(server: StoppingServer): Protocol {
  const { host, threads, settle, open, isMeta, close } = server
  try {
    for (;;) {
      yield* settle()
      const all = open()
      if (all.length === 0) return
      const users = all.filter((region) => !isMeta(region))
      yield* closeRegions(users.length > 0 ? users : all, threads, host, close)
    }
  } catch (error) {
    if (!(error instanceof IOException)) throw error
  }
}
