import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterParameters } from '../../src/hbase/cluster-parameters.js'
import type { DistributionSpec } from '../../src/kernel/distribution.js'
import { describeParameter } from '../../src/scenario/describe-parameter.js'
import { readDistribution } from '../../src/scenario/distribution-text.js'
import type { Dimension } from '../../src/scenario/units.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import type { Parameter, Quantity } from '../../src/storage/parameter.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'

const DIMENSIONS: Partial<Record<Quantity, Dimension>> = {
  duration: 'duration',
  size: 'size',
  rate: 'byteRate',
  factor: 'number',
}

function parameter(quantity: Quantity, value: Parameter['value']): Parameter {
  return { quantity, value, doc: 'A parameter.', source: 'a publication', grade: 'B' }
}

function readBack({ quantity, value }: Parameter): unknown {
  const text = describeParameter(parameter(quantity, value))
  const dimension = DIMENSIONS[quantity]
  if (dimension === undefined) throw new Error(`${quantity} is no dimension of the language`)
  const reading = readDistribution(text, dimension)
  return 'value' in reading ? reading.value : reading
}

describe('a parameter in words', () => {
  test.each<[string, Quantity, DistributionSpec]>([
    ['1500 us', 'duration', { kind: 'constant', value: 1500 }],
    ['7 ms', 'duration', { kind: 'constant', value: 7000 }],
    ['0 us', 'duration', { kind: 'constant', value: 0 }],
    ['64 MiB', 'size', { kind: 'constant', value: 67_108_864 }],
    ['uniform(1 ms, 2 s)', 'duration', { kind: 'uniform', low: 1000, high: 2_000_000 }],
    ['exponential(98 MB/s)', 'rate', { kind: 'exponential', mean: 98e6 }],
    ['lognormal(1, 0.2)', 'factor', { kind: 'lognormal', median: 1, sigma: 0.2 }],
    ['empirical([1 ms, 7 us])', 'duration', { kind: 'empirical', values: [1000, 7] }],
  ])('%s', (text, quantity, value) => {
    expect(describeParameter(parameter(quantity, value))).toBe(text)
  })

  test('plain numbers are themselves', () => {
    expect(describeParameter(parameter('probability', 0.015))).toBe('0.015')
    expect(describeParameter(parameter('count', 96))).toBe('96')
    expect(describeParameter(parameter('price', 0.005))).toBe('0.005')
  })

  const registries = { clusterParameters, ...hdfsProfiles, ...storeProfiles }
  test.each(Object.entries(registries))('all of %s can be written so in a scenario', (_, all) => {
    for (const [name, each] of Object.entries(all as Record<string, Parameter>)) {
      if (typeof each.value !== 'number') expect(readBack(each), name).toEqual(each.value)
    }
  })

  test('any distribution is read back as it was', () => {
    const whole = fc.nat(2 ** 40)
    const quantity = fc.constantFrom<Quantity>('duration', 'size', 'rate')
    const sigma = fc.integer({ min: 1, max: 3000 }).map((thousandths) => thousandths / 1000)
    const simple: fc.Arbitrary<DistributionSpec> = fc.oneof(
      fc.record({ kind: fc.constant('constant' as const), value: whole }),
      fc
        .tuple(whole, whole)
        .map(([low, more]) => ({ kind: 'uniform' as const, low, high: low + more })),
      fc.record({ kind: fc.constant('exponential' as const), mean: whole.map((n) => n + 1) }),
      fc.record({
        kind: fc.constant('lognormal' as const),
        median: whole.map((n) => (n + 1) / 8),
        sigma,
      }),
      fc.record({
        kind: fc.constant('empirical' as const),
        values: fc.array(whole, { minLength: 1, maxLength: 5 }),
      }),
    )
    const mixture: fc.Arbitrary<DistributionSpec> = fc
      .tuple(simple, fc.integer({ min: 1, max: 999 }), simple)
      .map(([body, thousandths, tail]) => ({
        kind: 'mixture',
        parts: [
          { weight: 1 - thousandths / 1000, of: body },
          { weight: thousandths / 1000, of: tail },
        ],
      }))
    fc.assert(
      fc.property(quantity, fc.oneof(simple, mixture), (of, spec) => {
        expect(readBack(parameter(of, spec))).toEqual(spec)
      }),
      { seed: 10, numRuns: 500 },
    )
  })
})
