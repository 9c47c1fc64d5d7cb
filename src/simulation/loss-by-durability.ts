import type { DurabilityName } from '../hbase/regionserver/durability.js'
import type { EditCount } from '../measure/acknowledgements.js'
import type { LostCount } from './result.js'

/** Lost edits, counted by the durability of their tables. */
export class LossByDurability {
  readonly all: EditCount = { edits: 0, bytes: 0 }
  readonly #counts = new Map<DurabilityName, LostCount>()

  add(durability: DurabilityName, bytes: number): void {
    this.all.edits++
    this.all.bytes += bytes
    const count = this.#counts.get(durability) ?? { lostEdits: 0, lostBytes: 0 }
    count.lostEdits++
    count.lostBytes += bytes
    this.#counts.set(durability, count)
  }

  /** Of those that have lost any. */
  counts(): Record<string, LostCount> {
    return Object.fromEntries([...this.#counts].map(([name, count]) => [name, { ...count }]))
  }
}
