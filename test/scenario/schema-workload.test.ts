import { describe, expect, test } from 'vitest'
import { complaintAbout, load } from './fixture.js'

const file = (tables: string, mix: string, more = '') => `name: least
duration: 1 min
tables: ${tables}
workload: [{ table: t, rate: 1/s, valueSize: 1 KiB, ${mix} }]
${more}`

const NO_SHARES = { put: 0, get: 0, multiget: 0, scan: 0, readModifyWrite: 0, increment: 0 }

test('a table has one family, and clients put, unless told otherwise', () => {
  const { scenario } = load(file('{ t: { regions: 1 } }', 'keys: uniform')).variants[0]
  expect(scenario.tables.t).toMatchObject({ regions: 1, families: { cf: 1 }, size: 0 })
  expect(scenario.workload[0].mix).toEqual({ ...NO_SHARES, put: 1 })
})

test('several families share the bytes of a put; operations may be mixed', () => {
  const families = 'families: { big: 0.7, small: 0.2, tiny: 0.1 }'
  const mix = 'mix: { put: 0.1, get: 0.7, increment: 0.2 }'
  const { scenario } = load(file(`{ t: { regions: 1, ${families} } }`, mix)).variants[0]
  expect(scenario.tables.t?.families).toEqual({ big: 0.7, small: 0.2, tiny: 0.1 })
  expect(scenario.workload[0].mix).toEqual({ ...NO_SHARES, put: 0.1, get: 0.7, increment: 0.2 })
})

test('a table has the durability that hbase.wal.hsync gives it, unless told otherwise', () => {
  const durabilityOf = (table: string) =>
    load(file(`{ t: { ${table} } }`, 'keys: uniform')).variants[0].scenario.tables.t?.durability
  expect(durabilityOf('regions: 1')).toBe('USE_DEFAULT')
  expect(durabilityOf('regions: 1, durability: ASYNC_WAL')).toBe('ASYNC_WAL')
  const misspelt = '{ t: { regions: 1, durability: ASYNC_WALL } }'
  expect(complaintAbout(file(misspelt, 'keys: uniform'))).toContain('did you mean "ASYNC_WAL"?')
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

test('a table has no replicas, and these their edits, unless told otherwise', () => {
  const tableOf = (table: string) =>
    load(file(`{ t: { ${table} } }`, 'mix: { get: 1 }')).variants[0].scenario.tables.t
  expect(tableOf('regions: 1')).toMatchObject({
    regionReplication: 1,
    memstoreReplication: true,
    readOnly: false,
  })
  const given = { regionReplication: 3, memstoreReplication: false, readOnly: true }
  const text = 'regionReplication: 3, memstoreReplication: false, readOnly: true'
  expect(tableOf(`regions: 1, ${text}`)).toMatchObject(given)
  const many = '{ t: { regions: 1, regionReplication: 11 } }'
  expect(complaintAbout(file(many, 'keys: uniform'))).toContain('regionReplication')
})

test('nobody writes a table that is readOnly', () => {
  const readOnly = '{ t: { regions: 1, readOnly: true } }'
  expect(complaintAbout(file(readOnly, 'keys: uniform'))).toContain('nobody may write the table')
  expect(() => load(file(readOnly, 'mix: { get: 1 }'))).not.toThrow()
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

const ONE_REGION = '{ t: { regions: 1 } }'

test.each([
  ['A', { get: 0.5, put: 0.5 }, 'zipfian'],
  ['B', { get: 0.95, put: 0.05 }, 'zipfian'],
  ['C', { get: 1 }, 'zipfian'],
  ['D', { get: 0.95, put: 0.05 }, 'latest'],
  ['E', { scan: 0.95, put: 0.05 }, 'zipfian'],
  ['F', { get: 0.5, readModifyWrite: 0.5 }, 'zipfian'],
])('workload %s of YCSB has the mix and the keys that YCSB gives it', (ycsb, mix, keys) => {
  const { scenario } = load(file(ONE_REGION, `ycsb: ${ycsb}`)).variants[0]
  expect(scenario.workload[0]).toMatchObject({ mix: { ...NO_SHARES, ...mix }, keys })
  expect(scenario.workload[0]).toMatchObject({ scanRows: 100, caching: null })
})

test('the keys of a workload of YCSB may be others', () => {
  const { scenario } = load(file(ONE_REGION, 'ycsb: D, keys: uniform')).variants[0]
  expect(scenario.workload[0].keys).toBe('uniform')
})

test('ycsb and mix are two answers to one question', () => {
  const complaint = complaintAbout(file(ONE_REGION, 'ycsb: A, mix: { put: 1 }'))
  expect(complaint).toContain('ycsb says what the mix is')
  expect(complaint).toContain('either ycsb or mix')
})

test('reads are strong unless told otherwise', () => {
  const { scenario } = load(file(ONE_REGION, 'ycsb: C')).variants[0]
  expect(scenario.workload[0]).toMatchObject({ consistency: 'strong', replicaId: null })
})

test('timeline reads of a table with one replica are legal', () => {
  const { scenario } = load(file(ONE_REGION, 'ycsb: C, consistency: timeline')).variants[0]
  expect(scenario.workload[0].consistency).toBe('timeline')
})

describe('reads that name a replica', () => {
  const replicated = '{ t: { regions: 1, regionReplication: 3 } }'
  const timeline = 'consistency: timeline'

  test('name one that the table has', () => {
    const { scenario } = load(file(replicated, `ycsb: C, ${timeline}, replicaId: 2`)).variants[0]
    expect(scenario.workload[0].replicaId).toBe(2)
    const complaint = complaintAbout(file(replicated, `ycsb: C, ${timeline}, replicaId: 3`))
    expect(complaint).toContain('the table has no such replica')
    expect(complaint).toContain('expected at most 2')
  })

  test('are timeline reads', () => {
    expect(complaintAbout(file(replicated, 'ycsb: C, replicaId: 1'))).toContain(
      'a strong read asks the primary, whatever replica it names',
    )
  })

  test('are no multigets', () => {
    const mix = `mix: { multiget: 1 }, ${timeline}, replicaId: 1`
    expect(complaintAbout(file(replicated, mix))).toContain('does not look at replica ids')
  })
})

test('nobody reads, modifies and writes a table that is read-only', () => {
  const complaint = complaintAbout(file('{ t: { regions: 1, readOnly: true } }', 'ycsb: F'))
  expect(complaint).toContain('nobody may write the table')
})

/** A phase without a rate. */
const phase = (text: string) =>
  `name: least\nduration: 1 min\ntables: ${ONE_REGION}\nworkload: [{ table: t, valueSize: 1 KiB, ${text} }]\n`

const phaseOf = (text: string) => load(phase(text)).variants[0].scenario.workload[0]

describe('closed-loop clients', () => {
  test('send when they have their answers', () => {
    const spec = phaseOf('clients: 50')
    expect(spec.rate).toBeNull()
    expect(spec.closedLoop).toEqual({ clients: 50, thinkTime: { kind: 'constant', value: 0 } })
  })

  test('think, and aim at a rate', () => {
    const spec = phaseOf('clients: 5, thinkTime: 10 ms, rate: 100/s')
    expect(spec.rate).toBe(100)
    expect(spec.closedLoop?.thinkTime).toEqual({ kind: 'constant', value: 10_000 })
  })

  test('are not there unless asked for', () => {
    expect(phaseOf('rate: 1/s')).not.toHaveProperty('closedLoop')
  })

  test('or a rate there must be', () => {
    const complaint = complaintAbout(phase('keys: uniform'))
    expect(complaint).toContain('"rate" is missing in workload[0]')
  })

  test('alone think, and have no arrivals', () => {
    expect(complaintAbout(phase('rate: 1/s, thinkTime: 1 s'))).toContain(
      'who comes at a rate does not wait to think',
    )
    expect(complaintAbout(phase('clients: 1, arrivals: periodic'))).toContain(
      'clients send when they have their answers',
    )
  })

  test('are no more than 10,000', () => {
    expect(() => phaseOf('clients: 10000')).not.toThrow()
    expect(complaintAbout(phase('clients: 10001'))).toContain('expected a whole number from 1 to')
    expect(complaintAbout(phase('clients: 0'))).toContain('expected a whole number from 1 to')
  })

  test('do no more than a run can bear', () => {
    const hours = (text: string) => phase(text).replace('1 min', '24 h')
    const complaint = complaintAbout(hours('clients: 1000'))
    expect(complaint).toContain('the workload comes to more than 10000000000 operations')
    expect(() => load(hours('clients: 1000, thinkTime: 1 s'))).not.toThrow()
    expect(() => load(hours('clients: 1000, rate: 1000/s'))).not.toThrow()
  })
})

describe('bursts', () => {
  const bursts = (text: string) => phase(`rate: 1/s, bursts: { ${text} }`)

  test('begin one period after their phase, unless told otherwise', () => {
    const written = 'rate: 1/s, from: 5 s, bursts: { every: 10 s, for: 1 s, times: 5'
    const usual = { everyUs: 10_000_000, forUs: 1_000_000, times: 5 }
    expect(phaseOf(`${written} }`).bursts).toEqual({ fromUs: 15_000_000, ...usual })
    expect(phaseOf(`${written}, from: 7 s }`).bursts).toEqual({ fromUs: 7_000_000, ...usual })
    expect(phaseOf('rate: 1/s')).not.toHaveProperty('bursts')
  })

  test('end before the next begins, and last', () => {
    const expected = 'a burst ends before the next begins'
    expect(complaintAbout(bursts('every: 1 s, for: 2 s, times: 2'))).toContain(expected)
    expect(complaintAbout(bursts('every: 1 s, for: 0 s, times: 2'))).toContain(expected)
    expect(() => load(bursts('every: 1 s, for: 1 s, times: 2'))).not.toThrow()
  })

  test('are no lulls', () => {
    expect(complaintAbout(bursts('every: 1 s, for: 1 s, times: 0.5'))).toContain(
      'expected a number from 1 to 1000',
    )
  })

  test('too many of them, or too many operations in one, are refused', () => {
    expect(complaintAbout(bursts('every: 1 ms, for: 1 ms, times: 2'))).toContain('bursts')
    const many = phase(
      'rate: 100000000/s, bursts: { every: 30 s, for: 20 s, times: 2 }, until: 31 s',
    )
    expect(complaintAbout(many)).toContain('operations')
  })
})

describe('keys', () => {
  test('of a hotspot and exponential ones have what YCSB gives them', () => {
    expect(phaseOf('rate: 1/s, keys: hotspot').hotspot).toEqual({ data: 0.2, operations: 0.8 })
    const { exponential } = phaseOf('rate: 1/s, keys: exponential')
    expect(exponential).toEqual({ percentile: 95, fraction: 0.8571428571 })
    const hot = phaseOf('rate: 1/s, keys: hotspot, hotspot: { data: 0.1 }').hotspot
    expect(hot).toEqual({ data: 0.1, operations: 0.8 })
  })

  test('have no shape of another kind', () => {
    for (const shape of ['hotspot: { data: 0.1 }', 'exponential: { percentile: 90 }']) {
      expect(complaintAbout(phase(`rate: 1/s, ${shape}`))).toContain('keys are zipfian')
    }
  })

  test('that are scattered cannot be ordered', () => {
    expect(phaseOf('rate: 1/s, keys: latest, insertOrder: ordered').insertOrder).toBe('ordered')
    expect(phaseOf('rate: 1/s, keys: latest')).not.toHaveProperty('insertOrder')
    expect(complaintAbout(phase('rate: 1/s, insertOrder: ordered'))).toContain('scattered')
  })
})

test('lengths of scans are uniform unless told otherwise', () => {
  expect(phaseOf('rate: 1/s')).not.toHaveProperty('scanLength')
  expect(phaseOf('rate: 1/s, scanLength: zipfian').scanLength).toBe('zipfian')
})
