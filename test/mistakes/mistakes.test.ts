import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { clusterMistakes } from './cluster-mistakes.js'
import { durabilityMistakes } from './durability-mistakes.js'
import { endpointMistakes } from './endpoint-mistakes.js'
import { metaMistakes } from './meta-mistakes.js'
import { INTERNAL_ERROR, type Mistake, simulateMistake, simulateRight } from './mistake.js'
import { regionServerMistakes } from './region-server-mistakes.js'
import { replicationMistakes } from './replication-mistakes.js'

describe('a deliberate mistake is caught', () => {
  const mistakes = [
    ...endpointMistakes,
    ...replicationMistakes,
    ...clusterMistakes,
    ...regionServerMistakes,
    ...metaMistakes,
    ...durabilityMistakes,
  ]
  /** Several mistakes share a scenario, which is simulated once without any of them. */
  const judged = new Map<string, string[]>()

  function brokenWithout(mistake: Mistake): string[] {
    const key = JSON.stringify([mistake.scenario, mistake.world])
    const broken = judged.get(key) ?? notHeld(simulateRight(mistake).invariants)
    judged.set(key, broken)
    return broken
  }

  test.each(mistakes)('$name: $caughtBy', (mistake) => {
    expect(brokenWithout(mistake)).toEqual([])
    if (mistake.caughtBy === INTERNAL_ERROR) {
      expect(() => simulateMistake(mistake)).toThrow(InternalError)
    } else {
      const { invariants } = simulateMistake(mistake)
      expect(invariants).toMatchObject({ [mistake.caughtBy]: 'violated' })
    }
  })

  test('and leaves the right code behind', () => {
    const [mistake] = mistakes
    expect(mistake === undefined ? null : notHeld(simulateRight(mistake).invariants)).toEqual([])
  })
})

function notHeld(invariants: Readonly<Record<string, string>>): string[] {
  return Object.keys(invariants).filter((name) => invariants[name] !== 'held')
}
