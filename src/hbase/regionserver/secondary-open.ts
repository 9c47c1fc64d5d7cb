import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Sampler } from '../../storage/sampler.js'
import { OPEN, type RegionOpening } from './region-open.js'
import type { SecondaryRegion } from './secondary-region.js'

export interface SecondaryOpenOptions {
  readonly scheduler: Scheduler
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  /** See `WritePathOptions.regionName`. */
  regionName(region: number): number
  readonly secondary: SecondaryRegion
  /** It serves no reads before its primary has been flushed (triggerFlushInPrimaryRegion). */
  readonly waitsForPrimaryFlush: boolean
  /** It takes calls from this instant on. */
  online(region: number): void
}

/**
 * Opens a secondary replica: it opens the HFiles in the primary's directory, one after another; it
 * replays no recovered.edits and writes no marker (HRegion.initialize of a read-only region).
 *
 * @param opening how often the region was opened before; names the draws
 * @throws IOException when the directory cannot be listed: FAILED_OPEN
 */
export function* openSecondary(
  region: number,
  opening: number,
  options: SecondaryOpenOptions,
): Protocol<RegionOpening> {
  const { scheduler, sampler, secondary, waitsForPrimaryFlush } = options
  const draws = sampler.entity('regions')
  const name = options.regionName(region)
  yield draws.durationUs(OPEN, 'regionOpen', name, opening)
  secondary.open(!waitsForPrimaryFlush)
  let hFiles = 0
  for (let family = 0; family < secondary.families; family++) {
    hFiles += secondary.files(family).length
  }
  yield Math.round(hFiles * draws.draw(OPEN, 'hfileOpen', name, opening, 2))
  options.online(region)
  const nowUs = scheduler.now
  return { hFiles, replayedBytes: 0, flushes: 0, replayFromUs: nowUs, replayUntilUs: nowUs }
}
