import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'

/**
 * Where each region is open, as hbase:meta has it: on one server, or in transition between two.
 * Regions are numbered through over all tables; at first all of them are in transition. hbase:meta
 * may be one of them; where that is, only the master knows.
 */
export class RegionLocations<Server extends { readonly alive: boolean }> {
  readonly #servers: (Server | null)[]
  readonly #open = new Map<Server, number>()
  readonly #metaOpened = new Signal()
  /** Told of each region that is open from now on. */
  onOpened: (region: number) => void = () => {}

  /** @param metaRegion number of hbase:meta's region; null: it is elsewhere and always there */
  constructor(
    regions: number,
    readonly metaRegion: number | null = null,
  ) {
    this.#servers = new Array<Server | null>(regions).fill(null)
  }

  /**
   * The server that serves the region; null while none does, its server having died included. For
   * clients that have the location cached.
   */
  serverOf(region: number): Server | null {
    const server = this.#servers[region]
    return server?.alive ? server : null
  }

  /** As `serverOf`, but null also while hbase:meta cannot be asked. */
  lookUp(region: number): Server | null {
    return this.metaAvailable ? this.serverOf(region) : null
  }

  /** hbase:meta can be read and written. */
  get metaAvailable(): boolean {
    return this.metaRegion === null || this.serverOf(this.metaRegion) !== null
  }

  /** Ends when hbase:meta is available (AssignmentManager.waitMetaLoaded). */
  *waitForMeta(): Protocol {
    while (!this.metaAvailable) yield this.#metaOpened
  }

  /** Regions that are open on `server`, or were when it died. */
  regionsOf(server: Server): number[] {
    const regions: number[] = []
    this.#servers.forEach((other, region) => {
      if (other === server) regions.push(region)
    })
    return regions
  }

  /** How many those are. */
  countOf(server: Server): number {
    return this.#open.get(server) ?? 0
  }

  open(region: number, server: Server): void {
    this.close(region)
    this.#servers[region] = server
    this.onOpened(region)
    this.#open.set(server, this.countOf(server) + 1)
    if (region === this.metaRegion) this.#metaOpened.notifyAll()
  }

  /** The region is in transition from now on. */
  close(region: number): void {
    const server = this.#servers[region] ?? null
    if (server !== null) this.#open.set(server, this.countOf(server) - 1)
    this.#servers[region] = null
  }
}
