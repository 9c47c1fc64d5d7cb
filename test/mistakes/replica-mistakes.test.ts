import { describe, expect, test } from 'vitest'
import { Code } from './mistake.js'
import { replicaChecksOf } from './replica-checks.js'
import { replicaMistakes } from './replica-mistakes.js'

describe('a deliberate mistake with region replicas is caught', () => {
  /** Several mistakes share a world, which is simulated once without any of them. */
  const judged = new Map<object, string[]>()

  test.each(replicaMistakes)('$name: $caughtBy', ({ world, caughtBy, make }) => {
    const right = judged.get(world) ?? replicaChecksOf(world)
    judged.set(world, right)
    expect(right).toEqual([])
    const code = new Code()
    make(code)
    try {
      expect(replicaChecksOf(world)).toContain(caughtBy)
    } finally {
      code.restore()
    }
  })

  test('and there are ten at least', () => {
    expect(replicaMistakes.length).toBeGreaterThanOrEqual(10)
  })
})
