import { expect, test } from 'vitest'
import { faultMarks, LABEL_ROWS } from '../../src/report/fault-marks.js'
import { LOSS, OUTAGE, RECOVERY, run } from './fixture.js'

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

test('a recovery lasts from death to the end of the longest of its twins', () => {
  const half = { ...RECOVERY, phases: RECOVERY.phases.slice(0, 2) }
  const runs = [half, { ...half, phases: half.phases.slice(0, 1) }].map((recovery, index) =>
    run(`v${index}`, 1, { faults: [], recoveries: [recovery] }),
  )
  expect(faultMarks(runs, END, narrow)).toEqual([
    {
      label: 'recovery of rs2',
      fromUs: RECOVERY.diedUs,
      toUs: RECOVERY.phases[1].untilUs,
      recovery: true,
      row: 0,
    },
  ])
})

test('a recovery that never ends lasts to the end of the chart', () => {
  const [mark] = faultMarks([run('a', 1, { faults: [], recoveries: [RECOVERY] })], END, narrow)
  expect(mark.toUs).toBe(END)
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
  expect(marks.map(({ row }) => row)).toEqual([0, 1, 2, 3, null])
})
