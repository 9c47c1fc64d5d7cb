import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Occurrence } from '../../src/kernel/tracer.js'
import { eventKinds, progressKinds } from '../../src/measure/event-kinds.js'
import type { ProgressRange, RunTrace } from '../../src/measure/run-trace.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import type { RunResult } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'
import { constantScenario } from './constant-world.js'
import { calmScenario, carelessScenario, randomScenario, scenarioOf } from './random-scenario.js'

function traced(scenario: Scenario): { result: RunResult; trace: RunTrace } {
  const { trace, ...result } = simulate(scenario, scenario.seed, 'base', { trace: true })
  if (trace === undefined) throw new Error('the run was not traced')
  return { result, trace }
}

/** `kind@host from–until <- cause`, times in µs. */
function lines({ occurrences }: RunTrace): string[] {
  return occurrences.map(({ id, kind, host, fromUs, untilUs, cause }) => {
    const time = fromUs === untilUs ? `${fromUs}` : `${fromUs}–${untilUs}`
    return `${id} ${kind} @${host} ${time}${cause === 0 ? '' : ` <- ${cause}`}`
  })
}

const ONE_PUT = `
duration: 15 s
drain: 5 min
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
`

describe('events that were computed by hand', () => {
  /**
   * One put, at 10 s, answered 757 us later. The source looks at every full second: LIST 20 ms, 1,000 B
   * at 100 MB/s 10 us, PUT 30 ms, then the offset, 3 ms. An operator flushes at 12 s: START_FLUSH
   * (append 3 us, hflush 500 us), an HFile (create 8 ms, 1,000 B 1 us, close 3.5 ms, rename 2 ms), so
   * COMMIT_FLUSH at 12.014004 s, synced 503 us later. At 13 s the source passes over both markers.
   */
  test('a batch and a flush', () => {
    const operations = 'operations: [ { at: 12 s, do: flush, table: usertable } ]'
    const { trace } = traced(constantScenario(ONE_PUT + operations))
    expect(lines(trace)).toEqual([
      '1 server start @rs1 0',
      '2 start endpoint @rs1 0',
      '3 read batch @rs1 11000000',
      '4 ship batch @rs1 11000000–11053010 <- 3',
      '5 replicate @rs1 11000000–11050010 <- 4',
      '6 store request @rs1 11000000–11020000 <- 5',
      '7 store attempt @rs1 11000000–11020000 <- 6',
      '8 store request @rs1 11020000–11050010 <- 5',
      '9 store attempt @rs1 11020000–11050010 <- 8',
      '10 object stored @backup 11050010 <- 9',
      '11 store offset @rs1 11050010–11053010 <- 4',
      '12 operation @operator 12000000',
      '13 flush @rs1 12000000–12014507 <- 12',
      '14 flush marker @rs1 12000000 <- 13',
      '15 flush marker @rs1 12014004 <- 13',
      '16 read batch @rs1 13000000',
      '17 ship batch @rs1 13000000–13003000 <- 16',
      '18 store offset @rs1 13000000–13003000 <- 17',
    ])
    expect(trace.occurrences[12]?.details).toEqual({
      region: 0,
      reason: 'request',
      requestedUs: 12_000_000,
      result: 'FLUSHED_NO_COMPACTION_NEEDED',
      sequenceId: 2,
    })
    expect(trace.ranges.map(rangeText)).toEqual([
      'acknowledged 0–1 at 10000757',
      'stored 0–1 at 11050010 <- 9',
      'accepted 0–1 at 11050010 <- 4',
      'confirmed 0–1 at 11053010 <- 11',
      'filtered 1–3 at 13000000 <- 17',
      'confirmed 1–3 at 13003000 <- 18',
    ])
  })

  /**
   * The only region is on rs2, killed at 14 s; its session of 400 ms ends. An RPC of 2 ms asks for the
   * WAL's lease, 4 s later another finds it recovered. From the end of the split on: OPENING is put to
   * hbase:meta (757 us); opening takes 300 ms, 1 ms of replay, 13.501 ms for the HFile, 2 ms for the
   * deletion of recovered.edits and 503 us for REGION_OPEN; OPEN is put (757 us). The queue is claimed
   * in 3 ms, when 30 to 60 s have passed.
   */
  test('a crash: from the fault to the claimed queue', () => {
    const crash = 'faults: [ { at: 14 s, kind: kill-region-server, server: rs2 } ]'
    const set = ['cluster.regionServers=2', 'site["zookeeper.session.timeout"]=400']
    const { trace } = traced(constantScenario(ONE_PUT + crash, ...set))
    const { occurrences } = trace
    const of = (kind: string) => occurrences.find((one) => one.kind === kind) as Occurrence
    const causes = (kind: string) => causesOf(of(kind), trace).map((cause) => cause.kind)
    const exit = ['fault begins', 'server exit', 'ServerCrashProcedure']
    expect(causes('recover lease')).toEqual([...exit, 'SplitWALProcedure', 'split WAL'])
    expect(causes('open region')).toEqual([...exit, 'TransitRegionStateProcedure'])
    expect(causes('start endpoint')).toEqual([])
    expect(causesOf(occurrences.at(-1) as Occurrence, trace).map(({ kind }) => kind)).toEqual([
      ...exit,
      'assign queues',
      'claim queue',
    ])
    expect(of('server exit')).toMatchObject({ host: 'rs2', fromUs: 14_000_000 })
    expect(of('ServerCrashProcedure').fromUs).toBe(14_400_000)
    expect(of('recover lease')).toMatchObject({ fromUs: 14_400_000, untilUs: 18_404_000 })
    const splitUs = of('archive WAL').fromUs
    expect(of('split WAL').untilUs).toBe(splitUs)
    expect(of('TransitRegionStateProcedure')).toMatchObject({
      fromUs: splitUs,
      untilUs: splitUs + 318_518,
    })
    expect(of('open region')).toMatchObject({
      host: 'rs1',
      fromUs: splitUs + 757,
      untilUs: splitUs + 317_761,
    })
    expect(of('region unavailable')).toMatchObject({
      fromUs: 14_400_000,
      untilUs: splitUs + 318_518,
    })
    const claim = of('claim queue')
    expect(claim.untilUs).toBe(claim.fromUs + 3_000)
    expect(of('ServerCrashProcedure').untilUs).toBe(claim.untilUs)
  })

  /**
   * The store refuses from 10.5 s to 13.5 s, which takes 1 s: of the LIST at 11, 12 and 13 s. The
   * attempt of 14 s goes through.
   */
  test('an outage: every attempt under it names it', () => {
    const outage =
      'faults: [ { at: 10500 ms, for: 3 s, kind: store-outage, store: backup, as: refuse } ]'
    const { trace } = traced(constantScenario(ONE_PUT + outage))
    const fault = trace.occurrences.find(({ kind }) => kind === 'fault')
    expect(fault).toMatchObject({ fromUs: 10_500_000, untilUs: 13_500_000 })
    const attempts = trace.occurrences.filter(({ kind }) => kind === 'store attempt')
    expect(
      attempts.map(({ fromUs, details }) => [fromUs, details.answer, details.fault ?? null]),
    ).toEqual([
      [11_000_000, 'refused', fault?.id],
      [12_000_000, 'refused', fault?.id],
      [13_000_000, 'refused', fault?.id],
      [14_000_000, 'OK', null],
      [14_020_000, 'OK', null],
    ])
    expect(trace.occurrences.filter(({ kind }) => kind === 'replicate')).toMatchObject([
      { details: { result: 'FAILED' } },
      { details: { result: 'FAILED' } },
      { details: { result: 'FAILED' } },
      { details: { result: 'COMMITTED' } },
    ])
  })

  /** A put a second; the flush thread ticks at 60 s: close 3.5 ms, LIST 20 ms, … (see hand-computed). */
  test('a staged file: from its first batch to its deletion', () => {
    const { trace } = traced(
      constantScenario(`
duration: 70 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: staged-copy, store: backup, flushInterval: 60 s } }
`),
    )
    const [staged] = trace.occurrences.filter(({ kind }) => kind === 'staged file')
    const stored = trace.occurrences.find(({ kind }) => kind === 'object stored') as Occurrence
    expect(stored.fromUs).toBe(60_054_138)
    expect(causesOf(stored, trace).map(({ kind }) => kind)).toEqual([
      'backup flush',
      'roll staged file',
      'copy staged file',
      'store request',
      'store attempt',
    ])
    // HEAD 10 ms and the NameNode's 2 ms later.
    expect(staged).toMatchObject({ untilUs: 60_066_138, details: { bytes: 58_000 } })
    expect(causesOf(staged as Occurrence, trace).map(({ kind }) => kind)).toEqual([
      'read batch',
      'ship batch',
      'replicate',
    ])
  })
})

describe('over random scenarios with faults', () => {
  const RUNS = { seed: 6118, numRuns: 8 }

  test('watching changes nothing: same figures, same hash, same number of events', () => {
    fc.assert(
      fc.property(randomScenario, (written) => {
        const scenario = scenarioOf(written)
        expect(traced(scenario).result).toEqual(simulate(scenario, scenario.seed))
      }),
      RUNS,
    )
  })

  test('every event is of a known kind, ends after it begins, and is not before its cause', () => {
    fc.assert(
      fc.property(carelessScenario, (written) => {
        expect(complaintsAbout(traced(scenarioOf(written)).trace)).toEqual([])
      }),
      RUNS,
    )
  })

  test('what is not over when the run ends is the doing of a process that lives on', () => {
    fc.assert(
      fc.property(randomScenario, (written) => {
        const { trace } = traced(scenarioOf(written))
        const exits = new Map<string, number>()
        for (const { kind, host, fromUs } of trace.occurrences) {
          if (kind === 'server exit') exits.set(host, fromUs)
        }
        const open = trace.occurrences.filter(({ untilUs }) => untilUs === null)
        for (const { kind, host } of open) {
          if (eventKinds[kind]?.shape === 'activity') expect([...exits.keys()]).not.toContain(host)
        }
      }),
      RUNS,
    )
  })

  test('edits are conserved: all that are acknowledged are accepted, confirmed and stored', () => {
    fc.assert(
      fc.property(calmScenario, (written) => {
        const { result, trace } = traced(scenarioOf(written))
        const acknowledged = editsOf(trace.ranges, 'acknowledged')
        expect(acknowledged.size).toBe(result.edits.acknowledged)
        expect(result.edits.failed).toBe(0)
        for (const kind of ['accepted', 'confirmed', 'stored']) {
          const got = editsOf(trace.ranges, kind)
          const missing = [...acknowledged].filter((edit) => !got.has(edit))
          expect({ kind, missing }).toEqual({ kind, missing: [] })
        }
      }),
      { ...RUNS, numRuns: 6 },
    )
  })
})

test('without a watch nothing is told', () => {
  const scenario = constantScenario(ONE_PUT)
  expect(simulate(scenario, scenario.seed)).not.toHaveProperty('trace')
})

/** What is wrong with ids, kinds, times and causes. */
function complaintsAbout({ occurrences, ranges }: RunTrace): unknown[] {
  const begun = (id: number) => (id === 0 ? 0 : (occurrences[id - 1]?.fromUs ?? Number.NaN))
  const wrong = occurrences.filter(({ id, kind, fromUs, untilUs, cause }, i) => {
    const inOrder = id === i + 1 && fromUs >= begun(i) && fromUs >= begun(cause)
    return !(inOrder && cause < id && kind in eventKinds && (untilUs ?? fromUs) >= fromUs)
  })
  const wrongRanges = ranges.filter(({ kind, cause, from, to, fromUs, untilUs }) => {
    return !(kind in progressKinds && to > from && untilUs >= fromUs && fromUs >= begun(cause))
  })
  return [...wrong, ...wrongRanges]
}

/** From the first cause to the last, without the event itself. */
function causesOf({ cause }: Occurrence, trace: RunTrace): Occurrence[] {
  const direct = trace.occurrences[cause - 1]
  return direct === undefined ? [] : [...causesOf(direct, trace), direct]
}

function rangeText({ kind, from, to, fromUs, cause }: ProgressRange): string {
  return `${kind} ${from}–${to} at ${fromUs}${cause === 0 ? '' : ` <- ${cause}`}`
}

/** Every edit once, by log and number. */
function editsOf(ranges: readonly ProgressRange[], kind: string): Set<string> {
  const edits = new Set<string>()
  for (const range of ranges) {
    if (range.kind !== kind) continue
    for (let edit = range.from; edit < range.to; edit++) edits.add(`${range.log}/${edit}`)
  }
  return edits
}
