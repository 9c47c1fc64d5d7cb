import { describe, expect, test } from 'vitest'
import {
  Clients,
  type OperationMix,
  type PhaseReads,
  phaseOf,
  type WorkloadPhase,
} from '../../../src/hbase/client/clients.js'
import { latestKeys, uniformKeys } from '../../../src/hbase/client/key-chooser.js'
import { TableKeys } from '../../../src/hbase/client/table-keys.js'
import { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import { type Distribution, distribution } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Variate } from '../../../src/kernel/variate.js'

function periodic(us: number): Distribution {
  return distribution({ kind: 'constant', value: us })
}

function poisson(meanUs: number): Distribution {
  return distribution({ kind: 'exponential', mean: meanUs })
}

interface Put {
  readonly sentUs: number
  readonly region: number
  readonly bytes: number
  readonly operation: number
}

function phase(name: string, changes: Partial<WorkloadPhase> = {}): WorkloadPhase {
  const luck = new Luck(28987)
  const stream = (of: string) => luck.stream({ name: of, sharing: 'world' }, name)
  return {
    fromUs: 0,
    untilUs: 10_000_000,
    interval: poisson(1000),
    arrivalDraws: stream('arrival'),
    keyDraws: stream('key'),
    keys: uniformKeys(1000),
    keyCount: 1000,
    mix: null,
    reads: null,
    namesRows: false,
    valueSize: new Variate(distribution({ kind: 'uniform', low: 10, high: 500 }), stream('size')),
    firstRegion: 0,
    regions: 4,
    ...changes,
  }
}

/** All puts of these phases, generated in slices of `sliceUs`. */
function putsOf(phases: readonly WorkloadPhase[], sliceUs = 1e9): Put[] {
  const puts: Put[] = []
  const clients = new Clients(phases)
  const target = {
    offer: (sentUs: number, region: number, bytes: number, operation: number) => {
      puts.push({ sentUs, region, bytes, operation })
    },
  }
  const endUs = Math.max(...phases.map(({ untilUs }) => untilUs))
  for (let us = 0; us < endUs + sliceUs; us += sliceUs) clients.generate(us, () => target)
  expect(clients.submitted).toBe(puts.length)
  return puts
}

/** The puts of phase `p`. */
function ofPhase(puts: readonly Put[], p: number): Put[] {
  return puts.filter(({ operation }) => Math.floor(operation / 2 ** 40) === p)
}

describe('periodic clients', () => {
  test('send at exact multiples of the interval after the phase begins', () => {
    const puts = putsOf([phase('a', { interval: periodic(1000), fromUs: 5000, untilUs: 9000 })])
    expect(puts.map(({ sentUs }) => sentUs)).toEqual([6000, 7000, 8000])
  })

  test('an interval that is no whole number of microseconds does not drift', () => {
    const puts = putsOf([phase('a', { interval: periodic(1e6 / 300) })])
    expect(puts).toHaveLength(2999)
    puts.forEach(({ sentUs }, n) => {
      expect(sentUs).toBe(Math.round(((n + 1) * 1e6) / 300))
    })
  })
})

describe('Poisson clients', () => {
  const puts = putsOf([phase('a', { untilUs: 100_000_000 })])
  const gaps = puts.map(({ sentUs }, n) => sentUs - (n === 0 ? 0 : puts[n - 1].sentUs))

  test('send at their rate', () => {
    // 100,000 expected, four standard deviations are 1265.
    expect(Math.abs(puts.length - 100_000)).toBeLessThan(1265)
  })

  test('their gaps are exponential', () => {
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(Math.abs(Math.sqrt(variance) / mean - 1)).toBeLessThan(0.02)
    for (const us of [100, 700, 1000, 3000]) {
      const share = gaps.filter((gap) => gap > us).length / gaps.length
      expect(Math.abs(share - Math.exp(-us / 1000))).toBeLessThan(0.007)
    }
  })

  test('a gap tells nothing of the next', () => {
    const covariance = gaps
      .slice(1)
      .reduce((sum, gap, n) => sum + (gap - 1000) * (gaps[n] - 1000), 0)
    // Correlation of 100,000 pairs: four standard deviations are 0.0126.
    expect(Math.abs(covariance / gaps.length / 1e6)).toBeLessThan(0.0126)
  })
})

describe('phases', () => {
  test('nothing is sent before a phase begins or from its end on', () => {
    for (const interval of [poisson(1000), periodic(1000)]) {
      const puts = putsOf([phase('a', { interval, fromUs: 2_000_000, untilUs: 3_000_000 })])
      expect(puts.length).toBeGreaterThan(800)
      expect(puts[0].sentUs).toBeGreaterThanOrEqual(2_000_000)
      expect(puts[puts.length - 1].sentUs).toBeLessThan(3_000_000)
    }
  })

  test('a phase that ends when it begins sends nothing', () => {
    expect(putsOf([phase('a', { fromUs: 500, untilUs: 500 })])).toEqual([])
  })

  test('puts of all phases come in order of sending, numbered by phase', () => {
    const puts = putsOf([phase('a'), phase('b', { interval: poisson(300), fromUs: 1_000_000 })])
    const sent = puts.map(({ sentUs }) => sentUs)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    const numbers = (p: number) =>
      puts
        .map(({ operation }) => operation)
        .filter((operation) => Math.floor(operation / 2 ** 40) === p)
    for (const p of [0, 1]) expect(numbers(p)).toEqual(numbers(p).map((_, n) => p * 2 ** 40 + n))
    expect(numbers(1).length).toBeGreaterThan(2 * numbers(0).length)
  })

  test('another phase shifts no arrival, key, size or number', () => {
    const alone = ofPhase(putsOf([phase('a')]), 0)
    const puts = putsOf([phase('a'), phase('b', { interval: poisson(100) })])
    expect(ofPhase(puts, 0)).toEqual(alone)
    expect(ofPhase(puts, 1).slice(0, 100)).not.toEqual(alone.slice(0, 100))
  })

  test('it does not matter in which slices puts are generated', () => {
    const phases = [phase('a'), phase('b', { interval: periodic(777) })]
    expect(putsOf(phases, 1234)).toEqual(putsOf(phases))
  })
})

describe('what is put', () => {
  test('a region holds a contiguous share of the keys', () => {
    let key = 0
    const keys = { key: () => key++ }
    const puts = putsOf([
      phase('a', {
        interval: periodic(1000),
        untilUs: 10_001,
        keys,
        keyCount: 10,
        firstRegion: 7,
        regions: 4,
      }),
    ])
    expect(puts.map(({ region }) => region)).toEqual([7, 7, 7, 8, 8, 9, 9, 9, 10, 10])
  })

  test('a value has at least one byte', () => {
    const none = new Variate(
      distribution({ kind: 'constant', value: 0 }),
      new Luck(1).stream({ name: 'size', sharing: 'world' }, 'a'),
    )
    const puts = putsOf([phase('a', { valueSize: none, untilUs: 10_000 })])
    expect(new Set(puts.map(({ bytes }) => bytes))).toEqual(new Set([1]))
  })

  test('sizes follow their distribution', () => {
    const puts = putsOf([phase('a')])
    const mean = puts.reduce((sum, { bytes }) => sum + bytes, 0) / puts.length
    // Uniform from 10 to 500: four standard deviations of the mean of 10,000 are 5.7.
    expect(Math.abs(mean - 255)).toBeLessThan(5.7)
  })
})

/** What a phase sends, each as its kind and the number of its rows. */
function mixed(shares: Partial<OperationMix>, reads: Partial<PhaseReads> = {}, changes = {}) {
  const luck = new Luck(5)
  const stream = (of: string) => luck.stream({ name: of, sharing: 'world' }, 'mixed')
  const none = { get: 0, multiget: 0, scan: 0, readModifyWrite: 0, increment: 0 }
  const of = phase('a', {
    interval: periodic(1000),
    mix: { ...none, draws: stream('mix'), ...shares },
    reads: {
      table: new TableKeys(1000, 0, 4),
      consistency: 'strong',
      replicaId: null,
      multigetKeys: 10,
      scanRows: (u) => 1 + Math.floor(u * 100),
      scanDraws: stream('scan'),
      caching: null,
      ...reads,
    },
    ...changes,
  })
  const sent: { kind: string; rows: number; key: number; caching?: number }[] = []
  const clients = new Clients([of], {
    get: ({ key }) => sent.push({ kind: 'replica get', rows: 1, key }),
    multiget: (_, keys) => sent.push({ kind: 'multiget', rows: keys.length, key: keys[0] ?? -1 }),
    scan: ({ key }, rows, caching) => sent.push({ kind: 'scan', rows, key, caching }),
    readModifyWrite: ({ key }) => sent.push({ kind: 'read-modify-write', rows: 1, key }),
  })
  const names = Object.fromEntries(Object.entries(CallKind).map(([name, kind]) => [kind, name]))
  clients.generate(of.untilUs, () => ({
    offer: (_sentUs, _region, _bytes, _operation, _attempt, _attemptUs, kind = 0, key = -1) =>
      sent.push({ kind: names[kind] ?? '', rows: 1, key }),
  }))
  return { sent, clients }
}

function shareOf(sent: readonly { kind: string }[], kind: string): number {
  return sent.filter((operation) => operation.kind === kind).length / sent.length
}

describe('phases that read', () => {
  test('send each kind of operation by its share', () => {
    const shares = { get: 0.3, multiget: 0.2, scan: 0.1, readModifyWrite: 0.15, increment: 0.05 }
    const { sent, clients } = mixed(shares)
    const expected = [
      ['get', 0.3],
      ['multiget', 0.2],
      ['scan', 0.1],
      ['read-modify-write', 0.15],
      ['atomic', 0.05],
      ['put', 0.2],
    ] as const
    // Four standard deviations of 10,000 are 0.02 at most.
    for (const [kind, share] of expected) expect(shareOf(sent, kind)).toBeCloseTo(share, 1)
    const only = sent.filter(({ kind }) => ['get', 'multiget', 'scan'].includes(kind)).length
    expect(clients.submittedGets).toBe(only)
  })

  test('a STRONG get goes straight to the server, a TIMELINE get does not', () => {
    expect(mixed({ get: 1 }).sent.every(({ kind }) => kind === 'get')).toBe(true)
    const timeline = mixed({ get: 1 }, { consistency: 'timeline' })
    expect(timeline.sent.every(({ kind }) => kind === 'replica get')).toBe(true)
  })

  test('scans ask for 1 to as many rows as they may, uniformly, in one call or several', () => {
    const { sent } = mixed({ scan: 1 })
    const rows = sent.map(({ rows }) => rows)
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([1, 100])
    // The mean of 10,000 is 50.5 give or take four standard deviations of 0.29.
    expect(Math.abs(rows.reduce((sum, n) => sum + n, 0) / rows.length - 50.5)).toBeLessThan(1.2)
    expect(sent.every(({ rows, caching }) => caching === rows)).toBe(true)
    expect(mixed({ scan: 1 }, { caching: 20 }).sent.every(({ caching }) => caching === 20)).toBe(
      true,
    )
  })

  test('a multiget has its keys each drawn for itself', () => {
    const { sent } = mixed({ multiget: 1 }, { multigetKeys: 3 })
    expect(sent.every(({ rows }) => rows === 3)).toBe(true)
  })

  test('another mix changes no key', () => {
    const keys = ({ sent }: ReturnType<typeof mixed>) => sent.map(({ key }) => key)
    expect(keys(mixed({ scan: 1 }))).toEqual(keys(mixed({ multiget: 1 })))
  })
})

test('of the latest keys, puts add rows and most reads are of those added last', () => {
  const keys = latestKeys(1000)
  const { sent } = mixed(
    { get: 0.5, increment: 0.001 },
    { consistency: 'timeline' },
    { keys, untilUs: 2_000_000 },
  )
  const written: number[] = []
  let recent = 0
  let reads = 0
  for (const { kind, key } of sent) {
    if (kind === 'put') written.push(key)
    else if (written.length > 100) {
      reads++
      if (written.slice(-100).includes(key)) recent++
    }
  }
  // By Zipf's law with exponent 0.99, 69 % of the reads are of the newest tenth of 1000 rows.
  expect(recent / reads).toBeGreaterThan(0.63)
  expect(recent / reads).toBeLessThan(0.76)
})

test('an operation knows its phase', () => {
  const puts = putsOf([phase('a'), phase('b')])
  expect(new Set(puts.map(({ operation }) => phaseOf(operation)))).toEqual(new Set([0, 1]))
})
