/**
 * Where each region is open, as hbase:meta has it: on one server, or in transition between two.
 * Regions are numbered through over all tables; at first all of them are in transition.
 */
export class RegionLocations<Server extends { readonly alive: boolean }> {
  readonly #servers: (Server | null)[]

  constructor(regions: number) {
    this.#servers = new Array<Server | null>(regions).fill(null)
  }

  /** The server that serves the region; null while none does, its server having died included. */
  serverOf(region: number): Server | null {
    const server = this.#servers[region]
    return server?.alive ? server : null
  }

  /** Regions that are open on `server`, or were when it died. */
  regionsOf(server: Server): number[] {
    const regions: number[] = []
    this.#servers.forEach((other, region) => {
      if (other === server) regions.push(region)
    })
    return regions
  }

  open(region: number, server: Server): void {
    this.#servers[region] = server
  }

  /** The region is in transition from now on. */
  close(region: number): void {
    this.#servers[region] = null
  }
}
