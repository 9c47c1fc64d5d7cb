/** The rows of a table: keys in `[0, keyCount)`, of which each region holds an equal share. */
export class TableKeys {
  constructor(
    readonly keyCount: number,
    /** Number of the table's first region, and how many it has. */
    readonly firstRegion: number,
    readonly regions: number,
  ) {}

  regionOf(key: number): number {
    return this.firstRegion + Math.floor((key * this.regions) / this.keyCount)
  }

  /** The key behind the region's last one. */
  endOf(region: number): number {
    const next = region - this.firstRegion + 1
    const guess = Math.ceil((next * this.keyCount) / this.regions)
    // Division rounds: the boundary is where `regionOf` puts it.
    return guess < this.keyCount && this.regionOf(guess) === region ? guess + 1 : guess
  }
}
