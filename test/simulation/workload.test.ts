import { describe, expect, test } from 'vitest'
import { Clients } from '../../src/hbase/client/clients.js'
import { Model } from '../../src/simulation/model.js'
import { buildRegionMap, RegionMap } from '../../src/simulation/workload.js'
import { buildPhases } from '../../src/simulation/workload-phases.js'
import { scenarioOf, type Written } from './random-scenario.js'

const usual = {
  families: { cf: 1 },
  size: 0,
  durability: 'USE_DEFAULT',
  regionReplication: 1,
  memstoreReplication: true,
  readOnly: false,
} as const
const tables = { users: { ...usual, regions: 7 }, orders: { ...usual, regions: 4 } }

describe('regions of tables on servers', () => {
  const map = new RegionMap(tables, 3, (table) => (table === 'users' ? 2 : 0))

  test('are numbered through in order of the names of their tables', () => {
    expect(map.regions).toBe(11)
    expect(map.firstRegion('orders')).toBe(0)
    expect(map.firstRegion('users')).toBe(4)
    expect(() => map.firstRegion('nobody')).toThrow('no table "nobody"')
  })

  test('each table is dealt in turn, beginning with its own first server', () => {
    const servers = Array.from({ length: 11 }, (_, region) => map.serverOf(region))
    expect(servers).toEqual([0, 1, 2, 0, 2, 0, 1, 2, 0, 1, 2])
  })

  test('a server holds what was dealt to it, and every region is held once', () => {
    const held = [0, 1, 2].map((server) => map.regionsOf(server))
    expect(held[1]).toEqual([1, 6, 9])
    expect(held.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i))
  })
})

function modelOf(written: Written, seed = 1): Model {
  return new Model(
    scenarioOf({
      duration: '10 s',
      workload: [{ table: 'usertable', rate: '100/s', valueSize: '100 B' }],
      tables: { usertable: { regions: 12 } },
      cluster: { regionServers: 3 },
      ...written,
    }),
    seed,
  )
}

test('a table lies where it lies whatever other tables there are', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const alone = buildRegionMap(modelOf({}, seed))
    const other = { aaa: { regions: 5 }, usertable: { regions: 12 }, zzz: { regions: 1 } }
    const among = buildRegionMap(modelOf({ tables: other }, seed))
    const place = (map: RegionMap) =>
      Array.from({ length: 12 }, (_, i) => map.serverOf(map.firstRegion('usertable') + i))
    expect(place(among)).toEqual(place(alone))
  }
})

describe('puts of the clients', () => {
  function puts(written: Written) {
    const model = modelOf(written)
    const sent: [us: number, region: number, bytes: number, operation: number][] = []
    const target = {
      offer: (...put: [number, number, number, number]) => {
        sent.push(put)
      },
    }
    const clients = new Clients(buildPhases(model, buildRegionMap(model)))
    clients.generate(5_000_000, () => target)
    clients.generate(20_000_000, () => target)
    expect(clients.submitted).toBe(sent.length)
    return sent
  }

  test('come in order, within the phase, at its rate', () => {
    const sent = puts({
      workload: [
        { table: 'usertable', rate: '500/s', valueSize: '100 B', from: '2 s', until: '8 s' },
      ],
    })
    const times = sent.map(([us]) => us)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(2_000_000)
    expect(times.at(-1)).toBeLessThan(8_000_000)
    // 3,000 expected, with a standard deviation of 55.
    expect(Math.abs(sent.length - 3000)).toBeLessThan(200)
  })

  test('a periodic phase sends its first put one interval after its beginning', () => {
    const periodic = { table: 'usertable', rate: '3/s', arrivals: 'periodic', valueSize: '100 B' }
    const sent = puts({ workload: [{ ...periodic, from: '1 s', until: '3 s' }] })
    expect(sent.map(([us]) => us)).toEqual([1_333_333, 1_666_667, 2_000_000, 2_333_333, 2_666_667])
  })

  test('go to all regions of their table, and to no other', () => {
    const other = { aaa: { regions: 5 }, usertable: { regions: 12 }, zzz: { regions: 1 } }
    const sent = puts({ tables: other })
    const regions = new Set(sent.map(([, region]) => region))
    expect([...regions].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => 5 + i))
  })

  test('have numbers of their own over all phases', () => {
    const phase = { table: 'usertable', rate: '100/s', valueSize: 'uniform(1 B, 100 B)' }
    const sent = puts({ workload: [phase, phase, { ...phase, from: '3 s' }] })
    expect(new Set(sent.map(([, , , operation]) => operation)).size).toBe(sent.length)
  })

  test('are never empty', () => {
    const sent = puts({
      workload: [{ table: 'usertable', rate: '100/s', valueSize: 'exponential(1 B)' }],
    })
    expect(sent.every(([, , bytes]) => bytes >= 1 && Number.isInteger(bytes))).toBe(true)
  })
})
