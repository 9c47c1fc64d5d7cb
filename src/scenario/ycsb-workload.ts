import type { JavaProperty } from './java-properties.js'
import { complain } from './reading.js'
import { quote, type Span } from './source-text.js'
import { type PhaseKeys, type YcsbProblem, YcsbReader } from './ycsb-reader.js'
import { checkShares, mixOf, sharesOf } from './ycsb-shares.js'
import { scanKeys, valueSizeKeys } from './ycsb-sizes.js'

/** A YCSB workload as a phase of a scenario. */
export interface YcsbPhase {
  /** Its keys, as a scenario file would have them. */
  readonly phase: Readonly<Record<string, unknown>>
  /** The property that a key comes from, where the file sets it. */
  readonly spans: ReadonlyMap<string, Span>
  readonly problems: readonly YcsbProblem[]
}

const MOST_CLIENTS = 10_000
const MOST_KEYS = 10_000_000_000
const MOST_OPERATIONS = 1_000_000_000
/** What `recordcount` is where it is left out or 0: Integer.MAX_VALUE. */
const NO_RECORD_COUNT = 2_147_483_647
/** What a thread waits for at least, so that all of a phase fits into a run. */
const LONGEST_S = 400 * 86_400

/**
 * What `properties`, those of CoreWorkload and Client, say of a phase that has `own` keys already;
 * these go over the file, and what they replace is not looked at. Defaults are YCSB's. Inserts and
 * updates are both puts: an insert writes all fields, an update one unless `writeallfields`.
 */
export function ycsbPhase(
  properties: ReadonlyMap<string, JavaProperty>,
  own: ReadonlySet<string>,
): YcsbPhase {
  const reader = new YcsbReader(properties)
  const shares = sharesOf(reader)
  if (!own.has('mix')) checkShares(reader, shares)
  const candidates: PhaseKeys = {
    table: { value: reader.text('table', 'usertable'), from: 'table' },
    mix: { value: mixOf(shares), from: 'readproportion' },
    ...unless(own, ['keyCount'], () => countKeys(reader)),
    ...unless(own, ['keys'], () => distributionKeys(reader)),
    ...unless(own, ['valueSize'], () => valueSizeKeys(reader, shares)),
    ...unless(own, ['scanRows'], () => (shares.scan > 0 ? scanKeys(reader) : {})),
    ...unless(own, ['until', 'from'], () => timeKeys(reader)),
    ...clientKeys(reader, own),
  }
  const keys = Object.entries(candidates).filter(([key]) => !own.has(key))
  checkKind(reader)
  const spans = keys.flatMap(([key, { from }]): [string, Span][] => {
    const span = reader.span(from)
    return span === undefined ? [] : [[key, span]]
  })
  return {
    phase: Object.fromEntries(keys.map(([key, { value }]) => [key, value])),
    spans: new Map(spans),
    problems: reader.problems,
  }
}

/** `keys()` where the phase says none of `names`. */
function unless(own: ReadonlySet<string>, names: string[], keys: () => PhaseKeys): PhaseKeys {
  return names.some((name) => own.has(name)) ? {} : keys()
}

function countKeys(reader: YcsbReader): PhaseKeys {
  const recordCount = reader.whole('recordcount', 0, 0, MOST_KEYS) || NO_RECORD_COUNT
  const start = reader.whole('insertstart', 0, 0, recordCount - 1)
  const count = reader.whole('insertcount', recordCount - start, 1, recordCount - start)
  return { keyCount: { value: count, from: 'recordcount' } }
}

function distributionKeys(reader: YcsbReader): PhaseKeys {
  const names = ['uniform', 'zipfian', 'latest', 'hotspot', 'exponential', 'sequential'] as const
  const keys = reader.choice('requestdistribution', 'uniform', names)
  const hotspot = {
    data: reader.number('hotspotdatafraction', 0.2, 0, 1),
    operations: reader.number('hotspotopnfraction', 0.8, 0, 1),
  }
  const exponential = {
    percentile: reader.number('exponential.percentile', 95, 0.001, 99.999),
    fraction: reader.number('exponential.frac', 0.8571428571, 1e-9, 1000),
  }
  const scattered = keys === 'zipfian' || keys === 'uniform'
  const ordered = reader.text('insertorder', 'hashed') !== 'hashed' && !scattered
  return {
    keys: { value: keys, from: 'requestdistribution' },
    ...(keys === 'hotspot' && { hotspot: { value: hotspot, from: 'hotspotdatafraction' } }),
    ...(keys === 'exponential' && {
      exponential: { value: exponential, from: 'exponential.percentile' },
    }),
    ...(ordered && { insertOrder: { value: 'ordered', from: 'insertorder' } }),
  }
}

function timeKeys(reader: YcsbReader): PhaseKeys {
  const seconds = reader.whole('maxexecutiontime', 0, 0, LONGEST_S)
  return seconds === 0 ? {} : { until: { value: `${seconds} s`, from: 'maxexecutiontime' } }
}

/** YCSB's clients are threads in a closed loop: one if nobody says how many. */
function clientKeys(reader: YcsbReader, own: ReadonlySet<string>): PhaseKeys {
  const keys: Record<string, { value: unknown; from: string }> = {}
  if (!own.has('clients') && (reader.has('threadcount') || !own.has('rate'))) {
    const clients = reader.whole('threadcount', 1, 1, MOST_CLIENTS)
    keys.clients = { value: clients, from: 'threadcount' }
  }
  const target = own.has('rate') ? 0 : reader.whole('target', 0, 0, MOST_OPERATIONS)
  if (target > 0) keys.rate = { value: `${target}/s`, from: 'target' }
  return keys
}

function checkKind(reader: YcsbReader): void {
  const workload = reader.text('workload', 'CoreWorkload')
  if (!/(^|\.)CoreWorkload$/.test(workload)) {
    const message = `the workload ${quote(workload)} is not modelled`
    reader.complain(
      'workload',
      complain('bad-workload', message, 'site.ycsb.workloads.CoreWorkload'),
    )
  }
  if (!reader.boolean('dotransactions', true)) {
    const message = 'this loads the table instead of using it'
    const expected = 'true, and the size of the table in the scenario'
    reader.complain('dotransactions', complain('bad-workload', message, expected))
  }
}
