import type { StoreFile } from '../regionserver/store-file.js'
import { RatioBasedCompactionPolicy } from './ratio-based-compaction-policy.js'

/** A selection must be better by so much to take the place of an earlier one of a stuck store. */
const REPLACE_IF_BETTER_BY = 1.05

/** Files `from` to `from + count` of the candidates. */
interface Window {
  readonly from: number
  readonly count: number
  readonly bytes: number
}

const NOTHING: Window = { from: 0, count: 0, bytes: 0 }

/**
 * The default policy: looks at every run of neighbouring files. Of those in ratio it takes the one
 * that does away with most files; in a store that may be stuck the one that does away with most
 * files per byte, and if none is in ratio the smallest.
 */
export class ExploringCompactionPolicy extends RatioBasedCompactionPolicy {
  protected override applyCompactionPolicy(
    candidates: readonly StoreFile[],
    mayUseOffPeak: boolean,
    mayBeStuck: boolean,
  ): readonly StoreFile[] {
    const { maxSizeBytes, offPeakMaxSizeBytes } = this.configuration
    const limitBytes = mayUseOffPeak ? offPeakMaxSizeBytes : maxSizeBytes
    let best = NOTHING
    let smallest = NOTHING
    for (const window of this.windows(candidates)) {
      if (smallest === NOTHING || window.bytes < smallest.bytes) smallest = window
      if (window.bytes > limitBytes || !this.inRatio(candidates, window, mayUseOffPeak)) continue
      if (isBetter(window, best, mayBeStuck)) best = window
    }
    const { from, count } = best.count === 0 && mayBeStuck ? smallest : best
    return candidates.slice(from, from + count)
  }

  /** Every run of as many files as the limits allow: earlier ones first, then shorter ones. */
  private *windows(candidates: readonly StoreFile[]): Generator<Window> {
    const { minFiles, maxFiles } = this.configuration
    for (let from = 0; from < candidates.length; from++) {
      let bytes = 0
      const longest = Math.min(maxFiles, candidates.length - from)
      for (let count = 1; count <= longest; count++) {
        bytes += candidates[from + count - 1].bytes
        if (count >= minFiles) yield { from, count, bytes }
      }
    }
  }

  /** Small in sum, or no file larger than the ratio × the sum of the others. */
  private inRatio(candidates: readonly StoreFile[], window: Window, offPeak: boolean): boolean {
    const { minSizeBytes, ratio, offPeakRatio } = this.configuration
    if (window.bytes < minSizeBytes) return true
    const factor = offPeak ? offPeakRatio : ratio
    for (let i = window.from; i < window.from + window.count; i++) {
      const { bytes } = candidates[i]
      if (bytes > (window.bytes - bytes) * factor) return false
    }
    return true
  }
}

function isBetter(window: Window, best: Window, mayBeStuck: boolean): boolean {
  if (mayBeStuck && best.bytes > 0 && window.bytes > 0) {
    return (best.count / best.bytes) * REPLACE_IF_BETTER_BY < window.count / window.bytes
  }
  return window.count > best.count || (window.count === best.count && window.bytes < best.bytes)
}
