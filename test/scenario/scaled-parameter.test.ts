import { describe, expect, test } from 'vitest'
import { constant, distribution, lognormal, withTail } from '../../src/kernel/distribution.js'
import { describeParameter } from '../../src/scenario/describe-parameter.js'
import { isCut, scaledValue } from '../../src/scenario/scaled-parameter.js'
import { parameterLeaf } from '../../src/scenario/schema-leaf.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { specOf } from '../../src/simulation/model.js'
import { parameter } from '../../src/storage/define-parameter.js'
import type { Parameter, Quantity } from '../../src/storage/parameter.js'

const guess = (quantity: Quantity, value: Parameter['value']) =>
  parameter(quantity, value, 'D', 'what', 'estimate')

describe('a scaled parameter', () => {
  test('has every quantile of its distribution scaled, the weight of a tail left as it is', () => {
    const put = guess('duration', withTail(lognormal(45_000, 0.4), 0.015, constant(250_001)))
    const scaled = { ...put, value: scaledValue(put, 2) }
    for (const u of [0.01, 0.5, 0.9, 0.98, 0.999]) {
      const [before, after] = [put, scaled].map((of) => distribution(specOf(of)).quantile(u))
      expect(after).toBe(2 * before)
    }
    expect(describeParameter(scaled)).toBe('lognormal(90 ms, 0.4) + 0.015 * 500002 us')
  })

  test('is scaled in any of the shapes that a distribution has', () => {
    const scale = (value: Parameter['value']) => scaledValue(guess('duration', value), 0.5)
    expect(scale({ kind: 'uniform', low: 3, high: 9 })).toMatchObject({ low: 1.5, high: 4.5 })
    expect(scale({ kind: 'exponential', mean: 5 })).toMatchObject({ mean: 2.5 })
    expect(scale({ kind: 'empirical', values: [0, 4, 9] })).toMatchObject({ values: [0, 2, 5] })
  })

  test('stays whole, and does not vanish, where it is counted in whole things', () => {
    expect(scaledValue(guess('duration', constant(3)), 0.5)).toEqual(constant(2))
    expect(scaledValue(guess('size', constant(1)), 0.5)).toEqual(constant(1))
    expect(scaledValue(guess('rate', constant(0)), 2)).toEqual(constant(0))
    expect(scaledValue(guess('count', 1), 0.5)).toBe(1)
    expect(scaledValue(guess('count', 5), 0.5)).toBe(3)
    expect(scaledValue(guess('factor', constant(1)), 0.5)).toEqual(constant(0.5))
  })

  test('goes no further than its range', () => {
    const likely = guess('probability', 0.8)
    expect(scaledValue(likely, 2)).toBe(1)
    expect(isCut(likely, 2)).toBe(true)
    expect(isCut(likely, 0.5)).toBe(false)
    expect(isCut(guess('probability', 0.5), 2)).toBe(false)
    expect(scaledValue(guess('count', 9e11), 2)).toBe(1e12)
  })

  test('could be written into a scenario, whichever parameter it is', () => {
    const { clusterParameters, hdfsProfiles, storeProfiles } = defaultVocabulary
    const sets = [
      clusterParameters,
      ...Object.values(hdfsProfiles),
      ...Object.values(storeProfiles),
    ]
    for (const [name, of] of sets.flatMap((set) => Object.entries(set))) {
      for (const factor of [0.5, 2]) {
        const value = scaledValue(of, factor)
        const written = typeof value === 'number' ? value : describeParameter({ ...of, value })
        const read = parameterLeaf(of).safeParse(written)
        expect(read.success, `${name} = ${written}`).toBe(true)
      }
    }
  })
})
