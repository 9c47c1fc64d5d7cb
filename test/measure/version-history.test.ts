import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VersionHistory } from '../../src/measure/version-history.js'

function idAt(versions: VersionHistory, key: number, us: number): number {
  return versions.newestAt(key, us)?.sequenceId ?? 0
}

describe.each([
  ['few', 10],
  ['many', 10_000_000_000],
])('of a table with %s keys', (_, keyCount) => {
  const key = keyCount - 1

  test('the newest version acknowledged by then', () => {
    const versions = new VersionHistory(keyCount, 100)
    versions.write(key, 5, 100)
    versions.write(0, 6, 105)
    versions.write(key, 7, 210)
    versions.write(key, 8, 190)
    expect([99, 100, 189, 190, 300].map((us) => idAt(versions, key, us))).toEqual([0, 5, 5, 8, 8])
    expect(versions.newestReadable(key, (id) => id < 8)).toBe(7)
    expect(versions.newestReadable(key, () => false)).toBe(0)
  })

  test('within the last writes is that of the list of all writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.nat(30)), { maxLength: 60 }),
        fc.nat(3),
        fc.nat(120),
        (writes, asked, timeUs) => {
          const versions = new VersionHistory(keyCount, 60)
          const all = writes.map(([of, late], i) => ({ key: of, id: i + 1, ackUs: 2 * i + late }))
          for (const write of all) versions.write(write.key, write.id, write.ackUs)
          const newest = all.findLast((write) => write.key === asked && write.ackUs <= timeUs)
          expect(idAt(versions, asked, timeUs)).toBe(newest?.id ?? 0)
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })
})

test('an old key is remembered if keys are few, forgotten if many', () => {
  const histories = [10, 10_000_000_000].map((keyCount) => new VersionHistory(keyCount, 4))
  for (const versions of histories) {
    versions.write(1, 1, 10)
    versions.write(2, 2, 20)
    for (let id = 3; id < 7; id++) versions.write(3, id, 10 * id)
  }
  expect(histories.map((versions) => idAt(versions, 1, 100))).toEqual([1, 0])
  expect(histories.map((versions) => idAt(versions, 3, 45))).toEqual([4, 4])
  expect(histories.map((versions) => idAt(versions, 3, 25))).toEqual([0, 0])
})
