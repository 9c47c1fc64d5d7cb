import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, nearestName } from '../../src/scenario/nearest.js'

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['sotre', 'store', 1],
  ['ca', 'abc', 3],
])('from %j to %j it takes %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits)
})

test('the distance is symmetric and at most the longer length', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      expect(editDistance(b, a)).toBe(distance)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(distance === 0).toBe(a === b)
    }),
    { seed: 7 },
  )
})

test('a slip finds its name, whatever its case', () => {
  const names = ['regionServers', 'racks', 'start', 'hdfs']
  expect(nearestName('regionServer', names)).toBe('regionServers')
  expect(nearestName('RACKS', names)).toBe('racks')
  expect(nearestName('strat', names)).toBe('start')
})

test('a stranger finds no name', () => {
  expect(nearestName('zookeeper', ['racks', 'start'])).toBeNull()
  expect(nearestName('x', [])).toBeNull()
  expect(nearestName('x'.repeat(200), ['x'.repeat(199)])).toBeNull()
})
