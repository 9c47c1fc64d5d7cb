import type { Signal } from '../../kernel/signal.js'

/**
 * Which regions are open on a server, and what is under way in them: operations hold HRegion.lock
 * for reading, so closing a region waits for them.
 */
export class RegionOperations {
  readonly #open: Uint8Array
  readonly #known: Int32Array
  readonly #underWay: Int32Array
  readonly #idle: Signal
  /** Calls known to regions that are not open: each will be told so at its own instant. */
  strays = 0

  /** @param idle told when a region that is closed has nothing under way */
  constructor(regions: number, idle: Signal) {
    this.#open = new Uint8Array(regions)
    this.#known = new Int32Array(regions)
    this.#underWay = new Int32Array(regions)
    this.#idle = idle
  }

  isOpen(region: number): boolean {
    return this.#open[region] === 1
  }

  isIdle(region: number): boolean {
    return this.#underWay[region] === 0
  }

  open(region: number): void {
    if (this.isOpen(region)) return
    this.#open[region] = 1
    this.strays -= this.#known[region] as number
  }

  close(region: number): void {
    if (!this.isOpen(region)) return
    this.#open[region] = 0
    this.strays += this.#known[region] as number
  }

  /** A call to the region is on its way. */
  offered(region: number): void {
    this.#known[region] = (this.#known[region] as number) + 1
    if (this.#open[region] === 0) this.strays++
  }

  /** A call to the region is answered for good. */
  forgotten(region: number): void {
    this.#known[region] = (this.#known[region] as number) - 1
    if (this.#open[region] === 0) this.strays--
  }

  /** startRegionOperation */
  begin(region: number): void {
    this.#underWay[region] = (this.#underWay[region] as number) + 1
  }

  /** closeRegionOperation */
  end(region: number): void {
    this.setUnderWay(region, (this.#underWay[region] as number) - 1)
  }

  setUnderWay(region: number, operations: number): void {
    this.#underWay[region] = operations
    if (operations === 0 && this.#open[region] === 0) this.#idle.notifyAll()
  }
}
