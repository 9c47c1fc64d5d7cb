import type { Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { PlainRegion } from './plain-region.js'
import type { Turns } from './turns.js'
import type { WriteScenario } from './write-scenario.js'

/** The memstores of a server together, and the flushes that they call for. */
export class PlainServerMemstore {
  readonly flushesWanted: { region: number; atUs: number }[] = []
  readonly pressureUs: number[] = []
  bytes = 0
  readonly #freed = new Signal()
  #pressureTold = false

  constructor(
    private readonly scenario: WriteScenario,
    private readonly turns: Turns,
    private readonly regions: readonly PlainRegion[],
  ) {}

  /** MemStoreFlusher.reclaimMemStoreMemory */
  *waitForRoom(): Protocol {
    while (this.bytes >= this.scenario.upperLimit) yield this.#freed
  }

  added(region: number, bytes: number): void {
    this.bytes += bytes
    if (this.regions[region].heapBytes > this.scenario.flushSize) this.requestFlush(region)
    if (!this.#pressureTold) this.#checkPressure()
  }

  free(bytes: number): void {
    this.bytes -= bytes
    this.#checkPressure()
    this.#freed.notifyAll()
  }

  requestFlush(region: number): void {
    if (this.regions[region].flushRequested) return
    this.regions[region].flushRequested = true
    this.flushesWanted.push({ region, atUs: this.turns.nowUs })
  }

  #checkPressure(): void {
    this.#pressureTold = this.bytes >= this.scenario.lowerLimit
    if (this.#pressureTold) this.pressureUs.push(this.turns.nowUs)
  }
}
