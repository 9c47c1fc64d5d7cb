import { describe, expect, test } from 'vitest'
import { Run } from '../../src/simulation/run.js'
import { constantScenario, simulateConstantWorld } from './constant-world.js'
import { type EditHistory, recordRun } from './recorded-run.js'

/** A put takes so long in the constant world if nobody else is there. */
const RESPONSE_US = 757
/** Of that, until it is written. */
const WRITTEN_US = 150

interface Written {
  readonly duration?: string
  readonly phase: string
  readonly faults?: string
}

function text({ duration = '10 s', phase, faults = '' }: Written): string {
  return `
duration: ${duration}
workload: [ { table: usertable, valueSize: 1000 B, ${phase} } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ ${faults} ]
`
}

function edits(written: Written, ...set: string[]): EditHistory[] {
  return recordRun(constantScenario(text(written), ...set)).edits
}

function sentUs({ writtenUs }: EditHistory): number {
  return writtenUs - WRITTEN_US
}

function clientOf({ operation }: EditHistory): number {
  return operation % 2 ** 14
}

describe('one client alone', () => {
  test('sends when it has its answer: X = 1 / R', () => {
    const { edits } = simulateConstantWorld(text({ duration: '2 s', phase: 'clients: 1' }))
    expect(edits.submitted).toBe(Math.ceil(2_000_000 / RESPONSE_US))
    expect(edits.acknowledged).toBe(edits.submitted)
  })

  test('thinks first: X = 1 / (R + Z)', () => {
    const all = edits({ duration: '2 s', phase: 'clients: 1, thinkTime: 243 us' })
    expect(all.map(sentUs)).toEqual(Array.from({ length: 2000 }, (_, n) => n * 1000))
  })

  test('sends nothing before its phase begins or from its end on', () => {
    const all = edits({ phase: 'clients: 1, thinkTime: 243 us, from: 2 s, until: 3 s' })
    expect(all.map(sentUs)).toEqual(Array.from({ length: 1000 }, (_, n) => 2_000_000 + n * 1000))
  })
})

describe('a target throughput', () => {
  const paced = { phase: 'clients: 4, rate: 100/s' }

  test('makes each client send once in clients / rate, from a drawn instant on', () => {
    const all = edits(paced)
    for (const client of [0, 1, 2, 3]) {
      const sent = all.filter((edit) => clientOf(edit) === client).map(sentUs)
      const begin = sent[0] as number
      expect(begin).toBeLessThan(40_000)
      expect(sent).toEqual(Array.from({ length: 250 }, (_, n) => begin + n * 40_000))
    }
    expect(new Set(all.slice(0, 4).map(sentUs)).size).toBe(4)
  })

  test('is caught up with: what is late is sent at once', () => {
    const faults = '{ at: 3 s, for: 4 s, kind: suspend-region-server, server: rs1 }'
    const all = edits({ ...paced, faults })
    expect(all).toHaveLength(1000)
    const late = all.filter((edit) => sentUs(edit) > 7_000_000 && sentUs(edit) < 7_300_000)
    // 400 less the four that waited were due meanwhile; each then takes its response time.
    expect(late.length).toBeGreaterThan(390)
  })

  test('that cannot be had is not had', () => {
    const phase = 'clients: 1, rate: 100000/s'
    const { edits } = simulateConstantWorld(text({ duration: '2 s', phase }))
    expect(edits.submitted).toBe(Math.ceil(2_000_000 / RESPONSE_US))
  })
})

describe('a server that stands still', () => {
  const faults = '{ at: 5 s, for: 10 s, kind: suspend-region-server, server: rs1 }'
  const phase = 'clients: 50, thinkTime: 20 ms'

  test('holds up one operation of each client, and nobody sends more', () => {
    const held: number[] = []
    const readyUs = new Map<number, number>()
    for (const edit of edits({ duration: '20 s', phase, faults })) {
      const client = clientOf(edit)
      const sentUs = readyUs.get(client) ?? 0
      if (edit.acknowledgedUs - sentUs > 1_000_000) held.push(client)
      readyUs.set(client, edit.acknowledgedUs + 20_000)
    }
    expect(held).toHaveLength(50)
    expect(new Set(held).size).toBe(50)
  })

  test('costs what would have been sent meanwhile', () => {
    const with50 = simulateConstantWorld(text({ duration: '20 s', phase, faults }))
    const calm = simulateConstantWorld(text({ duration: '20 s', phase }))
    const lost = calm.edits.submitted - with50.edits.submitted
    const perSecond = calm.edits.submitted / 20
    expect(Math.abs(lost / perSecond - 10)).toBeLessThan(0.05)
    expect(with50.writeLatencyUs.max).toBeLessThanOrEqual(10_010_000)
  })
})

test('the interactive response time law holds: X = N / (R + Z)', () => {
  const phase = 'clients: 20, thinkTime: "exponential(10 ms)"'
  const written = { duration: '20 s', phase }
  const all = edits(written, 'cluster.hdfs.hflush=exponential(2 ms)')
  const meanUs = all.reduce((sum, edit) => sum + edit.acknowledgedUs - sentUs(edit), 0) / all.length
  expect(meanUs).toBeGreaterThan(2500)
  const perSecond = all.length / 20
  expect(Math.abs((perSecond * (meanUs + 10_000)) / 20e6 - 1)).toBeLessThan(0.01)
})

describe('what clients get done', () => {
  const figures = (written: Written, ...set: string[]) => {
    const { closedLoop = [] } = simulateConstantWorld(text(written), ...set)
    return closedLoop[0]
  }

  test('is counted by answers between warm-up and the end of the phase', () => {
    const phase = 'clients: 1, thinkTime: 243 us, until: 3 s'
    expect(figures({ duration: '5 s', phase }, 'warmup=1 s')).toEqual({
      phase: 0,
      clients: 1,
      operations: 2000,
      operationsPerSecond: 1000,
      meanResponseUs: RESPONSE_US,
      lateShare: null,
    })
  })

  test('agrees with the interactive response time law', () => {
    const phase = 'clients: 20, thinkTime: 10 ms'
    const { operationsPerSecond, meanResponseUs } = figures({ phase }, 'warmup=2 s') ?? {}
    const inSystem = ((operationsPerSecond ?? 0) * ((meanResponseUs ?? 0) + 10_000)) / 1e6
    expect(Math.abs(inSystem - 20)).toBeLessThan(0.02)
  })

  test('is late where the target cannot be had, and only there', () => {
    const paced = (rate: string) => figures({ duration: '2 s', phase: `clients: 1, rate: ${rate}` })
    expect(paced('1000/s')?.lateShare).toBe(0)
    // All but the first.
    expect(paced('2000/s')?.lateShare).toBeCloseTo(1 - RESPONSE_US / 2_000_000, 6)
  })

  test('ends with the cluster: answers that would have come later are none', () => {
    const faults = '{ at: 2500100 us, kind: cluster-loss }'
    const phase = 'clients: 1, thinkTime: 243 us'
    expect(figures({ phase, faults })?.operations).toBe(2500)
    expect(figures({ phase, faults: faults.replace('2500100', '2500757') })?.operations).toBe(2501)
  })

  test('is not told of open-loop clients', () => {
    expect(figures({ duration: '1 s', phase: 'rate: 10/s' })).toBe(undefined)
  })
})

/** Machine repair (M/M/1//N): clients think, and one handler serves, for exponential times. */
test.each([1, 3, 8, 20])('%i clients of one handler are as many machines of one repairman', (n) => {
  const thinkUs = 20_000
  const serviceUs = 5000
  const result = simulateConstantWorld(
    text({ duration: '100 s', phase: `clients: ${n}, thinkTime: "exponential(20 ms)"` }),
    'cluster.putCpu=exponential(5 ms)',
    'cluster.network=1 us',
    'cluster.walAppend=0 s',
    'cluster.memstoreApply=0 s',
    'cluster.hdfs.hflush=0 s',
    'cluster.hdfs.streamWrite=1000 GB/s',
    'site["hbase.regionserver.handler.count"]=1',
  )
  let weight = 1
  let sum = 1
  for (let k = 1; k <= n; k++) {
    weight *= ((n - k + 1) * serviceUs) / thinkUs
    sum += weight
  }
  const perSecond = ((1 - 1 / sum) * 1e6) / serviceUs
  expect(Math.abs(result.edits.submitted / 100 / perSecond - 1)).toBeLessThan(0.03)
})

describe('twins', () => {
  const phase = 'clients: 10, thinkTime: "exponential(5 ms)"'
  const scenario = text({ duration: '4 s', phase }).replace('1000 B', '"uniform(1 B, 5 kB)"')
  const run = (...set: string[]) => recordRun(constantScenario(scenario, ...set)).edits

  test('do the same operations, when they come to them', () => {
    const fast = new Map(run().map((edit) => [edit.operation, edit.bytes]))
    const slow = run('cluster.hdfs.hflush=4 ms')
    expect(slow.length).toBeLessThan(0.8 * fast.size)
    expect(slow.length).toBeGreaterThan(2000)
    for (const { operation, bytes } of slow) expect(bytes).toBe(fast.get(operation))
  })

  test('of different numbers of clients share those that both have', () => {
    const ten = new Map(run().map((edit) => [edit.operation, edit.bytes]))
    const five = run('workload[0].clients=5')
    const known = five.filter(({ operation }) => ten.has(operation))
    expect(known.length).toBeGreaterThan(0.9 * five.length)
    for (const { operation, bytes } of known) expect(bytes).toBe(ten.get(operation))
  })
})

test('who looks when changes no answer', () => {
  const mix = 'mix: { put: 0.4, get: 0.3, readModifyWrite: 0.1, increment: 0.1, scan: 0.1 }'
  const faults = '{ at: 4 s, for: 2 s, kind: restart-region-server, server: rs2 }'
  const phase = `clients: 30, thinkTime: "exponential(10 ms)", keyCount: 1000, ${mix}`
  const set = ['cluster.regionServers=3', 'tables.usertable.regions=7']
  const answers = (everyUs: number) => {
    const scenario = constantScenario(text({ phase, faults }), ...set)
    const run = new Run(scenario, 1)
    const handler = run.scheduler.handler(() => run.cluster.advanceAll())
    for (let us = everyUs; us < 10_000_000; us += everyUs) run.scheduler.schedule(us, handler)
    run.execute()
    const found: number[] = []
    for (const { source } of run.cluster.acknowledgements) {
      for (let edit = source.log.firstRetained; edit < source.log.length; edit++) {
        found.push(source.log.operation(edit), source.log.acknowledgedUs(edit))
      }
    }
    return { found, sent: run.cluster.clients.submitted, reads: run.cluster.reads.answered }
  }
  const seldom = answers(5_000_000)
  expect(seldom.sent).toBeGreaterThan(10_000)
  expect(seldom.found.length).toBeGreaterThan(1000)
  expect(answers(777)).toEqual(seldom)
})

test('clients whose server is gone for good go on with their next operation', () => {
  const faults = '{ at: 5 s, for: 4 s, kind: restart-region-server, server: rs1 }'
  const result = simulateConstantWorld(
    text({ phase: 'clients: 3, thinkTime: 100 ms', faults }),
    'site["hbase.client.retries.number"]=0',
  )
  // Each fails after a round trip and thinks: some ten times a second.
  expect(result.edits.failed).toBeGreaterThan(3 * 30)
  expect(result.edits.acknowledged).toBeGreaterThan(3 * 45)
  expect(result.edits.failed + result.edits.acknowledged).toBe(result.edits.submitted)
  expect(result.conservation.operations).toEqual({
    ...result.conservation.operations,
    verdict: 'held',
  })
})

test('clients end with the cluster', () => {
  const faults = '{ at: 5 s, kind: cluster-loss }'
  const { edits } = simulateConstantWorld(text({ phase: 'clients: 2, thinkTime: 10 ms', faults }))
  expect(edits.submitted).toBe(2 * Math.ceil(5_000_000 / (10_000 + RESPONSE_US)))
})

describe('clients of a steady cluster', () => {
  const firstSent = (...set: string[]) => {
    const all = edits({ phase: 'clients: 100, thinkTime: 1 s' }, ...set)
    return all.slice(0, 100).map(sentUs)
  }

  test('begin spread over the mean of their thinking', () => {
    const sent = firstSent('cluster.start=steady')
    expect(new Set(sent).size).toBeGreaterThan(95)
    const mean = sent.reduce((sum, us) => sum + us, 0) / 100
    // Uniform in a second: four standard deviations of the mean of 100 are 0.115 s.
    expect(Math.abs(mean - 500_000)).toBeLessThan(115_000)
  })

  test('those of a cold one begin at once', () => {
    const all = edits({ duration: '1 s', phase: 'clients: 20, thinkTime: 500 ms' })
    expect(new Set(all.slice(0, 20).map(sentUs))).toEqual(new Set([0]))
  })
})

describe('bursts', () => {
  const bursts = 'bursts: { every: 4 s, for: 1 s, times: 5, from: 2 s }'

  test('add operations and change none of the others', () => {
    const open = 'rate: 100/s, keyCount: 100'
    for (const arrivals of ['periodic', 'poisson']) {
      const phase = `${open}, arrivals: ${arrivals}`
      const calm = edits({ phase })
      const all = edits({ phase: `${phase}, ${bursts}` })
      const usual = all.filter(({ operation }) => operation < 2 ** 39)
      const facts = ({ operation, bytes, writtenUs }: EditHistory) => [operation, bytes, writtenUs]
      expect(usual.map(facts)).toEqual(calm.map(facts))
      const added = all.filter(({ operation }) => operation >= 2 ** 39)
      const inBurst = (us: number) => (us >= 2e6 && us < 3e6) || (us >= 6e6 && us < 7e6)
      expect(added.every((edit) => inBurst(sentUs(edit)))).toBe(true)
      // Two bursts of 400 operations each; of Poisson's, give or take four standard deviations.
      if (arrivals === 'periodic') expect(added).toHaveLength(2 * 399)
      else expect(Math.abs(added.length - 800)).toBeLessThan(4 * Math.sqrt(800))
    }
  })

  test('make closed-loop clients think faster', () => {
    const all = edits({ phase: `clients: 1, thinkTime: 10 ms, ${bursts}` })
    const sent = (fromUs: number, untilUs: number) =>
      all.filter((edit) => sentUs(edit) >= fromUs && sentUs(edit) < untilUs).length
    expect(sent(1e6, 2e6)).toBe(Math.round(1e6 / (10_000 + RESPONSE_US)))
    expect(sent(2e6, 3e6)).toBe(Math.round(1e6 / (2000 + RESPONSE_US)))
    expect(sent(3e6, 4e6)).toBe(Math.round(1e6 / (10_000 + RESPONSE_US)))
  })

  test('make closed-loop clients aim at more', () => {
    const all = edits({ phase: `clients: 10, rate: 100/s, ${bursts}` })
    const sent = (fromUs: number, untilUs: number) =>
      all.filter((edit) => sentUs(edit) >= fromUs && sentUs(edit) < untilUs).length
    expect(sent(1e6, 2e6)).toBe(100)
    expect(Math.abs(sent(2e6, 3e6) - 500)).toBeLessThanOrEqual(10)
    expect(Math.abs(sent(3e6, 4e6) - 100)).toBeLessThanOrEqual(10)
  })
})
