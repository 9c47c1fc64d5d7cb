import { expect, test } from 'vitest'
import { closedLoopTable } from '../../src/report/closed-loop-table.js'
import type { ClosedLoopResult } from '../../src/simulation/closed-loop-results.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

const CLIENTS: ClosedLoopResult = {
  ...{ phase: 0, clients: 50, operations: 90_000, operationsPerSecond: 1_500 },
  ...{ meanResponseUs: 2_500, lateShare: null },
}

test('open-loop clients have no table', () => {
  expect(closedLoopTable(summaryOf([run('a', 1)])).rows).toEqual([])
})

test('each phase has rows of its own; what no variant has is left out', () => {
  const second = { ...CLIENTS, phase: 2, operations: 10, lateShare: 0.25 }
  const results = [
    run('a', 1, { closedLoop: [CLIENTS, second] }),
    run('b', 1, { closedLoop: [{ ...CLIENTS, operations: 80_000 }] }),
    run('open', 1),
  ]
  expect(closedLoopTable(summaryOf(results)).rows).toEqual([
    ['workload[0]: operations', '90,000', '80,000', '-'],
    ['workload[0]: operations a second', '1,500', '1,500', '-'],
    ['workload[0]: mean response', '2.5 ms', '2.5 ms', '-'],
    ['workload[2]: operations', '10', '-', '-'],
    ['workload[2]: operations a second', '1,500', '-', '-'],
    ['workload[2]: mean response', '2.5 ms', '-', '-'],
    ['workload[2]: sent late', '25 %', '-', '-'],
  ])
})
