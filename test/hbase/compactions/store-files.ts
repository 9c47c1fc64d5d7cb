import type { CompactionConfiguration } from '../../../src/hbase/compactions/compaction-configuration.js'
import { type StoreFile, storeFile } from '../../../src/hbase/regionserver/store-file.js'
import { DrawStream } from '../../../src/kernel/draws.js'

/** Files of one store, oldest first, written at time 0. */
export function filesOf(sizes: readonly number[], changes: Partial<StoreFile> = {}): StoreFile[] {
  return sizes.map((bytes, i) => ({ ...fileOf(i + 1, bytes), ...changes }))
}

/** A flush of `bytes` bytes whose highest sequence id is `sequenceId`. */
export function fileOf(sequenceId: number, bytes: number, changes: Partial<StoreFile> = {}) {
  return storeFile({
    name: `hfile-${sequenceId}`,
    region: 0,
    family: 0,
    bytes,
    entries: bytes,
    minSequenceId: sequenceId,
    maxSequenceId: sequenceId,
    createdUs: 0,
    file: null,
    ...changes,
  })
}

/** The setup COMP of HBase's TestDefaultCompactSelection. */
export const COMP: CompactionConfiguration = {
  minFiles: 3,
  maxFiles: 5,
  minSizeBytes: 10,
  maxSizeBytes: 2100,
  offPeakMaxSizeBytes: 2100,
  ratio: 1,
  offPeakRatio: 5,
  blockingFiles: 10,
  majorPeriodUs: 0,
  majorJitter: 0,
  throttleBytes: Infinity,
  ttlUs: Infinity,
}

export const jitter = new DrawStream(1, 2)
