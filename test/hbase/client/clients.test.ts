import { describe, expect, test } from 'vitest'
import { Clients, type WorkloadPhase } from '../../../src/hbase/client/clients.js'
import { uniformKeys } from '../../../src/hbase/client/key-chooser.js'
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
