/** From `atUs` on so many regions are not served. */
export interface UnavailableRegions {
  readonly atUs: number
  readonly regions: number
}

/** Regions that a death took from their clients, as a step function of time. */
export class RegionUnavailability {
  readonly #steps: UnavailableRegions[] = []

  /** In order of time; instants that do not change the number are left out. */
  get steps(): readonly UnavailableRegions[] {
    return this.#steps
  }

  set(atUs: number, regions: number): void {
    const last = this.#steps.at(-1)
    if (last?.regions === regions) return
    if (last?.atUs === atUs) this.#steps.pop()
    this.#steps.push({ atUs, regions })
  }
}
