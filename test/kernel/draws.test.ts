import { describe, expect, test } from 'vitest'
import { DrawStream, Luck, type Purpose } from '../../src/kernel/draws.js'

const sync: Purpose = { name: 'wal-sync', sharing: 'matched' }
const arrivals: Purpose = { name: 'arrivals', sharing: 'world' }

function stream(seed = 7, entity = 'rs1', purpose = sync): DrawStream {
  return new Luck(seed).stream(purpose, entity)
}

/** How far a chi-square sum lies from its mean, in standard deviations. */
function surprise(counts: Int32Array, n: number): number {
  const expected = n / counts.length
  const sum = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0)
  return Math.abs(sum - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1))
}

function surpriseOfValues(draw: (i: number) => number, n = 200_000, bins = 1024): number {
  const counts = new Int32Array(bins)
  for (let i = 0; i < n; i++) counts[Math.floor(draw(i) * bins)]++
  return surprise(counts, n)
}

/** Pairs of draws over a square grid: any dependence between the two shows as uneven cells. */
function surpriseOfPairs(
  first: (i: number) => number,
  second: (i: number) => number,
  n = 200_000,
  side = 64,
): number {
  const counts = new Int32Array(side * side)
  for (let i = 0; i < n; i++) {
    counts[Math.floor(first(i) * side) * side + Math.floor(second(i) * side)]++
  }
  return surprise(counts, n)
}

function correlation(first: (i: number) => number, second: (i: number) => number, n: number) {
  let sum = 0
  for (let i = 0; i < n; i++) sum += (first(i) - 0.5) * (second(i) - 0.5)
  return (12 * sum) / n
}

const s = stream()
const counters: [string, (i: number) => number][] = [
  ['work', (i) => s.uniform(i)],
  ['work far out', (i) => s.uniform(2 ** 52 + i)],
  ['work in steps of 2^32', (i) => s.uniform(i * 2 ** 32)],
  ['attempt', (i) => s.uniform(12, i)],
  ['index', (i) => s.uniform(12, 0, i)],
]

describe('a draw is uniform over its', () => {
  test.each(counters)('%s', (_name, draw) => {
    expect(surpriseOfValues(draw)).toBeLessThan(4)
    // Its 20 low bits alone.
    expect(surpriseOfValues((i) => (draw(i) * 2 ** 32) % 1)).toBeLessThan(4)
  })

  test.each(counters)('%s, by Kolmogorov and Smirnov', (_name, draw) => {
    const n = 50_000
    const sorted = Float64Array.from({ length: n }, (_, i) => draw(i)).sort()
    let distance = 0
    sorted.forEach((u, i) => {
      distance = Math.max(distance, u - i / n, (i + 1) / n - u)
    })
    // 1.95 / sqrt(n) is passed by 999 of 1000 uniform samples.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n))
  })
})

test('a draw lies strictly inside (0, 1) and 1 - u is exact', () => {
  const outside = []
  for (let i = 0; i < 100_000; i++) {
    const u = s.uniform(i)
    if (!(u > 0 && u < 1 && 1 - (1 - u) === u)) outside.push(u)
  }
  expect(outside).toEqual([])
})

describe('draws do not hang together between', () => {
  const pairs: [string, (i: number) => number, (i: number) => number][] = [
    ...counters.map(([name, draw]): (typeof pairs)[number] => [
      `neighbours in ${name}`,
      draw,
      (i) => draw(i + 1),
    ]),
    ['attempts of one work', (i) => s.uniform(i), (i) => s.uniform(i, 1)],
    ['indices of one work', (i) => s.uniform(i), (i) => s.uniform(i, 0, 1)],
    ['attempt and index', (i) => s.uniform(i, 1, 0), (i) => s.uniform(i, 0, 1)],
    ['work and attempt', (i) => s.uniform(i, 0), (i) => s.uniform(0, i)],
    ['neighbouring seeds', (i) => s.uniform(i), (i) => otherSeed.uniform(i)],
    ['neighbouring entities', (i) => s.uniform(i), (i) => otherEntity.uniform(i)],
    ['purposes', (i) => s.uniform(i), (i) => otherPurpose.uniform(i)],
  ]
  const otherSeed = stream(8)
  const otherEntity = stream(7, 'rs2')
  const otherPurpose = stream(7, 'rs1', arrivals)

  test.each(pairs)('%s', (_name, first, second) => {
    // `work` and `attempt` are one draw at 0.
    const from = (draw: (i: number) => number) => (i: number) => draw(i + 1)
    expect(surpriseOfPairs(from(first), from(second))).toBeLessThan(4)
    expect(Math.abs(correlation(from(first), from(second), 200_000))).toBeLessThan(0.01)
  })

  test('works that differ in one bit', () => {
    for (let bit = 0; bit < 53; bit++) {
      const flipped = (i: number) => (Math.floor(i / 2 ** bit) % 2 ? i - 2 ** bit : i + 2 ** bit)
      const n = 20_000
      const r = correlation(
        (i) => s.uniform(i),
        (i) => s.uniform(flipped(i)),
        n,
      )
      // Each pair of works below 2^bit is met twice.
      expect(Math.abs(r)).toBeLessThan(5 * Math.sqrt(2 / n))
    }
  })

  test('the first draws of thousands of neighbouring seeds and entities', () => {
    const n = 20_000
    const seeds = Float64Array.from({ length: n + 1 }, (_, i) => stream(i).uniform(0))
    const entities = Float64Array.from({ length: n + 1 }, (_, i) => stream(1, `rs${i}`).uniform(0))
    for (const firsts of [seeds, entities]) {
      expect(surpriseOfValues((i) => firsts[i], n, 64)).toBeLessThan(4)
      const next = (i: number) => firsts[i + 1]
      expect(surpriseOfPairs((i) => firsts[i], next, n, 16)).toBeLessThan(4)
    }
  })
})

describe('avalanche', () => {
  type Input = [keyHigh: number, keyLow: number, work: number, attempt: number, index: number]
  const hash = ([keyHigh, keyLow, work, attempt, index]: Input) =>
    new DrawStream(keyHigh, keyLow).uniform(work, attempt, index)

  const fields: [name: string, field: number, bits: number][] = [
    ['the high key word', 0, 32],
    ['the low key word', 1, 32],
    ['work', 2, 52],
    ['attempt', 3, 31],
    ['index', 4, 31],
  ]
  const samples = 2000

  /** How often each of the 52 output bits changes when input bit `bit` of `field` does. */
  function flips(field: number, bit: number): Int32Array {
    const changed = new Int32Array(52)
    for (let n = 0; n < samples; n++) {
      // Inputs as a run has them: small counters under two fixed keys.
      const input: Input = [n % 2 ? 0x1234567 : -0x7654321, 0x5bd1e995, n, n % 3, n % 5]
      const other: Input = [...input]
      other[field] += Math.floor(input[field] / 2 ** bit) % 2 ? -(2 ** bit) : 2 ** bit
      const a = hash(input)
      const b = hash(other)
      const high = Math.floor(a * 2 ** 32) ^ Math.floor(b * 2 ** 32)
      const low = Math.floor((a * 2 ** 52) % 2 ** 20) ^ Math.floor((b * 2 ** 52) % 2 ** 20)
      for (let i = 0; i < 32; i++) changed[i] += (high >>> i) & 1
      for (let i = 0; i < 20; i++) changed[32 + i] += (low >>> i) & 1
    }
    return changed
  }

  test.each(fields)(
    'each bit of %s flips each bit of the draw half of the time',
    (_n, field, bits) => {
      // Six standard deviations: less than one in 10^5 for the worst of all cells.
      const bound = 6 * Math.sqrt(samples / 4)
      for (let bit = 0; bit < bits; bit++) {
        for (const count of flips(field, bit)) {
          expect(Math.abs(count - samples / 2)).toBeLessThan(bound)
        }
      }
    },
  )
})

describe('luck is shared by name', () => {
  test('equal seed, purpose and entity have equal draws, in any order', () => {
    const [a, b] = [stream(), stream()]
    const ahead = [1, 2, 3].map((work) => a.uniform(work))
    const back = [3, 2, 1].map((work) => b.uniform(work)).reverse()
    expect(back).toEqual(ahead)
  })

  test('adding a component shifts nobody', () => {
    const draw = (entities: string[]) => {
      const luck = new Luck(3)
      const streams = entities.map((entity) => luck.stream(sync, entity))
      const values = new Map<string, number[]>(entities.map((entity) => [entity, []]))
      for (let work = 0; work < 50; work++) {
        streams.forEach((one, i) => {
          values.get(entities[i])?.push(one.uniform(work))
        })
      }
      return values
    }
    const few = draw(['rs1', 'rs2'])
    const more = draw(['rs0', 'rs1', 'metrics', 'rs2'])
    expect(more.get('rs1')).toEqual(few.get('rs1'))
    expect(more.get('rs2')).toEqual(few.get('rs2'))
  })

  test('names that run into each other stay apart', () => {
    const ab = new Luck(1).stream({ name: 'a', sharing: 'own' }, 'bc')
    const abc = new Luck(1).stream({ name: 'ab', sharing: 'own' }, 'c')
    expect(ab.uniform(0)).not.toBe(abc.uniform(0))
  })

  test('how a purpose is shared does not enter the draw', () => {
    const own = stream(7, 'rs1', { name: sync.name, sharing: 'own' })
    expect(own.uniform(5)).toBe(s.uniform(5))
  })
})

// A version that changes these changes every result: it must say so.
test('the seed contract', () => {
  expect(new DrawStream(1, 2).uniform(3, 4, 5)).toMatchInlineSnapshot(`0.7441405146297303`)
  expect([
    s.uniform(0),
    s.uniform(1),
    s.uniform(1, 1),
    s.uniform(1, 0, 1),
    s.uniform(2 ** 53 - 1, 2, 3),
    stream(8).uniform(0),
    stream(7, 'rs2').uniform(0),
  ]).toMatchInlineSnapshot(`
    [
      0.7220010783702254,
      0.3143044887243679,
      0.05910097395230751,
      0.6145889812678557,
      0.289598581740082,
      0.9679010182198701,
      0.7510169344773084,
    ]
  `)
})
