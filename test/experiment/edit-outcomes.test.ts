import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeMatrices } from '../../src/experiment/edit-outcomes.js'

const run = (variant: string, submitted: number, unacknowledged: number[], lost: number[]) => ({
  variant,
  seed: 1,
  outcomes: {
    submitted,
    unacknowledged: Float64Array.from(unacknowledged),
    lost: { backup: Float64Array.from(lost) },
  },
})

test('an operation is compared with itself in the twin', () => {
  const a = run('a', 10, [9], [2, 3, 4])
  const b = run('b', 10, [4, 9], [3, 7, 8])
  expect(outcomeMatrices([a, b])).toEqual([
    {
      a: 'a',
      b: 'b',
      peer: 'backup',
      keptByBoth: 4,
      lostByBoth: 1,
      keptOnlyByA: 2,
      keptOnlyByB: 1,
      notComparable: 2,
      seeds: 1,
    },
  ])
})

test('seeds are added up, and a run without a twin is left out', () => {
  const twins = [1, 2].flatMap((seed) => [
    { ...run('a', 5, [], [1]), seed },
    { ...run('b', 5, [], []), seed },
  ])
  const alone = { ...run('a', 5, [], [0, 1, 2]), seed: 3 }
  const [matrix] = outcomeMatrices([...twins, alone])
  expect(matrix).toMatchObject({ keptByBoth: 8, keptOnlyByB: 2, seeds: 2 })
})

test('a variant that changes the workload has no twin to compare edits with', () => {
  expect(outcomeMatrices([run('a', 10, [], [1]), run('b', 12, [], [])])).toEqual([])
})

test('every operation has exactly one outcome, whatever the two runs did', () => {
  const operations = fc
    .uniqueArray(fc.integer({ min: 0, max: 29 }))
    .map((all) => all.sort(byNumber))
  const outcome = fc.tuple(operations, operations)
  fc.assert(
    fc.property(outcome, outcome, ([unA, lostA], [unB, lostB]) => {
      const acknowledged = (lost: number[], un: number[]) => lost.filter((n) => !un.includes(n))
      const a = run('a', 30, unA, acknowledged(lostA, unA))
      const b = run('b', 30, unB, acknowledged(lostB, unB))
      const [matrix] = outcomeMatrices([a, b])
      const naive = {
        keptByBoth: 0,
        lostByBoth: 0,
        keptOnlyByA: 0,
        keptOnlyByB: 0,
        notComparable: 0,
      }
      for (let n = 0; n < 30; n++) {
        const inA = !lostA.includes(n)
        const inB = !lostB.includes(n)
        if (unA.includes(n) || unB.includes(n)) naive.notComparable++
        else if (inA && inB) naive.keptByBoth++
        else if (inA) naive.keptOnlyByA++
        else if (inB) naive.keptOnlyByB++
        else naive.lostByBoth++
      }
      expect(matrix).toMatchObject(naive)
    }),
    { seed: 1, numRuns: 200 },
  )
})

function byNumber(a: number, b: number): number {
  return a - b
}

test('runs whose closed-loop clients have not sent the same are left out', () => {
  const sent = (variant: string, sentByClient: number[]) => {
    const { outcomes, ...rest } = run(variant, 10, [], [])
    return { ...rest, outcomes: { ...outcomes, sentByClient } }
  }
  expect(outcomeMatrices([sent('a', [4, 6]), sent('b', [4, 6])])).toHaveLength(1)
  expect(outcomeMatrices([sent('a', [4, 6]), sent('b', [5, 5])])).toEqual([])
})
