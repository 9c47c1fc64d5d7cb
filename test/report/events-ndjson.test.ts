import { describe, expect, test } from 'vitest'
import { eventsNdjson } from '../../src/report/events-ndjson.js'
import { type TracedRun, tracedRuns } from '../../src/report/traced-run.js'
import { simulate } from '../../src/simulation/simulate.js'
import { constantScenario } from '../simulation/constant-world.js'
import { EXPERIMENT, OUTAGE_AND_REQUESTS, tracedRun } from './trace-fixture.js'

function text(...runs: readonly TracedRun[]): string {
  return [...eventsNdjson(EXPERIMENT, runs)].join('')
}

describe('events.ndjson', () => {
  test('begins with what it is', () => {
    const run = tracedRun(OUTAGE_AND_REQUESTS, { droppedOccurrences: 3 })
    const [header] = text(run).split('\n')
    expect(header).toBe(
      '{"cut":["the trace of base has only the first 7 events of 10"],"hbsim":"1.2.3",' +
        '"runs":[{"droppedEvents":3,"droppedRanges":0,"endedUs":1000,"events":7,"ranges":0,' +
        '"seed":1,"variant":"base"}],"scenario":{"hash":"abc","name":"by hand"},' +
        '"schema":"hbsim-events/1"}',
    )
  })

  test('has a line for each event, with sorted keys', () => {
    const range = { kind: 'stored', peer: 'backup', log: 0, from: 4, to: 9, cause: 1 }
    const run = tracedRun(
      [{ kind: 'flush', host: 'rs1', fromUs: 7, untilUs: null, details: { region: 3 } }],
      { ranges: [{ ...range, fromUs: 6, untilUs: 8 }] },
    )
    expect(text(run).split('\n').slice(1)).toEqual([
      '{"atUs":6,"cause":1,"edits":5,"event":"stored","from":4,"log":0,"peer":"backup",' +
        '"seed":1,"server":"rs1","to":9,"untilUs":8,"variant":"base"}',
      '{"atUs":7,"cause":null,"details":{"region":3},"event":"flush","host":"rs1","id":1,' +
        '"seed":1,"untilUs":null,"variant":"base"}',
      '',
    ])
  })

  test('goes run by run, and never back in time within one', () => {
    const scenario = constantScenario(`
duration: 30 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: staged-copy, store: backup, flushInterval: 10 s } }
faults: [ { at: 20 s, for: 5 s, kind: store-outage, store: backup, as: 500 } ]
`)
    const results = ['a', 'b'].map((variant) => simulate(scenario, 1, variant, { trace: true }))
    const events = text(...tracedRuns(results))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
    const variants = events.map(({ variant }) => variant)
    expect(variants).toEqual([...variants].sort())
    for (const variant of ['a', 'b']) {
      const times = events.filter((event) => event.variant === variant).map(({ atUs }) => atUs)
      expect(times.length).toBeGreaterThan(200)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }
    const stored = events.filter(({ event, variant }) => event === 'stored' && variant === 'a')
    expect(stored.reduce((sum, { edits }) => sum + edits, 0)).toBe(29)
  })
})
