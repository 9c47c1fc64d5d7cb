import type { RegionFlushOptions } from './region-flush-options.js'

/** HRegion.SYSTEM_CACHE_FLUSH_INTERVAL */
const SYSTEM_CACHE_FLUSH_INTERVAL_US = 300_000_000

type PolicyOptions = Pick<
  RegionFlushOptions,
  | 'scheduler'
  | 'memstores'
  | 'accounting'
  | 'flushSizeLowerBoundMin'
  | 'flushIntervalUs'
  | 'flushPerChanges'
  | 'isSystemTable'
>

/**
 * Which families of a region to flush (FlushAllLargeStoresPolicy): those larger than their share of
 * the flush size and those that are due by age or changes; all if there is none. A region with one
 * family flushes that.
 */
export function selectStoresToFlush(options: PolicyOptions, region: number): readonly number[] {
  const { memstores, flushSizeLowerBoundMin } = options
  const families = allFamilies(memstores.families(region))
  if (families.length === 1) return families
  const share = Math.floor(memstores.flushSize / families.length)
  const lowerBound = Math.max(share, flushSizeLowerBoundMin)
  const selected = families.filter(
    (family) =>
      memstores.activeBytes(region, family) > lowerBound ||
      shouldFlushStore(options, region, family),
  )
  return selected.length > 0 ? selected : families
}

/**
 * HRegion.shouldFlush, the periodic flusher's question.
 *
 * @param earliestFlushUs when the region's longest unflushed family was flushed last, or the region
 *   opened
 * @returns why the region is to be flushed, null if it is not
 */
export function shouldFlush(
  options: PolicyOptions,
  region: number,
  earliestFlushUs: number,
): 'age' | 'changes' | null {
  const { memstores, scheduler, flushPerChanges } = options
  const flushedId = memstores.flushedSequenceId(region)
  if (flushedId > 0 && flushedId + flushPerChanges < memstores.lastSequenceId(region)) {
    return 'changes'
  }
  const system = options.isSystemTable(region)
  const intervalUs = system ? SYSTEM_CACHE_FLUSH_INTERVAL_US : options.flushIntervalUs
  if (intervalUs <= 0 || scheduler.now - earliestFlushUs < intervalUs) return null
  const families = allFamilies(memstores.families(region))
  const tooOldUs = scheduler.now - intervalUs
  return families.some((family) => memstores.oldestUsOf(region, family) < tooOldUs) ? 'age' : null
}

export function allFamilies(count: number): number[] {
  return Array.from({ length: count }, (_, family) => family)
}

/** HRegion.shouldFlushStore */
function shouldFlushStore(options: PolicyOptions, region: number, family: number): boolean {
  const { memstores, scheduler, flushIntervalUs, flushPerChanges } = options
  const flushedId = options.accounting(region).lowestUnflushedOf(region, family) - 1
  if (flushedId > 0 && flushedId + flushPerChanges < memstores.lastSequenceId(region)) return true
  if (flushIntervalUs <= 0) return false
  return memstores.oldestUsOf(region, family) < scheduler.now - flushIntervalUs
}
