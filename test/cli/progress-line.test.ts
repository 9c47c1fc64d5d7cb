import { expect, test } from 'vitest'
import { progressLine } from '../../src/cli/progress-line.js'
import { newRunClock } from '../../src/cli/run-clock.js'
import { WorkDone } from '../../src/cli/work-done.js'

const MINUTE = 60_000_000

/** One of four runs of ten minutes is finished, two are under way. */
function halfWay() {
  const work = new WorkDone()
  work.plan(10 * MINUTE, 4)
  const clocks = [newRunClock(), newRunClock(), newRunClock()]
  for (const clock of clocks) work.begin(clock, 10 * MINUTE)
  work.end(clocks[0])
  clocks[1][0] = 6 * MINUTE
  clocks[2][0] = 4 * MINUTE
  return { work, clocks }
}

test('the line says how far each run is, how fast it goes and how long the rest takes', () => {
  const { work } = halfWay()
  expect(progressLine(work.state(60), 120)).toBe(
    '============------------ 1 of 4 runs, 20 s/s, 1 min left (now at 6 min; 4 min)',
  )
})

test('a run that drains has done its part', () => {
  const { work, clocks } = halfWay()
  clocks[1][0] = 13 * MINUTE
  expect(work.state(60)).toMatchObject({ simulatedUs: 24 * MINUTE })
  expect(progressLine(work.state(60), 120)).toContain('now at 13 min, draining; 4 min')
})

test('nothing is foretold before anything is done', () => {
  const work = new WorkDone()
  work.plan(10 * MINUTE, 4)
  expect(progressLine(work.state(0), 80)).toBe('------------------------ 0 of 4 runs')
})

test('what does not fit is left out, the least important first', () => {
  const { work } = halfWay()
  for (const width of [120, 75, 65, 50, 42, 36]) {
    expect(progressLine(work.state(60), width).length).toBeLessThanOrEqual(width)
  }
  expect(progressLine(work.state(60), 75)).toBe(
    '============------------ 1 of 4 runs, 20 s/s, 1 min left',
  )
  expect(progressLine(work.state(60), 42)).toBe('============------------ 1 of 4 runs')
})

test('work that is added later counts', () => {
  const { work } = halfWay()
  work.plan(10 * MINUTE, 4)
  expect(work.state(60)).toMatchObject({ runs: 8, leftS: 180 })
})
