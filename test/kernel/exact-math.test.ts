import { describe, expect, test } from 'vitest'
import { Luck } from '../../src/kernel/draws.js'
import { InternalError } from '../../src/kernel/errors.js'
import { exp, inverseNormal, ln } from '../../src/kernel/exact-math.js'

const draws = new Luck(20260101).stream({ name: 'test', sharing: 'own' }, 'exact-math')
const view = new DataView(new ArrayBuffer(8))

/** Position of `x` among the doubles, so that neighbours differ by 1. */
function position(x: number): bigint {
  view.setFloat64(0, x)
  const bits = view.getBigInt64(0)
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits
}

function ulpsApart(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0
  const distance = position(a) - position(b)
  return Number(distance < 0n ? -distance : distance)
}

function worstUlps(
  own: (x: number) => number,
  host: (x: number) => number,
  input: (u: number, v: number) => number,
): number {
  let worst = 0
  for (let i = 0; i < 250_000; i++) {
    const x = input(draws.uniform(i), draws.uniform(i, 0, 1))
    const a = own(x)
    const b = host(x)
    if (a !== b) worst = Math.max(worst, ulpsApart(a, b))
  }
  return worst
}

/** Any positive double, every exponent equally likely, subnormal ones included. */
function anyPositive(u: number, v: number): number {
  view.setUint32(0, Math.floor(u * 0x7ff00000))
  view.setUint32(4, Math.floor(v * 2 ** 32))
  return view.getFloat64(0)
}

describe('ln', () => {
  test.each<[string, (u: number, v: number) => number]>([
    ['over all positive doubles', anyPositive],
    ['inside (0, 1)', (u) => u],
    ['ever nearer to 1', (u, v) => 1 + (u - 0.5) * 2 ** (-50 * v)],
    ['over subnormal numbers', (u) => u * 2 ** -1022],
  ])('is within 2 ulp of the host %s', (_where, input) => {
    expect(worstUlps(ln, Math.log, input)).toBeLessThanOrEqual(2)
  })

  test('has the limits of the logarithm', () => {
    expect([0, -0, 1, Infinity].map(ln)).toEqual([-Infinity, -Infinity, 0, Infinity])
    expect([-1, -Infinity, NaN].map(ln)).toEqual([NaN, NaN, NaN])
    expect(ulpsApart(ln(Number.MIN_VALUE), Math.log(Number.MIN_VALUE))).toBeLessThanOrEqual(1)
    expect(ulpsApart(ln(Number.MAX_VALUE), Math.log(Number.MAX_VALUE))).toBeLessThanOrEqual(1)
  })
})

describe('exp', () => {
  test.each<[string, (u: number, v: number) => number]>([
    ['from underflow to overflow', (u) => -746 + u * 1456],
    ['around 1', (u) => (u - 0.5) * 10],
    ['ever nearer to 0', (u, v) => (u - 0.5) * 2 ** (-60 * v)],
    ['over subnormal results', (u) => -745.2 + u * 37],
  ])('is within 2 ulp of the host %s', (_where, input) => {
    expect(worstUlps(exp, Math.exp, input)).toBeLessThanOrEqual(2)
  })

  test('has the limits of the exponential', () => {
    expect([-Infinity, -746, 0, -0, 710, Infinity].map(exp)).toEqual([
      0,
      0,
      1,
      1,
      Infinity,
      Infinity,
    ])
    expect(exp(NaN)).toBeNaN()
    expect(exp(709.782712893384)).toBeGreaterThan(1.79e308)
    expect(exp(709.7827128933841)).toBe(Infinity)
    expect(exp(-745.1332191019411)).toBe(Number.MIN_VALUE)
  })
})

describe('inverseNormal', () => {
  // Roots of ln(erfc(-z / sqrt 2) / 2) = ln p, found to 60 digits and rounded to the next double.
  const published: [p: number, z: number][] = [
    [1e-300, -37.0470962993612],
    [1e-100, -21.273453560965326],
    [1e-30, -11.464024688443615],
    [1.1102230246251565e-16, -8.209536151601387],
    [1e-12, -7.034483825301132],
    [1e-9, -5.9978070150076865],
    [1e-6, -4.753424308822899],
    [1e-4, -3.7190164854556804],
    [0.001, -3.0902323061678136],
    [0.01, -2.326347874040841],
    [0.025, -1.9599639845400543],
    [0.05, -1.6448536269514726],
    [0.075, -1.439531470938456],
    [0.0750001, -1.4395307645017297],
    [0.1, -1.2815515655446004],
    [0.25, -0.6744897501960817],
    [0.4, -0.2533471031357997],
    [0.49999, -2.5066282748960008e-5],
    [0.75, 0.6744897501960817],
    [0.95, 1.6448536269514722],
    [0.999, 3.090232306167813],
    [0.999999, 4.753424308817087],
    [0.9999999999, 6.361340889697422],
  ]

  test.each(published)('of %d is %d', (p, z) => {
    expect(Math.abs(inverseNormal(p) / z - 1)).toBeLessThan(1e-15)
  })

  test('is 0 at one half and odd around it', () => {
    expect(inverseNormal(0.5)).toBe(0)
    const p = Array.from({ length: 10_000 }, (_, i) => draws.uniform(i))
    expect(p.map((each) => inverseNormal(1 - each))).toEqual(p.map((each) => -inverseNormal(each)))
  })

  test('grows across its three ranges', () => {
    let last = -Infinity
    const check = (p: number) => {
      const z = inverseNormal(p)
      if (!(z > last)) throw new Error(`not above its predecessor at ${p}`)
      last = z
    }
    for (let p = Number.MIN_VALUE; p < 1e-6; p *= 1.5) check(p)
    for (let i = 1; i < 500_000; i++) check(i / 500_000)
    expect(last).toBeGreaterThan(4.6)
  })

  test.each([0, 1, -0.1, 1.1, NaN])('refuses %d', (p) => {
    expect(() => inverseNormal(p)).toThrow(InternalError)
  })
})

test('the bits are part of the contract', () => {
  const bits = [ln(0.1), ln(3e5), exp(1), exp(-20.5), inverseNormal(0.01), inverseNormal(0.7)]
  expect(bits).toMatchInlineSnapshot(`
    [
      -2.3025850929940455,
      12.611537753638338,
      2.7182818284590455,
      1.2501528663867426e-9,
      -2.3263478740408408,
      0.5244005127080407,
    ]
  `)
})
