import { Host, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { IOException } from '../io-exception.js'
import type { FSNamesystem } from './fs-namesystem.js'

/** Serves RPCs. One that was sent is the NameNode's: it takes effect even if its caller dies. */
export class NameNode {
  readonly #host: Host

  constructor(
    scheduler: Scheduler,
    readonly namesystem: FSNamesystem,
  ) {
    this.#host = new Host(scheduler, 'namenode')
  }

  /** @throws IOException `lost` if HDFS is gone before the answer comes */
  *call<T>(us: number, effect: () => T): Protocol<T> {
    this.checkAvailable()
    const answer = yield this.#host.spawn('rpc', serve(us, effect))
    this.checkAvailable()
    return answer as T
  }

  /** @throws IOException `lost` if HDFS is gone */
  checkAvailable(): void {
    if (this.namesystem.lost) throw new IOException('lost', 'HDFS is gone')
  }
}

function* serve<T>(us: number, effect: () => T): Protocol<T> {
  yield us
  return effect()
}
