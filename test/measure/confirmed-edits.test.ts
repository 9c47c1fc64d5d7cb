import { expect, test } from 'vitest'
import { Progress, peerProgress } from '../../src/hbase/progress.js'
import { ConfirmedEdits } from '../../src/measure/confirmed-edits.js'

test('edits are needed from the first that no stored offset has passed', () => {
  const confirmed = new ConfirmedEdits()
  const tell = (progress: number, log: number, from: number, to: number) =>
    confirmed.progress(peerProgress(progress, 3), 0, log, from, to)
  expect(confirmed.firstUnconfirmed(0)).toBe(0)
  tell(Progress.confirmed, 0, 0, 10)
  tell(Progress.accepted, 0, 10, 20)
  expect(confirmed.firstUnconfirmed(0)).toBe(10)
  tell(Progress.confirmed, 0, 15, 20)
  expect(confirmed.firstUnconfirmed(0)).toBe(10)
  tell(Progress.confirmed, 0, 8, 15)
  expect([confirmed.firstUnconfirmed(0), confirmed.firstUnconfirmed(1)]).toEqual([20, 0])
})
