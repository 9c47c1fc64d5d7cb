import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { endpointMistakes } from './endpoint-mistakes.js'
import { INTERNAL_ERROR, simulateMistake, simulateRight } from './mistake.js'

const mistakes = [...endpointMistakes]

describe('a deliberate mistake is caught', () => {
  test.each(mistakes)('$name: $caughtBy', (mistake) => {
    const right = simulateRight(mistake)
    expect(new Set(Object.values(right.invariants))).toEqual(new Set(['held']))
    if (mistake.caughtBy === INTERNAL_ERROR) {
      expect(() => simulateMistake(mistake)).toThrow(InternalError)
    } else {
      const { invariants } = simulateMistake(mistake)
      expect(invariants).toMatchObject({ [mistake.caughtBy]: 'violated' })
    }
    // All methods are the right ones again.
    expect(simulateRight(mistake).traceHash).toBe(right.traceHash)
  })
})
