import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { clusterMistakes } from './cluster-mistakes.js'
import { endpointMistakes } from './endpoint-mistakes.js'
import { INTERNAL_ERROR, simulateMistake, simulateRight } from './mistake.js'
import { replicationMistakes } from './replication-mistakes.js'

const mistakes = [...endpointMistakes, ...replicationMistakes, ...clusterMistakes]

describe('a deliberate mistake is caught', () => {
  test.each(mistakes)('$name: $caughtBy', (mistake) => {
    const { invariants: right } = simulateRight(mistake)
    expect(Object.entries(right).filter(([, verdict]) => verdict !== 'held')).toEqual([])
    if (mistake.caughtBy === INTERNAL_ERROR) {
      expect(() => simulateMistake(mistake)).toThrow(InternalError)
    } else {
      const { invariants } = simulateMistake(mistake)
      expect(invariants).toMatchObject({ [mistake.caughtBy]: 'violated' })
    }
  })
})
