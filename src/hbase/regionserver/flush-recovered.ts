import type { Protocol } from '../../kernel/process.js'
import type { HFileIo } from './hfile-io.js'
import type { Memstores } from './memstores.js'
import type { FlushedStoreFile } from './region-flush-options.js'

export interface FlushRecoveredOptions {
  readonly memstores: Pick<
    Memstores,
    'families' | 'lowestSequenceIdOf' | 'snapshot' | 'snapshots' | 'commit'
  >
  readonly hfiles: HFileIo
  /** The file is in its store, at this instant. */
  addStoreFile(file: FlushedStoreFile): void
}

/**
 * Flushes a region that opens and that nobody writes: neither lock nor WAL, hence no markers
 * (HRegion.internalFlushcache with `wal` null, as replayRecoveredEdits calls it).
 *
 * @param sequenceId the highest that was applied; it becomes the HFiles' highest
 * @throws IOException as `HFileIo.write`: the region cannot be opened
 */
export function* flushRecovered(
  region: number,
  sequenceId: number,
  options: FlushRecoveredOptions,
): Protocol {
  const { memstores, hfiles, addStoreFile } = options
  const all = Array.from({ length: memstores.families(region) }, (_, family) => family)
  // A family to which nothing was applied may have HFiles with higher ids.
  const families = all.filter(
    (family) => memstores.lowestSequenceIdOf(region, family) <= sequenceId,
  )
  memstores.snapshot(region, families)
  const written: FlushedStoreFile[] = []
  for (const snapshot of memstores.snapshots(region)) {
    const file = yield* hfiles.writeTmp(region, snapshot.family, 'flush', snapshot.bytes)
    written.push({ ...snapshot, region, flushOpSeqId: sequenceId, file })
  }
  for (const { file } of written) yield* hfiles.commit(file)
  for (const file of written) addStoreFile(file)
  memstores.commit(region, sequenceId)
}
