import type { Protocol } from '../../kernel/process.js'
import {
  above,
  bytesOf,
  bytesUpTo,
  type FamilyRange,
  type RecoveredFile,
} from './recovered-edits.js'
import type { RegionOpenOptions } from './region-open.js'

/** The memstore of a region that opens. */
export interface ReplayMemstore {
  families(region: number): number
  /** What the flush size is compared with. */
  heapBytes(region: number): number
  /** HRegion.restoreEdit: so many cells of one family are applied, now, from id `first` on. */
  restore(region: number, family: number, bytes: number, cells: number, first: number): void
  /** Memory is gone. */
  clear(region: number): void
}

/** What a replay did. */
export interface Replay {
  readonly bytes: number
  readonly flushes: number
}

/**
 * HRegion.replayRecoveredEditsIfAny: reads the files in order of their highest ids; a file that no
 * family needs is not even opened. Each family skips what its HFiles have. When the memstore has
 * outgrown the flush size it is flushed before the replay goes on, and once at the end if anything
 * was applied. Reading and applying go on side by side, the slower one counts.
 *
 * Simplification: what a file holds is applied when it is read, up to each flush at one instant, as
 * one cell per id and family; ids of markers count as such, so heap sizes err by a few overheads.
 *
 * @param bytesPerSecond at which entries are decoded and applied
 */
export function* replayRecoveredEdits(
  region: number,
  bytesPerSecond: number,
  options: RegionOpenOptions,
): Protocol<Replay> {
  const { scheduler, storage, recoveredEdits, stores, memstore } = options
  const inStores = Array.from({ length: memstore.families(region) }, (_, family) =>
    stores.maxSequenceId(region, family),
  )
  const skippable = Math.min(...inStores)
  let bytes = 0
  let flushes = 0
  let lastId = skippable
  for (const recovered of recoveredEdits.filesOf(region)) {
    if (recovered.kind !== 'edits' || recovered.maxSequenceId <= skippable) continue
    const doneUs = scheduler.now + Math.round((bytesOf(recovered.families) * 1e6) / bytesPerSecond)
    yield* storage.read(recovered.file)
    if (doneUs > scheduler.now) yield doneUs - scheduler.now
    const ranges = rangesToReplay(recovered, inStores)
    flushes += yield* apply(region, ranges, options)
    bytes += bytesOf(ranges)
    lastId = Math.max(lastId, recovered.maxSequenceId)
  }
  if (lastId === skippable || memstore.heapBytes(region) === 0) return { bytes, flushes }
  yield* options.flushRecovered(region, lastId)
  return { bytes, flushes: flushes + 1 }
}

function rangesToReplay(recovered: RecoveredFile, inStores: readonly number[]): FamilyRange[] {
  return recovered.families.flatMap((part) => {
    const left = above(part, inStores[part.family])
    return left === null ? [] : { ...left, family: part.family }
  })
}

/**
 * Applies `ranges`, all families' edits in order of their ids.
 *
 * @returns number of flushes that came in between
 */
function* apply(
  region: number,
  ranges: readonly FamilyRange[],
  options: RegionOpenOptions,
): Protocol<number> {
  const { memstore, flushSize } = options
  const last = Math.max(...ranges.map(({ maxSequenceId }) => maxSequenceId))
  let from = Math.min(...ranges.map(({ minSequenceId }) => minSequenceId)) - 1
  let flushes = 0
  while (from < last) {
    const room = flushSize - memstore.heapBytes(region)
    const to = firstIdBeyond(room, ranges, from, last)
    for (const range of ranges) {
      const bytes = bytesUpTo(range, to) - bytesUpTo(range, from)
      const firstId = Math.max(range.minSequenceId, from + 1)
      const cells = Math.min(range.maxSequenceId, to) - firstId + 1
      if (cells > 0) memstore.restore(region, range.family, bytes, cells, firstId)
    }
    from = to
    if (memstore.heapBytes(region) <= flushSize) continue
    yield* options.flushRecovered(region, to)
    flushes++
  }
  return flushes
}

/** The id with which the edits after `from` come to more than `room` bytes; `last` if none does. */
function firstIdBeyond(
  room: number,
  ranges: readonly FamilyRange[],
  from: number,
  last: number,
): number {
  const bytesAfter = (id: number) =>
    ranges.reduce((sum, range) => sum + bytesUpTo(range, id) - bytesUpTo(range, from), 0)
  let low = from + 1
  let high = last
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (bytesAfter(middle) > room) high = middle
    else low = middle + 1
  }
  return low
}
