import { CallKind, NO_KEY } from '../../../src/hbase/regionserver/call-kind.js'
import { distribution } from '../../../src/kernel/distribution.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { Variate } from '../../../src/kernel/variate.js'
import { closedLoopStream } from './closed-loop-draws.js'
import type { Turns } from './turns.js'
import type { ClosedLoopScenario, ScenarioPut, WriteScenario } from './write-scenario.js'

const FIRST_OPERATION = 2 ** 40
const CLIENTS = 2 ** 14

/** A closed-loop client as a process: it sends, waits for the answer, thinks, and sends again. */
export class PlainClosedLoop {
  readonly clients: number

  constructor(
    private readonly scenario: WriteScenario,
    private readonly turns: Turns,
    /** Sends an operation at this instant; ends when that is over, with false if it never will be. */
    private readonly send: (operation: number, call: ScenarioPut) => Protocol<boolean>,
  ) {
    this.clients = scenario.closedLoop?.clients ?? 0
  }

  *client(c: number): Protocol {
    const { closedLoop } = this.scenario
    if (closedLoop === undefined) return
    const { fromUs, spreadUs, untilUs, tickUs, thinkTime } = closedLoop
    const thinking = new Variate(distribution(thinkTime), this.#stream('thinkTime'))
    const beganUs = fromUs + Math.floor(this.#stream('start').uniform(c) * spreadUs)
    let sendsUs = beganUs
    for (let sent = 1; sendsUs < untilUs; sent++) {
      yield* this.turns.pass(sendsUs - this.turns.nowUs)
      const n = (sent - 1) * CLIENTS + c
      const call = { sentUs: sendsUs, ...this.#drawn(n, closedLoop) }
      if (!(yield* this.send(FIRST_OPERATION + n, call))) return
      const readyUs = this.turns.nowUs + thinking.draw(n)
      sendsUs = Math.round(Math.max(readyUs, beganUs + sent * tickUs))
    }
  }

  #drawn(n: number, { gets, increments, keyCount, bytes }: ClosedLoopScenario) {
    const u = this.#stream('mix').uniform(n)
    const isGet = u < gets
    const isIncrement = !isGet && u < gets + increments
    const kind = isGet ? CallKind.get : isIncrement ? CallKind.atomic : CallKind.put
    const row = Math.floor(this.#stream('key').uniform(n) * keyCount)
    const size = new Variate(distribution(bytes), this.#stream('bytes'))
    return {
      region: Math.floor((row * this.scenario.regions) / keyCount),
      bytes: isGet ? 0 : Math.max(1, size.draw(n)),
      kind,
      // Rows are named where there are increments to lock them.
      key: increments > 0 && !isGet ? row : NO_KEY,
    }
  }

  #stream(of: string) {
    return closedLoopStream(this.scenario, of)
  }
}
