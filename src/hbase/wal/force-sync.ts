import type { Variate } from '../../kernel/variate.js'
import { CallKind } from '../regionserver/call-kind.js'
import { Durability, type RegionDurabilities } from '../regionserver/durability.js'
import type { SlotRing } from '../regionserver/slot-ring.js'
import type { WriteCalls } from '../regionserver/write-calls.js'
import type { WalGroupWrites, WritePathOptions } from '../regionserver/write-path-options.js'

/** Which syncs of a WAL are an hsync, and what those take. */
export class ForceSync {
  readonly #calls: WriteCalls
  readonly #group: WalGroupWrites
  readonly #durabilities: RegionDurabilities | null
  readonly #useHsync: boolean

  constructor(
    calls: WriteCalls,
    group: WalGroupWrites,
    { durabilities, useHsync = false }: Pick<WritePathOptions, 'durabilities' | 'useHsync'>,
  ) {
    this.#calls = calls
    this.#group = group
    this.#durabilities = durabilities ?? null
    this.#useHsync = useHsync
  }

  /**
   * AsyncFSWAL.isHsync: whether any of those who wait for the appends `[from, from + edits)` of
   * `ring` wants it; `hbase.wal.hsync` if nobody waits.
   */
  ofAny(ring: SlotRing, from: number, edits: number): boolean {
    if (this.#durabilities === null) return this.#useHsync
    let waiting = false
    for (let i = from; i < from + edits; i++) {
      const slot = ring.at(i)
      if (this.#calls.kind[slot] === CallKind.unawaited) continue
      if (this.#wantedBy(slot)) return true
      waiting = true
    }
    return !waiting && this.#useHsync
  }

  /** FSHLog's SyncRunner asks the first of those who wait, and no other. */
  ofFirst(ring: SlotRing, from: number, edits: number): boolean {
    if (this.#durabilities === null) return this.#useHsync
    for (let i = from; i < from + edits; i++) {
      const slot = ring.at(i)
      if (this.#calls.kind[slot] !== CallKind.unawaited) return this.#wantedBy(slot)
    }
    return this.#useHsync
  }

  latency(hsync: boolean): Variate {
    const { sync, hsync: forced } = this.#group
    return hsync && forced !== undefined ? forced : sync
  }

  /** Markers are synced as `hbase.wal.hsync` has it, edits as their table has it. */
  #wantedBy(slot: number): boolean {
    const { kind, region } = this.#calls
    if (kind[slot] === CallKind.marker) return this.#useHsync
    return this.#durabilities?.of(region[slot] as number) === Durability.FSYNC_WAL
  }
}

/** Whether nobody waits for any of the appends in `ring`. */
export function isUnawaited(ring: SlotRing, { kind }: WriteCalls): boolean {
  for (let i = 0; i < ring.length; i++) {
    if (kind[ring.at(i)] !== CallKind.unawaited) return false
  }
  return true
}
