import { describe, expect, test } from 'vitest'
import {
  chainWALEntryFilters,
  type FilteredEntry,
  scopeFilter,
  systemTableFilter,
  tableCfFilter,
  wantedRegions,
} from '../../src/replication/wal-entry-filters.js'

const entry: FilteredEntry = { table: 'usertable', families: ['a', 'b'], scopes: { a: 1, b: 0 } }
const global: FilteredEntry = { ...entry, scopes: { a: 1, b: 1 } }

describe('RB41: the scope filter', () => {
  test('keeps the families of global scope', () => {
    expect(scopeFilter(false)(entry)).toEqual({ ...entry, families: ['a'] })
  })

  test('drops an entry without scopes; for a serial peer it is kept and emptied', () => {
    const local = { ...entry, scopes: {} }
    expect(scopeFilter(false)(local)).toBeNull()
    expect(scopeFilter(true)(local)).toEqual({ ...local, families: [] })
  })
})

describe('the system table filter', () => {
  test.each([
    ['hbase:meta', false],
    ['hbase:replication', false],
    ['hbase:acl', true],
    ['hbase:labels', true],
    ['usertable', true],
    ['hbaselike', true],
  ])('%s is replicated: %s', (table, passes) => {
    expect(systemTableFilter({ ...entry, table }) !== null).toBe(passes)
  })
})

describe('the table-CFs of a peer', () => {
  test('absent want everything, present only the tables they name', () => {
    expect(tableCfFilter(null)(entry)).toBe(entry)
    expect(tableCfFilter({ usertable: [] })(entry)).toBe(entry)
    expect(tableCfFilter({ other: [] })(entry)).toBeNull()
    expect(tableCfFilter({})({ ...entry, table: 'toString' })).toBeNull()
  })

  test('take other families’ cells out', () => {
    expect(tableCfFilter({ usertable: ['b'] })(entry)).toEqual({ ...entry, families: ['b'] })
  })
})

describe('filters in a chain', () => {
  const chain = (families: readonly string[]) =>
    chainWALEntryFilters([
      systemTableFilter,
      scopeFilter(false),
      tableCfFilter({ usertable: families }),
    ])

  test('each works on what the one before left', () => {
    expect(chain(['a'])(entry)).toEqual({ ...entry, families: ['a'] })
    expect(chain(['b'])(global)).toEqual({ ...global, families: ['b'] })
  })

  test('an entry that is left without cells is dropped', () => {
    expect(chain(['b'])(entry)).toBeNull()
  })

  test('marker edits always pass', () => {
    const marker = { table: 'hbase:markers', families: [], scopes: {}, marker: true }
    expect(chain(['a'])(marker)).toBe(marker)
  })
})

describe('regions wanted by a peer', () => {
  const tables = ['usertable', 'other', 'hbase:meta', 'hbase:acl']
  const wanted = (of: readonly string[] | null) => {
    const wants = wantedRegions(of, (region) => tables[region] ?? '')
    return tables.map((_, region) => wants(region))
  }

  test('are those of its tables, system tables aside', () => {
    expect(wanted(null)).toEqual([true, true, false, true])
    expect(wanted(['other', 'hbase:meta'])).toEqual([false, true, false, false])
    expect(wanted([])).toEqual([false, false, false, false])
  })
})
