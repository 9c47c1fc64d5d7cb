import type { Host, Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'
import { Step, type Turns } from '../regionserver/turns.js'
import type { PlainWal } from './plain-wal.js'

/** The LogRoller thread: one for all WALs of a server, which it rolls one after the other. */
export class PlainLogRoller {
  readonly #pending = new Set<PlainWal>()
  readonly #requested = new Signal()

  constructor(
    private readonly wals: readonly PlainWal[],
    private readonly createWalUs: number,
    private readonly turns: Turns,
    regionServer: Host,
  ) {
    regionServer.spawn('LogRoller', this.#run())
  }

  requestRoll(wal: PlainWal): void {
    this.#pending.add(wal)
    this.#requested.notifyAll()
  }

  *#run(): Protocol {
    for (;;) {
      while (this.#pending.size === 0) yield this.#requested
      // What else the instant brings comes first.
      yield* this.turns.take(Step.roll)
      for (const wal of this.wals) {
        if (!this.#pending.delete(wal)) continue
        yield* this.turns.pass(this.createWalUs)
        yield* this.turns.take(Step.roll)
        yield* wal.replaceWriter()
        yield* this.turns.take(Step.roll)
      }
    }
  }
}
