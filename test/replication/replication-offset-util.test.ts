import { expect, test } from 'vitest'
import { shouldReplicate } from '../../src/replication/replication-offset-util.js'
import { at, done, walOf } from './queue-storage-world.js'

test('RB24: newer WALs, and the rest of the WAL at the offset', () => {
  const offset = at(walOf(12345), 100)
  expect(shouldReplicate(offset, walOf(12346))).toBe(true)
  expect(shouldReplicate(offset, walOf(12344))).toBe(false)
  expect(shouldReplicate(offset, walOf(12345))).toBe(true)
})

test('a finished WAL no more, the next one still', () => {
  const finished = done(walOf(12345), 100)
  expect(shouldReplicate(finished, walOf(12345))).toBe(false)
  expect(shouldReplicate(finished, walOf(12346))).toBe(true)
})

test('everything while nothing is persisted', () => {
  expect(shouldReplicate(undefined, walOf(1))).toBe(true)
})
