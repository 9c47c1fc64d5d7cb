import { expect, test } from 'vitest'
import { faultMarks, LABEL_ROWS } from '../../src/report/fault-marks.js'
import { LOSS, OUTAGE, run } from './fixture.js'

const END = 30 * 60_000_000
const narrow = () => 1_000_000

test('a fault that twins share is marked once', () => {
  const marks = faultMarks([run('a', 1), run('b', 1)], END, narrow)
  expect(marks.map(({ label }) => label)).toEqual([OUTAGE.label, LOSS.label])
})

test('a window is shaded from end to end, a disaster for good is an instant', () => {
  const [outage, loss] = faultMarks([run('a', 1)], END, narrow)
  expect([outage.fromUs, outage.toUs]).toEqual([OUTAGE.atUs, OUTAGE.untilUs])
  expect([loss.fromUs, loss.toUs]).toEqual([LOSS.atUs, LOSS.atUs])
})

test('a fault that outlasts the chart is shaded up to its end; a later one is left out', () => {
  const faults = [OUTAGE, { ...LOSS, atUs: END + 1 }]
  const marks = faultMarks([run('a', 1, { faults })], OUTAGE.atUs + 1_000, narrow)
  expect(marks).toHaveLength(1)
  expect(marks[0].toUs).toBe(OUTAGE.atUs + 1_000)
})

test('labels that would touch go to different rows, and give up when there are too many', () => {
  const faults = Array.from({ length: LABEL_ROWS + 1 }, (_, i) => ({ ...LOSS, atUs: i * 1_000 }))
  const marks = faultMarks([run('a', 1, { faults })], END, () => END / 2)
  expect(marks.map(({ row }) => row)).toEqual([0, 1, 2, null])
})
