import { Clients, type WorkloadPhase } from '../../../src/hbase/client/clients.js'
import { ClosedLoopClients } from '../../../src/hbase/client/closed-loop-clients.js'
import { uniformKeys } from '../../../src/hbase/client/key-chooser.js'
import type { WritePath } from '../../../src/hbase/regionserver/write-path.js'
import { distribution } from '../../../src/kernel/distribution.js'
import type { Scheduler } from '../../../src/kernel/scheduler.js'
import { Variate } from '../../../src/kernel/variate.js'
import { closedLoopStream } from './closed-loop-draws.js'
import type { WritePathHooks } from './write-path-fixture.js'
import type { ClosedLoopScenario, WriteScenario } from './write-scenario.js'

/** The closed-loop clients of a scenario, who send to its one server; nobody if it has none. */
export class LazyClosedLoop {
  readonly #clients: ClosedLoopClients | null
  readonly #reads: boolean

  constructor(scenario: WriteScenario, scheduler: Scheduler, path: () => WritePath) {
    const { closedLoop } = scenario
    this.#reads = (closedLoop?.gets ?? 0) > 0
    this.#clients = null
    if (closedLoop === undefined) return
    const phases = phasesOf(scenario, closedLoop)
    const operations = new Clients(phases)
    this.#clients = new ClosedLoopClients({
      scheduler,
      phases,
      observer: { sent: () => {}, answered: () => {} },
      send: (p, n) => operations.sendNow(p, n, scheduler.now, () => path()),
    })
  }

  get hooks(): Pick<WritePathHooks, 'awaitedAnswers'> {
    const clients = this.#clients
    if (clients === null) return {}
    const { leastThinkUs } = clients
    return {
      awaitedAnswers: { waiting: () => clients.waiting > 0, reads: this.#reads, leastThinkUs },
    }
  }

  over(operation: number, endedUs: number): void {
    this.#clients?.over(operation, endedUs)
  }
}

/** The first phase is that of the puts of the scenario, which nobody generates. */
function phasesOf(scenario: WriteScenario, closedLoop: ClosedLoopScenario): WorkloadPhase[] {
  const stream = (of: string) => closedLoopStream(scenario, of)
  const variate = (of: 'thinkTime' | 'bytes') => {
    return new Variate(distribution(closedLoop[of]), stream(of))
  }
  const { clients, tickUs, fromUs, spreadUs, untilUs, gets, increments, keyCount } = closedLoop
  const phase: WorkloadPhase = {
    fromUs,
    untilUs,
    interval: distribution({ kind: 'constant', value: 1 }),
    arrivalDraws: stream('none'),
    keyDraws: stream('key'),
    keys: uniformKeys(keyCount),
    keyCount,
    mix: {
      get: gets,
      increment: increments,
      multiget: 0,
      scan: 0,
      readModifyWrite: 0,
      draws: stream('mix'),
    },
    reads: null,
    valueSize: variate('bytes'),
    firstRegion: 0,
    regions: scenario.regions,
    namesRows: false,
  }
  const thinkTime = variate('thinkTime')
  const startDraws = stream('start')
  return [
    { ...phase, untilUs: 0 },
    { ...phase, closedLoop: { clients, thinkTime, tickUs, spreadUs, startDraws } },
  ]
}
