import { Host, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { IOException } from '../io-exception.js'
import type { FSNamesystem } from './fs-namesystem.js'

/**
 * Serves RPCs. One that was sent is the NameNode's: it takes effect even if its caller dies.
 *
 * Simplification: it runs as long as any rack has power and fails over in no time.
 */
export class NameNode {
  readonly host: Host
  #running = true
  /** How often it went down; what it was asked before is forgotten then. */
  #outages = 0

  constructor(
    scheduler: Scheduler,
    readonly namesystem: FSNamesystem,
  ) {
    this.host = new Host(scheduler, 'namenode')
  }

  /** @throws IOException `lost` if HDFS is gone before the answer comes, `refused` without power */
  *call<T>(us: number, effect: () => T): Protocol<T> {
    this.checkAvailable()
    const outages = this.#outages
    const answer = yield this.host.spawn('rpc', this.#serve(us, effect))
    this.checkAvailable()
    if (outages !== this.#outages) throw refused()
    return answer as T
  }

  /** @throws IOException `lost` if HDFS is gone, `refused` without power */
  checkAvailable(): void {
    if (this.namesystem.lost) throw new IOException('lost', 'HDFS is gone')
    if (!this.#running) throw refused()
  }

  powerOff(): void {
    this.#running = false
    this.#outages++
  }

  powerOn(): void {
    this.#running = true
  }

  *#serve<T>(us: number, effect: () => T): Protocol<T | undefined> {
    const outages = this.#outages
    yield us
    return outages === this.#outages ? effect() : undefined
  }
}

function refused(): IOException {
  return new IOException('refused', 'no NameNode is running')
}
