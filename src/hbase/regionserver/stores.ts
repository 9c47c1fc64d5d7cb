import { invariant } from '../../kernel/errors.js'
import { HStore } from './h-store.js'

/** The stores of all regions of a cluster. */
export class Stores {
  readonly #stores: readonly (readonly HStore[])[]

  /** @param families how many each region has, by its number */
  constructor(families: readonly number[]) {
    this.#stores = families.map((count, region) =>
      Array.from({ length: count }, (_, family) => new HStore(region, family)),
    )
  }

  /** The stores of a region, by number of the family. */
  of(region: number): readonly HStore[] {
    const stores = this.#stores[region]
    invariant(stores !== undefined, 'there is no region of this number')
    return stores
  }

  store(region: number, family: number): HStore {
    const store = this.of(region)[family]
    invariant(store !== undefined, 'the region has no family of this number')
    return store
  }

  /** The most files that a family of the region has. */
  filesOf(region: number): number {
    return Math.max(...this.of(region).map(({ files }) => files.length))
  }

  /** A server opens the region. */
  opened(region: number): void {
    for (const store of this.of(region)) store.opened()
  }
}
