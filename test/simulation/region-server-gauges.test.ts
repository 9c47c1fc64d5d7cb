import { expect, test } from 'vitest'
import { regionServerGauges } from '../../src/simulation/region-server-gauges.js'
import { SeriesRecorder } from '../../src/simulation/series-recorder.js'

test('each server has its memory and WALs over time, none while it is down', () => {
  let up = true
  const recorder = new SeriesRecorder(
    regionServerGauges({
      hosts: ['rs1', 'rs2'],
      memstoreLimits: { upper: 100, lower: 95 },
      memstoreBytes: (host) => (host === 'rs1' ? 40 : up ? 50 : null),
      walFiles: (host) => (host === 'rs1' ? 3 : up ? 4 : null),
      oldWalFiles: () => 9,
      storeFilesMax: () => 6,
    }),
  )
  recorder.sample(0)
  up = false
  recorder.sample(10)
  const values = recorder
    .series()
    .map((series) => [series.metric, series.labels.server ?? series.labels.limit, series.values])
  expect(values).toEqual([
    ['memstoreBytes', 'rs1', [40, 40]],
    ['memstoreBytes', 'rs2', [50, null]],
    ['memstoreLimitBytes', 'upper', [100, 100]],
    ['memstoreLimitBytes', 'lower', [95, 95]],
    ['walFiles', 'rs1', [3, 3]],
    ['walFiles', 'rs2', [4, null]],
    ['oldWALFiles', 'rs1', [9, 9]],
    ['oldWALFiles', 'rs2', [9, 9]],
    ['storeFilesMax', undefined, [6, 6]],
  ])
})
