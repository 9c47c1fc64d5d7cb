import { describe, expect, test } from 'vitest'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { ActiveFaults } from '../../src/simulation/active-faults.js'
import {
  drawFaults,
  rpcDelays,
  type ScheduledFault,
  scheduleFaults,
} from '../../src/simulation/faults.js'
import { Model } from '../../src/simulation/model.js'
import { simulate } from '../../src/simulation/simulate.js'
import { StoreWeather } from '../../src/storage/s3/store-weather.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'
import { scenarioOf, type Written } from './random-scenario.js'

const base: Written = {
  duration: '100 s',
  cluster: { regionServers: 2 },
  stores: { backup: { profile: 's3-standard' } },
  workload: [{ table: 'usertable', rate: '1/s', valueSize: '100 B' }],
  peers: { backup: { endpoint: 'staged-copy', store: 'backup' } },
  faults: [
    { kind: 'cluster-loss', at: 'uniform(10 s, 90 s)' },
    { kind: 'store-outage', store: 'backup', as: '503', at: 'exponential(20 s)', for: '5 s' },
    { kind: 'suspend-region-server', server: 'rs2', at: '40 s', for: '3 s' },
  ],
}

function drawn(written: Written, seed: number) {
  return drawFaults(new Model(scenarioOf(written), seed))
}

describe('when faults strike', () => {
  test('a constant instant is kept, and a fault that passes has an end', () => {
    const [, outage, suspension] = drawn(base, 1)
    expect(suspension).toMatchObject({ atUs: 40_000_000, untilUs: 43_000_000 })
    expect(outage?.untilUs).toBe((outage?.atUs ?? 0) + 5_000_000)
    expect(drawn(base, 1)[0]?.untilUs).toBe(null)
  })

  test('is drawn per seed, within the distribution', () => {
    const instants = Array.from({ length: 50 }, (_, seed) => drawn(base, seed)[0]?.atUs ?? 0)
    expect(new Set(instants).size).toBe(50)
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(10_000_000)
    expect(Math.max(...instants)).toBeLessThanOrEqual(90_000_000)
    expect(instants.some((us) => us < 30_000_000)).toBe(true)
    expect(instants.some((us) => us > 70_000_000)).toBe(true)
    expect(instants.every(Number.isInteger)).toBe(true)
  })

  test('is common to twins, whatever else the variant changes', () => {
    const twin = { ...base, hbase: '3.0', peers: {}, cluster: { regionServers: 5 } }
    for (const seed of [1, 2, 3]) expect(drawn(twin, seed)).toEqual(drawn(base, seed))
  })

  test('is not moved by a fault that is added behind', () => {
    const one = base.faults as unknown[]
    const more = { ...base, faults: [...one, { kind: 'cluster-loss', at: 'uniform(0 s, 9 s)' }] }
    expect(drawn(more, 4).slice(0, 3)).toEqual(drawn(base, 4))
  })

  test('each says what it is', () => {
    expect(drawn(base, 1).map(({ kind, label }) => [kind, label])).toEqual([
      ['cluster-loss', 'cluster lost'],
      ['store-outage', 'backup answers 503'],
      ['suspend-region-server', 'rs2 suspended'],
    ])
  })

  test('begins and ends are told at their instants', () => {
    const scheduler = new Scheduler()
    const told: [string, string, number][] = []
    const tell = (what: string) => (fault: { kind: string }) =>
      told.push([what, fault.kind, scheduler.now])
    const faults = drawn(base, 2)
    scheduleFaults(scheduler, faults, 100_000_000, tell('begins'), tell('ends'))
    scheduler.run()
    const expected = faults.flatMap(({ kind, atUs, untilUs }) => [
      ['begins', kind, atUs],
      ...(untilUs === null ? [] : [['ends', kind, untilUs]]),
    ])
    expect(told).toEqual(expected.sort((a, b) => Number(a[2]) - Number(b[2])))
  })
})

describe('faults that overlap', () => {
  /** The same for a store called `backup`, with all its faults under way at once. */
  function struck(...written: Written[]) {
    const faults = drawn({ ...base, faults: written.map(onBackup) }, 1)
    const weather = new StoreWeather()
    const active = new ActiveFaults()
    const felt = () => {
      active.makeWeather('backup', weather)
      return weather
    }
    const begin = (n: number) => {
      active.begin(faults[n] as ScheduledFault)
      return felt()
    }
    const end = (n: number) => {
      expect(active.end(faults[n] as ScheduledFault)).toBe(true)
      return felt()
    }
    return { active, faults, begin, end }
  }
  const onBackup = (fault: Written) => ({ at: '1 s', for: '1 s', store: 'backup', ...fault })
  const outage = (as: '500' | 'refuse') => ({ kind: 'store-outage', as })

  test('on one target: the latest is felt, until the last is over', () => {
    const { active, begin, end } = struck(outage('refuse'), outage('500'))
    expect(begin(0).outage).toBe('refuse')
    expect(begin(1).outage).toBe('500')
    const elsewhere = new StoreWeather()
    active.makeWeather('elsewhere', elsewhere)
    expect(elsewhere.outage).toBe(null)
    expect(end(0).outage).toBe('500')
    expect(end(1).outage).toBe(null)
  })

  test('one within another: the outer one is felt again after it', () => {
    const { begin, end } = struck(outage('refuse'), outage('500'))
    begin(0)
    begin(1)
    expect(end(1).outage).toBe('refuse')
  })

  test('slowness multiplies, and error rates combine', () => {
    const slow = (factor: number) => ({ kind: 'slow-store', factor })
    const errors = (rate: number, more: Written = {}) => ({ kind: 'store-errors', rate, ...more })
    const all = [slow(3), slow(5), errors(0.5), errors(0.2, { operation: 'PUT' })]
    const { begin, end } = struck(...all)
    all.forEach((_, n) => {
      begin(n)
    })
    const weather = end(1)
    expect(weather.slowness).toBe(3)
    expect(weather.errorRate('LIST', 0)).toBe(0.5)
    expect(weather.errorRate('PUT', 0)).toBeCloseTo(1 - 0.5 * 0.8, 12)
    expect(end(0).slowness).toBe(1)
  })

  test('of two limits the one that begins later holds, until it is over', () => {
    const throttling = (limit: number) => ({ kind: 'store-throttling', limit: `${limit}/s` })
    const { begin, end } = struck(throttling(2), throttling(1))
    const admitted = ({ throttle }: StoreWeather, atUs: number) =>
      [1, 2, 3].filter(() => throttle?.admit(atUs) ?? true).length
    expect(admitted(begin(0), 1_000_000)).toBe(2)
    expect(admitted(begin(1), 2_000_000)).toBe(1)
    expect(admitted(end(1), 3_000_000)).toBe(2)
    expect(admitted(end(0), 4_000_000)).toBe(3)
  })

  test('one that never began does not end', () => {
    const { active, faults } = struck(outage('500'))
    expect(active.end(faults[0] as ScheduledFault)).toBe(false)
  })

  const run = (faults: string) =>
    simulateConstantWorld(`
duration: 100 s
workload: [ { table: usertable, rate: 2/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ ${faults} ]
`)

  test('two outages of a store take what their union takes', () => {
    const kind = 'kind: store-outage, store: backup, as: refuse'
    const two = run(`{ at: 15 s, for: 10 s, ${kind} }, { at: 20 s, for: 20 s, ${kind} }`)
    const one = run(`{ at: 15 s, for: 25 s, ${kind} }`)
    expect(peerOf(two).rpo).toEqual(peerOf(one).rpo)
    expect(peerOf(two).storeLatencyUs).toEqual(peerOf(one).storeLatencyUs)
    expect(peerOf(two).rpo['cluster-loss']?.maxUs).toBeGreaterThan(24_000_000)
  })

  test('two suspensions of a server take what their union takes', () => {
    const kind = 'kind: suspend-region-server, server: rs1'
    const two = run(`{ at: 15 s, for: 10 s, ${kind} }, { at: 20 s, for: 20 s, ${kind} }`)
    const one = run(`{ at: 15 s, for: 25 s, ${kind} }`)
    expect(two.writeLatencyUs).toEqual(one.writeLatencyUs)
    expect(peerOf(two).rpo).toEqual(peerOf(one).rpo)
    expect(two.writeLatencyUs.max).toBeGreaterThan(24_000_000)
  })

  test('a fault after the loss of the cluster strikes nobody and costs nothing', () => {
    const kind = 'kind: store-outage, store: backup, as: refuse'
    const loss = '{ at: 50 s, kind: cluster-loss }'
    const both = run(`${loss}, { at: 60 s, for: 10 s, ${kind} }`)
    expect(peerOf(both)).toEqual(peerOf(run(loss)))
  })
})

test('a server that is suspended while its S3 client awaits an answer goes on after it', () => {
  const result = simulate(
    scenarioOf({
      ...{ ...base, duration: '40 s', cluster: { regionServers: 1 } },
      stores: { backup: { profile: 's3-standard', roundTrip: '500 ms' } },
      peers: { backup: { endpoint: 'direct', store: 'backup' } },
      faults: [
        { kind: 'store-outage', store: 'backup', as: 'refuse', at: '2 s', for: '30 s' },
        { kind: 'suspend-region-server', server: 'rs1', at: '4 s', for: '10 s' },
      ],
      site: { 'fs.s3a.connection.request.timeout': '8000', 'fs.s3a.retry.limit': '0' },
    }),
    1,
  )
  expect(peerOf(result).missingAfterQuiescence).toBe(0)
})

test('the bill leaves out the warm-up and what happens under any fault', () => {
  const bill = (more: string) =>
    peerOf(
      simulateConstantWorld(`
duration: 100 s
workload:
  - { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B, from: 21 s, until: 78 s }
peers: { backup: { endpoint: direct, store: backup } }
${more}
`),
    ).costUsdPerMonth?.requests ?? 0
  const suspension = '{ at: 80 s, for: 20 s, kind: suspend-region-server, server: rs1 }'
  // The same requests, but in 80 s, and then 60 s, instead of 100 s.
  expect(bill('warmup: 20 s') / bill('')).toBeCloseTo(100 / 80, 9)
  expect(bill(`warmup: 20 s\nfaults: [ ${suspension} ]`) / bill('')).toBeCloseTo(100 / 60, 9)
})

describe('calls that arrive late', () => {
  const late: Written = {
    ...base,
    faults: [
      { kind: 'delay-rpc', server: 'rs1', at: '10 s', for: '5 s', delay: '2 s' },
      { kind: 'delay-rpc', server: 'rs1', at: '12 s', for: '10 s', delay: '300 ms' },
    ],
  }

  test('are those that are sent to the server while the fault lasts; delays add up', () => {
    const delays = rpcDelays(drawn(late, 1), 'rs1')
    const at = [9_999_999, 10_000_000, 12_000_000, 15_000_000, 22_000_000]
    expect(at.map((sentUs) => delays?.(sentUs))).toEqual([0, 2_000_000, 2_300_000, 300_000, 0])
    expect(rpcDelays(drawn(late, 1), 'rs2')).toBe(null)
  })

  test('are answered so much later', () => {
    const faults = ['rs1', 'rs2'].map((server) => {
      return { kind: 'delay-rpc', server, at: '10 s', for: '20 s', delay: '2 s' }
    })
    const inTime = simulate(scenarioOf({ ...base, faults: [] }), 1, 'in time').writeLatencyUs
    const { max, p50 } = simulate(scenarioOf({ ...base, faults }), 1, 'late').writeLatencyUs
    expect(max).toBeGreaterThanOrEqual(2_000_000)
    expect(max).toBeLessThan(2_000_000 + 2 * (inTime.max ?? 0))
    expect(p50).toBeLessThan(100_000)
  })
})
