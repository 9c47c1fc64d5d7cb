import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { traceJson } from '../../src/report/trace-json.js'
import { type TracedRun, tracedRuns } from '../../src/report/traced-run.js'
import { simulate } from '../../src/simulation/simulate.js'
import { carelessScenario, scenarioOf } from '../simulation/random-scenario.js'
import { complaintsAbout, type TraceEvent } from './trace-checker.js'
import { EXPERIMENT, OUTAGE_AND_REQUESTS, tracedRun } from './trace-fixture.js'

function written(runs: readonly TracedRun[]) {
  return JSON.parse([...traceJson(EXPERIMENT, runs)].join(''))
}

function eventsOf(...runs: readonly TracedRun[]): TraceEvent[] {
  return written(runs).traceEvents
}

const outage = tracedRun(OUTAGE_AND_REQUESTS)

describe('a trace', () => {
  test('says what it is of, in milliseconds to the eye', () => {
    expect(written([outage])).toMatchObject({
      displayTimeUnit: 'ms',
      otherData: {
        schema: 'hbsim-events/1',
        hbsim: '1.2.3',
        scenario: 'by hand',
        hash: 'abc',
        seeds: [1],
        cut: [],
      },
    })
  })

  test('has a process for each host and a thread for each component, faults on top', () => {
    const named = eventsOf(outage).filter(({ ph, name }) => ph === 'M' && name.endsWith('_name'))
    expect(named.map(({ name, pid, tid, args }) => [name, pid, tid, args?.name])).toEqual([
      ['process_name', 1, 1, 'faults'],
      ['thread_name', 1, 1, 'faults'],
      ['process_name', 2, 2, 'rs1'],
      ['thread_name', 2, 2, 'ReplicationSourceShipper of backup'],
      ['thread_name', 2, 3, 'S3A'],
      ['thread_name', 2, 4, 'S3A #2'],
      ['process_name', 3, 3, 'backup'],
      ['thread_name', 3, 5, 'objects'],
    ])
  })

  test('slices lie in their cause; what overlaps for another reason lies beside', () => {
    const slices = eventsOf(outage).filter(({ ph }) => ph === 'X')
    expect(slices.map(({ name, ts, dur, tid }) => [name, ts, dur, tid])).toEqual([
      ['backup answers 500', 10, 0, 1],
      ['replicate', 20, 70, 2],
      ['store request', 20, 30, 3],
      ['store attempt', 20, 30, 3],
      ['store request', 40, 50, 4],
      ['object stored', 90, 0, 5],
    ])
    expect(slices[3]?.args).toEqual({ id: 5, cause: 4, fault: 2 })
  })

  test('flows lead from causes to effects of other threads, and from a fault to what it fails', () => {
    const flows = eventsOf(outage).filter(({ ph }) => ph === 's' || ph === 'f')
    expect(flows.map(({ ph, id, ts, tid }) => [ph, id, ts, tid])).toEqual([
      // the fault to the attempt under it
      ['s', 2, 10, 1],
      // the call to both of its requests
      ['s', 1, 20, 2],
      ['s', 3, 20, 2],
      ['f', 1, 20, 3],
      ['f', 2, 20, 3],
      // the second request to its object
      ['s', 4, 40, 4],
      ['f', 3, 40, 4],
      ['f', 4, 90, 5],
    ])
  })

  test('a span begins and ends with one id', () => {
    const spans = eventsOf(outage).filter(({ ph }) => ph === 'b' || ph === 'e')
    expect(spans).toMatchObject([
      { ph: 'b', name: 'backup answers 500', cat: 'fault', id: '1.2', ts: 10, pid: 1 },
      { ph: 'e', name: 'backup answers 500', cat: 'fault', id: '1.2', ts: 60, pid: 1 },
    ])
  })

  test('what is not over ends with the run, and says so', () => {
    const run = tracedRun([
      { kind: 'flush', host: 'rs1', fromUs: 5, untilUs: null },
      { kind: 'staged file', host: 'rs1', fromUs: 6, untilUs: null },
    ])
    const [flush, begin, end] = eventsOf(run).filter(({ ph }) => ph !== 'M')
    expect(flush).toMatchObject({ dur: 995, args: { ended: 'not by the end of the run' } })
    expect(begin).toMatchObject({ ph: 'b', ts: 6 })
    expect(end).toMatchObject({ ph: 'e', ts: 1_000 })
  })

  test('quantities are counters of their server, or of the process of measures', () => {
    const counter = { metric: 'lagUs', unit: 'us', labels: { peer: 'backup' }, timesUs: [0, 500] }
    const memstore = { metric: 'memstoreBytes', unit: 'bytes', labels: { server: 'rs1' } }
    const counters = [
      { ...counter, values: [7, null] },
      { ...memstore, timesUs: [0], values: [64] },
    ]
    const events = eventsOf(tracedRun([], { counters }))
    expect(events.filter(({ ph }) => ph === 'C')).toMatchObject([
      { name: 'lagUs backup', ts: 0, pid: 1, args: { us: 7 } },
      { name: 'memstoreBytes', ts: 0, pid: 2, args: { bytes: 64 } },
    ])
    expect(complaintsAbout(events)).toEqual([])
  })

  test('several variants stand side by side, in processes of their own', () => {
    const events = eventsOf(outage, { ...outage, variant: 'direct' })
    const names = events.filter(({ name }) => name === 'process_name')
    expect(names.map(({ pid, args }) => [pid, args?.name])).toEqual([
      [1, 'base: faults'],
      [2, 'base: rs1'],
      [3, 'base: backup'],
      [4, 'direct: faults'],
      [5, 'direct: rs1'],
      [6, 'direct: backup'],
    ])
    expect(complaintsAbout(events)).toEqual([])
  })

  test('one that is cut short tells how much is missing', () => {
    const run = tracedRun(OUTAGE_AND_REQUESTS, { droppedOccurrences: 93, droppedRanges: 5 })
    expect(written([run]).otherData.cut).toEqual([
      'the trace of base has only the first 7 events of 100 and the first 0 edit ranges of 5',
    ])
  })

  test('words of a scenario cannot break out of it', () => {
    const label = '"},{"ph":"X\u2028\n'
    const run = tracedRun([{ kind: 'fault begins', host: '"\\', fromUs: 1, details: { label } }])
    const events = eventsOf({ ...run, variant: '</script>' })
    expect(events.filter(({ ph }) => ph === 'X').map(({ name }) => name)).toEqual([label])
  })
})

describe('by the rules of the format', () => {
  test('what random runs with faults leave is well-formed', () => {
    fc.assert(
      fc.property(carelessScenario, (data) => {
        const scenario = scenarioOf(data)
        const runs = tracedRuns([simulate(scenario, scenario.seed, 'base', { trace: true })])
        const events = eventsOf(...runs)
        expect(complaintsAbout(events)).toEqual([])
        expect(new Set(events.map(({ ph }) => ph))).toContain('X')
      }),
      { seed: 2612, numRuns: 8 },
    )
  })

  test.each([
    ['an end is missing', (events: TraceEvent[]) => events.filter(({ ph }) => ph !== 'e')],
    ['a beginning is missing', (events: TraceEvent[]) => events.filter(({ ph }) => ph !== 'b')],
    ['a flow has no start', (events: TraceEvent[]) => events.filter(({ ph }) => ph !== 's')],
    ['a flow has no end', (events: TraceEvent[]) => events.filter(({ ph }) => ph !== 'f')],
    ['a flow lies outside', (events: TraceEvent[]) => changed(events, 's', { tid: 5 })],
    ['slices overlap', (events: TraceEvent[]) => changed(events, 'X', { tid: 3 })],
    ['time goes back', (events: TraceEvent[]) => [...events, { ...events.at(-1), ts: 1 }]],
    ['a process has no name', (events: TraceEvent[]) => changed(events, 'X', { pid: 9 })],
    ['a duration is no integer', (events: TraceEvent[]) => changed(events, 'X', { dur: 0.5 })],
  ])('a trace is refused if %s', (_what, damage) => {
    const good = eventsOf(outage)
    expect(complaintsAbout(good)).toEqual([])
    expect(complaintsAbout(damage(good) as TraceEvent[])).not.toEqual([])
  })
})

test('the same run gives the same bytes, in pieces that are no long string', () => {
  const long = tracedRun(Array.from({ length: 5_000 }, () => OUTAGE_AND_REQUESTS[0] as never))
  const pieces = [...traceJson(EXPERIMENT, [long])]
  expect(pieces.length).toBeGreaterThan(5)
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000)
  expect([...traceJson(EXPERIMENT, [long])]).toEqual(pieces)
})

function changed(events: TraceEvent[], ph: string, change: Partial<TraceEvent>): TraceEvent[] {
  return events.map((event) => (event.ph === ph ? { ...event, ...change } : event))
}
