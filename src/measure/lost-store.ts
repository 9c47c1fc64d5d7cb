import type { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from './acknowledgements.js'
import { type Loss, LostEdits } from './lost-edits.js'

/** What was counted and not listed, for there is no end to what a store holds. */
export interface Released extends EditCount {
  /** Acknowledgement time of the oldest; Infinity if there is none. */
  readonly oldestUs: number
}

/**
 * What the loss of a peer's store took: what the cluster had let go, and what was in open streams to
 * it. What the store and the cluster both had is owed to the store once more, and taken too if a
 * request that was under way at that instant has the cluster let it go all the same: an offset that
 * is being stored, a staged file that is being deleted.
 */
export class LostStore {
  readonly edits: LostEdits
  readonly #released: Released

  /** @param owed by log, what both had */
  constructor(
    readonly atUs: number,
    released: Released,
    readonly owed: readonly IntervalSet[],
  ) {
    this.#released = released
    this.edits = new LostEdits('store-loss', null, atUs)
  }

  loss(nowUs: number): Loss {
    const listed = this.edits.loss(nowUs)
    const { edits, bytes, oldestUs } = this.#released
    const releasedAgeUs = edits > 0 ? this.atUs - oldestUs : null
    const ages = [listed.oldestLostAgeUs, releasedAgeUs].filter((us) => us !== null)
    return {
      ...listed,
      lostEdits: listed.lostEdits + edits,
      lostBytes: listed.lostBytes + bytes,
      oldestLostAgeUs: ages.length > 0 ? Math.max(...ages) : null,
    }
  }
}
