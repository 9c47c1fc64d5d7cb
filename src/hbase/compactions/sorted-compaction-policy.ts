import type { DrawStream } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import { bytesIn, type StoreFile } from '../regionserver/store-file.js'
import type { CompactionConfiguration } from './compaction-configuration.js'
import type { CompactionRequest } from './compaction-request.js'

/** What a selection is asked for. */
export interface CompactionDemand {
  /** A user asked, not the server itself. */
  readonly user: boolean
  /** A major compaction is asked for. */
  readonly forceMajor: boolean
  /** It is an off-peak hour and no other off-peak compaction of the server is under way. */
  readonly mayUseOffPeak: boolean
  readonly nowUs: number
}

/** Selects neighbouring files in order of sequence ids (HBase's SortedCompactionPolicy). */
export abstract class SortedCompactionPolicy {
  /** @param jitter draws the jitter of major compactions, named by a file */
  constructor(
    readonly configuration: CompactionConfiguration,
    private readonly jitter: DrawStream,
  ) {}

  /**
   * What to compact now.
   *
   * @param files of the store, oldest first
   * @param compacting those of them that are being compacted or about to be, oldest first
   */
  selectCompaction(
    files: readonly StoreFile[],
    compacting: readonly StoreFile[],
    demand: CompactionDemand,
  ): CompactionRequest {
    const { blockingFiles, maxFiles } = this.configuration
    const { mayUseOffPeak, nowUs, user } = demand
    const filesToCome = compacting.length === 0 ? 0 : 1
    const mayBeStuck = files.length - compacting.length + filesToCome >= blockingFiles
    const eligible = newerThan(compacting.at(-1), files)
    const forceMajor = demand.forceMajor && eligible.length === files.length
    const candidates = forceMajor ? eligible : this.skipLargeFiles(eligible, mayUseOffPeak)
    const isMajorDue = forceMajor || this.shouldPerformMajorCompaction(candidates, nowUs)
    const tryMajor = (forceMajor && user) || (isMajorDue && candidates.length < maxFiles)
    const takeAll = tryMajor || candidates.some(({ isReference }) => isReference)
    const selected = takeAll
      ? candidates
      : this.selectMinorCompaction(candidates, mayUseOffPeak, mayBeStuck)
    const kept = tryMajor && user ? selected : selected.slice(0, maxFiles)
    const isAllFiles = kept.length === files.length
    return {
      files: kept,
      bytes: bytesIn(kept),
      isAllFiles,
      isMajor: tryMajor && isAllFiles,
      isOffPeak: kept.length > 0 && !isAllFiles && mayUseOffPeak,
    }
  }

  /** Whether there may be something to select, by numbers alone. */
  needsCompaction(files: readonly StoreFile[], compacting: readonly StoreFile[]): boolean {
    return files.length - compacting.length >= this.configuration.minFiles
  }

  /** Whether a compaction of so many bytes belongs to the large pool. */
  throttleCompaction(bytes: number): boolean {
    return bytes > this.configuration.throttleBytes
  }

  /**
   * Age of the oldest file at which all are compacted, 0 if never. Its jitter hangs on the name of
   * the oldest file alone, so that looking often does not make it come sooner. HBase seeds Java's
   * Random with the hash of the name; this hash is another, so single stores get other ages.
   */
  nextMajorCompactUs(files: readonly StoreFile[]): number {
    const { majorPeriodUs, majorJitter } = this.configuration
    if (majorPeriodUs === 0 || majorJitter === 0) return majorPeriodUs
    if (files.length === 0) return 0
    const jitterUs = Math.round(majorPeriodUs * majorJitter)
    const draw = this.jitter.uniform(hashOf(files[0].name))
    return majorPeriodUs + jitterUs - Math.round(2 * jitterUs * draw)
  }

  abstract shouldPerformMajorCompaction(files: readonly StoreFile[], nowUs: number): boolean

  /** Neighbours among `candidates`, none if no selection is worth it. */
  protected abstract selectMinorCompaction(
    candidates: readonly StoreFile[],
    mayUseOffPeak: boolean,
    mayBeStuck: boolean,
  ): readonly StoreFile[]

  /** Without the oldest files that are too large, up to the first that is not or is a reference. */
  private skipLargeFiles(files: readonly StoreFile[], offPeak: boolean): readonly StoreFile[] {
    const { maxSizeBytes, offPeakMaxSizeBytes } = this.configuration
    const limitBytes = offPeak ? offPeakMaxSizeBytes : maxSizeBytes
    const first = files.findIndex((file) => file.isReference || file.bytes <= limitBytes)
    return first === -1 ? [] : files.slice(first)
  }
}

/** Files between those being compacted are left alone: outputs stay neighbours (HBASE-2856). */
function newerThan(last: StoreFile | undefined, files: readonly StoreFile[]): readonly StoreFile[] {
  if (last === undefined) return files
  const index = files.indexOf(last)
  invariant(index !== -1, 'a file is being compacted that its store does not have')
  return files.slice(index + 1)
}

function hashOf(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(31, hash) + name.charCodeAt(i)) | 0
  return hash >>> 0
}
