import { complain } from './reading.js'
import type { PhaseKeys, YcsbReader } from './ycsb-reader.js'
import type { Shares } from './ycsb-shares.js'

const MOST_FIELDS = 100_000
const LONGEST_FIELD = 1_073_741_824
const MOST_ROWS = 10_000

/**
 * What a put writes: all fields for an insert and with `writeallfields`, else one. Both kinds in one
 * workload make a mixture. The cells of a row count as one value, and where fields vary in length
 * the sum of all is taken at its mean: with ten fields it strays by a few per cent.
 */
export function valueSizeKeys(reader: YcsbReader, shares: Shares): PhaseKeys {
  const fields = reader.whole('fieldcount', 10, 1, MOST_FIELDS)
  const longest = reader.whole('fieldlength', 100, 1, LONGEST_FIELD)
  const kinds = ['constant', 'uniform', 'zipfian', 'histogram'] as const
  const kind = reader.choice('fieldlengthdistribution', 'constant', kinds)
  const shortest = kind === 'uniform' ? reader.whole('minfieldlength', 1, 1, longest) : longest
  if (kind === 'zipfian' || kind === 'histogram') {
    const complaint = complain('bad-workload', `fields of ${kind} length are not modelled`, SIZE)
    reader.complain('fieldlengthdistribution', complaint)
  }
  const all = `${Math.round((fields * (shortest + longest)) / 2)} B`
  const one = shortest === longest ? `${longest} B` : `uniform(${shortest} B, ${longest} B)`
  const updates = shares.update + shares.readModifyWrite
  const onlyAll = reader.boolean('writeallfields', false) || fields === 1
  const size =
    onlyAll && fields > 1 ? all : mixed(one, updates, all, fields > 1 ? shares.insert : 0)
  return { valueSize: { value: size, from: 'fieldlength' } }
}

const SIZE = 'constant or uniform, or valueSize in the phase'

function mixed(one: string, updates: number, all: string, inserts: number): string {
  if (inserts === 0) return one
  if (updates === 0) return all
  const weight = (inserts / (updates + inserts)).toFixed(9)
  return Number(weight) > 0 && Number(weight) < 1 ? `${one} + ${weight} * ${all}` : one
}

export function scanKeys(reader: YcsbReader): PhaseKeys {
  const rows = reader.whole('maxscanlength', 1000, 1, MOST_ROWS)
  const fewest = reader.whole('minscanlength', 1, 1, rows)
  if (fewest > 1) {
    const message = `scans of at least ${fewest} rows are not modelled`
    const expected = '1, or scanRows in the phase'
    reader.complain('minscanlength', complain('bad-workload', message, expected))
  }
  const length = reader.choice('scanlengthdistribution', 'uniform', ['uniform', 'zipfian'])
  return {
    scanRows: { value: rows, from: 'maxscanlength' },
    scanLength: { value: length, from: 'scanlengthdistribution' },
  }
}
