import type { Memstores } from './memstores.js'
import type { RecoveredFile } from './recovered-edits.js'
import type { FlushedStoreFile } from './region-flush-options.js'
import { type StoreFile, storeFile } from './store-file.js'

/** The HFile that a flush has written; before its snapshot is dropped. */
export function flushedStoreFile(
  { region, family, bytes, cells, flushOpSeqId, file }: FlushedStoreFile,
  memstores: Memstores,
  nowUs: number,
): StoreFile {
  return storeFile({
    name: file.path,
    region,
    family,
    bytes,
    entries: cells,
    minSequenceId: Math.min(memstores.lowestSequenceIdOf(region, family), flushOpSeqId),
    maxSequenceId: flushOpSeqId,
    createdUs: nowUs,
    file,
  })
}

/** What the split of a WAL has left for a region, as HFiles of its families. */
export function recoveredStoreFiles(
  { region, families, file }: RecoveredFile,
  nowUs: number,
): StoreFile[] {
  return families.map(({ family, bytes, minSequenceId, maxSequenceId }) =>
    storeFile({
      name: file.path,
      region,
      family,
      bytes,
      entries: maxSequenceId - minSequenceId + 1,
      minSequenceId,
      maxSequenceId,
      createdUs: nowUs,
      file,
    }),
  )
}
