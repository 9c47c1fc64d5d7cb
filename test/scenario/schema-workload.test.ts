import { expect, test } from 'vitest'
import { complaintAbout, load } from './fixture.js'

const file = (tables: string, mix: string, more = '') => `name: least
duration: 1 min
tables: ${tables}
workload: [{ table: t, rate: 1/s, valueSize: 1 KiB, ${mix} }]
${more}`

test('a table has one family, and clients put, unless told otherwise', () => {
  const { scenario } = load(file('{ t: { regions: 1 } }', 'keys: uniform')).variants[0]
  expect(scenario.tables.t).toEqual({ regions: 1, families: { cf: 1 }, size: 0 })
  expect(scenario.workload[0].mix).toEqual({ put: 1, get: 0, increment: 0 })
})

test('several families share the bytes of a put; operations may be mixed', () => {
  const families = 'families: { big: 0.7, small: 0.2, tiny: 0.1 }'
  const mix = 'mix: { put: 0.1, get: 0.7, increment: 0.2 }'
  const { scenario } = load(file(`{ t: { regions: 1, ${families} } }`, mix)).variants[0]
  expect(scenario.tables.t?.families).toEqual({ big: 0.7, small: 0.2, tiny: 0.1 })
  expect(scenario.workload[0].mix).toEqual({ put: 0.1, get: 0.7, increment: 0.2 })
})

test('shares that do not sum to 1 are refused where they stand', () => {
  expect(complaintAbout(file('{ t: { regions: 1 } }', 'mix: { put: 0.5, get: 0.4 }'))).toContain(
    '4:58  the shares do not sum to 1',
  )
  const tables = '{ t: { regions: 1, families: { a: 0.5 } } }'
  expect(complaintAbout(file(tables, 'keys: uniform'))).toContain(
    '3:38  the shares do not sum to 1',
  )
})

test('a region that the table does not have cannot be moved, nor a table that is not there', () => {
  const move = (table: string, region: number) =>
    `operations: [{ at: 1 s, do: move, table: ${table}, region: ${region}, server: rs1 }]\n`
  const about = (more: string) =>
    complaintAbout(file('{ t: { regions: 3 } }', 'keys: uniform', more))
  expect(about(move('t', 3))).toContain('the table has no such region')
  expect(about(move('t', 3))).toContain('expected at most 2')
  expect(about(move('s', 1))).toContain('there is no table "s"')
})
