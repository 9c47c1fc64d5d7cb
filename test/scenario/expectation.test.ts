import { describe, expect, test } from 'vitest'
import { readComparison } from '../../src/scenario/comparison.js'
import { evaluateExpectation, expectedViolation } from '../../src/scenario/expectation.js'

const run = {
  variant: 'base',
  peers: {
    backup: {
      rpo: { 'cluster-loss': { maxUs: 5_000_000 } },
      disasters: [{ lostEdits: 7, oldestLostAgeUs: null }],
      costUsdPerMonth: null,
    },
  },
  edits: { submitted: 10, acknowledged: 7 },
  invariants: { 'claims hold': 'violated', 'nothing is missing': 'undecided', time: 'held' },
}

describe('an expectation', () => {
  test.each([
    ['peers.backup.rpo["cluster-loss"].maxUs < 6 s', 'held', 5_000_000],
    ['peers.backup.rpo["cluster-loss"].maxUs < 5 s', 'violated', 5_000_000],
    ['peers.backup.disasters[0].lostEdits == 7', 'held', 7],
    ['peers.backup.disasters[0].lostEdits != 7', 'violated', 7],
    ['edits.acknowledged <= edits.submitted', 'held', 7],
    ['edits.acknowledged >= edits.submitted', 'violated', 7],
    ['edits.submitted > 10', 'violated', 10],
    ['peers.backup.disasters[0].oldestLostAgeUs < 1 s', 'undecided', null],
    ['peers.backup.costUsdPerMonth.total < 5', 'undecided', null],
    ['edits.submitted < peers.backup.costUsdPerMonth.total', 'undecided', 10],
    ['peers.backup.disasters[1].lostEdits == 0', 'undecided', null],
    ['peers.backup.disasters[1].lostEdits == null', 'held', null],
    ['peers.backup.disasters[1].lostEdits != null', 'violated', null],
    ['peers.bakcup.disasters[0].lostEdits == 0', 'unknown-path', null],
    ['edits.submitted == edits.lost', 'unknown-path', null],
    ['variant == 5', 'unknown-path', null],
    ['edits == 5', 'unknown-path', null],
    ['edits.constructor == 5', 'unknown-path', null],
    ['invariants["claims hold"] == violated', 'held', null],
    ['invariants["claims hold"] == held', 'violated', null],
    ['invariants["claims hold"] != held', 'held', null],
    ['invariants.time == held', 'held', null],
    ['invariants.time != held', 'violated', null],
    ['invariants["nothing is missing"] == held', 'undecided', null],
    ['invariants["nothing is missing"] != violated', 'undecided', null],
    ['invariants["claim holds"] == violated', 'unknown-path', null],
    ['variant == held', 'unknown-path', null],
    ['edits.submitted == held', 'unknown-path', null],
    ['peers.backup.costUsdPerMonth.total == held', 'undecided', null],
    ['peers.backup.disasters[0].oldestLostAgeUs == null', 'held', null],
    ['peers.backup.disasters[0].oldestLostAgeUs != null', 'violated', null],
    ['peers.backup.costUsdPerMonth.total == null', 'held', null],
    ['edits.submitted != null', 'held', 10],
    ['edits.submitted == null', 'violated', 10],
    ['edits.lost == null', 'unknown-path', null],
  ])('%s: %s', (that, verdict, value) => {
    const reading = readComparison(that)
    if ('complaint' in reading) throw new Error(reading.complaint.message)
    expect(evaluateExpectation(reading.value, run)).toEqual({ verdict, value })
  })
})

test.each([
  ['invariants["claims hold"] == violated', 'claims hold'],
  [' invariants.time==violated ', 'time'],
  ['invariants["claims hold"] != held', null],
  ['invariants["claims hold"] == held', null],
  ['invariants["claims hold"] != violated', null],
  ['conservation.edits == violated', null],
  ['invariants.time.verdict == violated', null],
  ['events < 5', null],
  ['invariants["claims hold"]', null],
])('%s expects the violation of %j', (that, name) => {
  expect(expectedViolation(that)).toBe(name)
})
