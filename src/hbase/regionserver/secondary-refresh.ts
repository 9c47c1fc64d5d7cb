import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../../storage/io-exception.js'
import type { SecondaryRegion } from './secondary-region.js'

export interface SecondaryRefreshOptions {
  secondary(region: number): SecondaryRegion
  /** Whether the secondary is still open on the server. */
  isOpen(region: number): boolean
  /**
   * Asks the NameNode for the primary's directory of the family.
   *
   * @throws IOException
   */
  list(region: number, family: number): Protocol
  /** Brings the server's write path up to now: replays that came before are replayed. */
  advance(): void
  /** What the secondary has, or whether it is read, may have changed; so many heap bytes are freed. */
  changed(region: number, freedBytes: number): void
}

/**
 * HRegion.refreshStoreFiles of a secondary, with the time of its listings: family after family, so
 * that a reader may see half of a row in between.
 *
 * Simplifications: the new files are opened in no time; replays go on meanwhile, where in HBase
 * markers wait for the refresh to end.
 *
 * @returns heap bytes freed; null if the secondary was closed meanwhile
 * @throws IOException when a listing fails; families before it keep what they got
 */
export function* refreshSecondary(
  region: number,
  { secondary: secondaryOf, isOpen, list, advance, changed }: SecondaryRefreshOptions,
): Protocol<number | null> {
  const secondary = secondaryOf(region)
  const refresh = secondary.beginRefresh()
  let freedBytes = 0
  for (let family = 0; family < secondary.families; family++) {
    yield* list(region, family)
    if (!isOpen(region)) return null
    advance()
    const before = freedBytes
    refresh.refresh(family)
    freedBytes = family === secondary.families - 1 ? refresh.end() : refresh.freedBytes
    changed(region, freedBytes - before)
  }
  return freedBytes
}

/**
 * MemStoreFlusher.refreshStoreFilesAndReclaimMemory.
 *
 * @returns whether memory was freed; false, too, if a listing failed
 */
export function* refreshStoreFilesAndReclaimMemory(
  region: number,
  options: SecondaryRefreshOptions,
): Protocol<boolean> {
  try {
    return ((yield* refreshSecondary(region, options)) ?? 0) > 0
  } catch (error) {
    if (!(error instanceof IOException)) throw error
    return false
  }
}
