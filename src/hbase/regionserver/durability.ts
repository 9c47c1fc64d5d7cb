/**
 * What an acknowledged edit of a table has behind it (HBase's Durability), weakest first:
 *
 * - `SKIP_WAL`: nothing but the memstore; no peer ever hears of it
 * - `ASYNC_WAL`: an append that nobody waits for: the next sync of the WAL makes it durable, be it
 *   asked for by others, due by size or by a roll (HRegion.sync does nothing)
 * - `SYNC_WAL`: an hflush of the WAL
 * - `FSYNC_WAL`: an hsync of the WAL
 */
export const Durability = {
  SKIP_WAL: 0,
  ASYNC_WAL: 1,
  SYNC_WAL: 2,
  FSYNC_WAL: 3,
} as const

export type DurabilityName = keyof typeof Durability

/** By number. */
export const DURABILITIES: readonly DurabilityName[] = [
  'SKIP_WAL',
  'ASYNC_WAL',
  'SYNC_WAL',
  'FSYNC_WAL',
]

/** The durability of every region of a cluster in which not every table has the default. */
export class RegionDurabilities {
  readonly #of: Uint8Array

  constructor(names: readonly DurabilityName[]) {
    this.#of = Uint8Array.from(names, (name) => Durability[name])
  }

  of(region: number): number {
    return this.#of[region] as number
  }

  nameOf(region: number): DurabilityName {
    return DURABILITIES[this.of(region)] as DurabilityName
  }

  has(durability: number): boolean {
    return this.#of.includes(durability)
  }
}
