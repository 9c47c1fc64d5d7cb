import type { Protocol } from '../../kernel/process.js'
import type { MemStoreFlusher } from './mem-store-flusher.js'
import type { RegionFlush } from './region-flush.js'

export interface PeriodicMemStoreFlusherOptions {
  readonly flusher: MemStoreFlusher
  readonly regionFlush: RegionFlush
  /** The regions that are open on the server. */
  regions(): readonly number[]
  /** `hbase.regionserver.flush.check.period` */
  readonly checkPeriodUs: number
  /** Phase of the server's periodic threads; 0: none. */
  readonly phaseUs: number
  /**
   * Random delay of the `n`-th periodic flush of a region, below
   * `hbase.regionserver.periodicmemstoreflusher.rangeofdelayseconds`.
   */
  flushDelayUs(region: number, n: number): number
  /** Brings the server's write path up to now. */
  advance(): void
}

/**
 * HRegionServer's PeriodicMemStoreFlusher chore: asks for the flush of regions that have an old edit
 * or many changes, each after a random delay so that a table does not flush all at once.
 */
export function* periodicMemStoreFlusher(options: PeriodicMemStoreFlusherOptions): Protocol {
  const { flusher, regionFlush, checkPeriodUs, phaseUs } = options
  const flushes = new Map<number, number>()
  if (phaseUs > 0) yield phaseUs
  for (;;) {
    yield checkPeriodUs
    options.advance()
    for (const region of options.regions()) {
      const reason = regionFlush.shouldFlush(region)
      if (reason === null) continue
      const n = flushes.get(region) ?? 0
      const delayUs = options.flushDelayUs(region, n)
      if (flusher.requestFlush(region, { reason, delayUs })) flushes.set(region, n + 1)
    }
  }
}
