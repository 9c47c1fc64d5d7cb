import { expect, test } from 'vitest'
import { SeriesRecorder } from '../../src/simulation/series-recorder.js'

test('every gauge is read at every sample, and no instant is sampled twice', () => {
  let level: number | null = 5
  const recorder = new SeriesRecorder([
    { metric: 'lagUs', unit: 'us', labels: { peer: 'a' }, read: (nowUs) => nowUs * 2 },
    { metric: 'level', unit: 'bytes', labels: {}, read: () => level },
  ])
  recorder.sample(0)
  level = 7
  recorder.sample(10)
  recorder.sample(10)
  level = null
  recorder.sample(25)
  expect(recorder.series()).toEqual([
    {
      ...{ metric: 'lagUs', unit: 'us', labels: { peer: 'a' } },
      ...{ timesUs: [0, 10, 25], values: [0, 20, 50] },
    },
    {
      ...{ metric: 'level', unit: 'bytes', labels: {} },
      ...{ timesUs: [0, 10, 25], values: [5, 7, null] },
    },
  ])
})

test('without a sample there are no points', () => {
  const gauge = { metric: 'lagUs', unit: 'us', labels: {}, read: () => 0 }
  expect(new SeriesRecorder([gauge]).series()).toMatchObject([{ timesUs: [], values: [] }])
})
