import { expect, test } from 'vitest'
import { Progress, peerProgress } from '../../src/hbase/progress.js'
import { ProgressRecorder } from '../../src/measure/progress-recorder.js'

function recorder(most = 100) {
  const doing = { id: 0 }
  const made = new ProgressRecorder({ peers: () => ['backup'], doing: () => doing.id, most })
  return { recorder: made, doing }
}

const range = { kind: 'acknowledged', peer: null, log: 0, cause: 0 }

test('edits that are acknowledged one after the other within 100 ms are one range', () => {
  const { recorder: progress } = recorder()
  progress.progress(Progress.acknowledged, 1_000, 0, 0, 1)
  progress.progress(Progress.acknowledged, 101_000, 0, 1, 2)
  progress.progress(Progress.acknowledged, 101_001, 0, 2, 3)
  expect(progress.ranges).toEqual([
    { ...range, from: 0, to: 2, fromUs: 1_000, untilUs: 101_000 },
    { ...range, from: 2, to: 3, fromUs: 101_001, untilUs: 101_001 },
  ])
})

test('a gap, another log, another cause or an earlier time begin a range of their own', () => {
  const { recorder: progress, doing } = recorder()
  progress.progress(Progress.acknowledged, 50, 0, 0, 1)
  progress.progress(Progress.acknowledged, 50, 0, 2, 3)
  progress.progress(Progress.acknowledged, 50, 1, 0, 1)
  progress.progress(Progress.acknowledged, 40, 0, 3, 4)
  doing.id = 7
  progress.progress(Progress.acknowledged, 50, 1, 1, 2)
  expect(progress.ranges.map(({ log, from, to, cause }) => [log, from, to, cause])).toEqual([
    [0, 0, 1, 0],
    [0, 2, 3, 0],
    [1, 0, 1, 0],
    [0, 3, 4, 0],
    [1, 1, 2, 7],
  ])
})

test('progress of a peer is told with its name', () => {
  const { recorder: progress } = recorder()
  progress.progress(peerProgress(Progress.stored, 0), 9, 2, 10, 20)
  expect(progress.ranges).toEqual([
    { kind: 'stored', peer: 'backup', log: 2, from: 10, to: 20, fromUs: 9, untilUs: 9, cause: 0 },
  ])
})

test('the first ranges are kept, and those that come later do not join them with a gap', () => {
  const { recorder: progress } = recorder(1)
  progress.progress(Progress.acknowledged, 1, 0, 0, 1)
  progress.progress(Progress.acknowledged, 2, 0, 5, 6)
  progress.progress(Progress.acknowledged, 3, 0, 1, 2)
  expect(progress.ranges).toEqual([{ ...range, from: 0, to: 1, fromUs: 1, untilUs: 1 }])
  expect(progress.dropped).toBe(2)
})
