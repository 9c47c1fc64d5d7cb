import type { StoreFile } from '../regionserver/store-file.js'
import { SortedCompactionPolicy } from './sorted-compaction-policy.js'

/**
 * The older policy: all files from the first that is not much larger than those after it. HBase's
 * branch for stores that may be stuck is never reached, so there is none here.
 */
export class RatioBasedCompactionPolicy extends SortedCompactionPolicy {
  /**
   * Whether the oldest file is old enough. A file alone is not compacted again once it is the output
   * of a compaction of all files, unless cells of it have outlived their TTL.
   */
  override shouldPerformMajorCompaction(files: readonly StoreFile[], nowUs: number): boolean {
    const afterUs = this.nextMajorCompactUs(files)
    if (files.length === 0 || afterUs === 0) return false
    const oldestUs = files.reduce((us, file) => Math.min(us, file.createdUs), Infinity)
    if (oldestUs >= nowUs - afterUs) return false
    if (files.length > 1) return true
    const [{ entries, oldestCellUs }] = files
    return entries > 0 && nowUs - oldestCellUs > this.configuration.ttlUs
  }

  protected override selectMinorCompaction(
    candidates: readonly StoreFile[],
    mayUseOffPeak: boolean,
    mayBeStuck: boolean,
  ): readonly StoreFile[] {
    const minor = candidates.filter((file) => !file.excludedFromMinorCompaction)
    const selected = this.applyCompactionPolicy(minor, mayUseOffPeak, mayBeStuck)
    return selected.length < this.configuration.minFiles ? [] : selected
  }

  protected applyCompactionPolicy(
    candidates: readonly StoreFile[],
    mayUseOffPeak: boolean,
    _mayBeStuck: boolean,
  ): readonly StoreFile[] {
    const { minFiles, maxFiles, minSizeBytes, ratio, offPeakRatio } = this.configuration
    const factor = mayUseOffPeak ? offPeakRatio : ratio
    const fits = ({ bytes }: StoreFile, index: number) => {
      const newerBytes = sumOf(candidates, index + 1, index + maxFiles)
      return bytes <= Math.max(minSizeBytes, Math.floor(newerBytes * factor))
    }
    let start = 0
    while (candidates.length - start >= minFiles && !fits(candidates[start], start)) start++
    return candidates.slice(start)
  }
}

function sumOf(files: readonly StoreFile[], from: number, to: number): number {
  let bytes = 0
  for (let i = from; i < to && i < files.length; i++) bytes += files[i].bytes
  return bytes
}
