import { describe, expect, test } from 'vitest'
import { readComparison } from '../../src/scenario/comparison.js'

describe('comparisons', () => {
  test.each([
    ['a.b > 0', ['a', 'b'], '>', { number: 0 }],
    ['a.b == 12 edits', ['a', 'b'], '==', { number: 12 }],
    ['rpo["cluster-loss"].maxUs <= 30 min', ['rpo', 'cluster-loss', 'maxUs'], '<=', min(30)],
    ['confirmLatencyUs.p99<10 ms', ['confirmLatencyUs', 'p99'], '<', { number: 10_000 }],
    ['confirmLatencyUs.count >= 5', ['confirmLatencyUs', 'count'], '>=', { number: 5 }],
    ['gapUs.timeShare < 0.5', ['gapUs', 'timeShare'], '<', { number: 0.5 }],
    ['drainUs[0].us < 0 s', ['drainUs', 0, 'us'], '<', { number: 0 }],
    ['staging.maxBytes < 1 GiB', ['staging', 'maxBytes'], '<', { number: 1_073_741_824 }],
    ['costUsdPerMonth.total != 1.25', ['costUsdPerMonth', 'total'], '!=', { number: 1.25 }],
    ['invariants["a b"] == violated', ['invariants', 'a b'], '==', { word: 'violated' }],
    ['a.verdict != held', ['a', 'verdict'], '!=', { word: 'held' }],
    ['drainUs[0].us == null', ['drainUs', 0, 'us'], '==', { word: 'null' }],
    ['a == held.b', ['a'], '==', { path: ['held', 'b'] }],
    [' a.lost < b["c-d"][0] ', ['a', 'lost'], '<', { path: ['b', 'c-d', 0] }],
  ])('%s', (that, left, op, right) => {
    expect(readComparison(that)).toEqual({ value: { that, left, op, right } })
  })
})

describe('what does not compare says why', () => {
  test.each([
    ['', 'begins with no path'],
    ['5 < a', 'begins with no path'],
    ['< 5', 'begins with no path'],
    ['a.b', 'does not compare'],
    ['a.b = 5', 'does not compare'],
    ['a.b <', 'nothing to compare with'],
    ['a.b < c.', '"c." is no path'],
    ['a.b < c + 1', '"c + 1" is no path'],
    ['a.b < 5 min', 'a.b: "5 min" is a duration, not a plain number'],
    ['a < held', '"held" is no number'],
    ['a >= null', '"null" is no number'],
    ['a.maxUs < 5', 'a.maxUs: "5" has no unit'],
    ['a.maxUs == 0', 'a.maxUs: "0" has no unit'],
    ['a.maxUs < 5 edits', 'a.maxUs: "edits" is no unit of a duration'],
    ['gapUs.timeShare < 5 s', 'gapUs.timeShare: "5 s" is a duration, not a plain number'],
    ['a.maxBytes < 5 s', 'a.maxBytes: "5 s" is a duration, not a size'],
  ])('%j', (text, message) => {
    const reading = readComparison(text)
    expect('complaint' in reading && reading.complaint.message).toContain(message)
  })
})

function min(minutes: number) {
  return { number: minutes * 60_000_000 }
}
