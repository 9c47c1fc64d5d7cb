import { expect, test } from 'vitest'
import { disasterTable, shortDisasterTable } from '../../src/report/disaster-table.js'
import type { DisasterResult } from '../../src/simulation/result.js'
import { summaryOf } from './experiment.js'
import { LOSS, run } from './fixture.js'

const MINUTE = 60_000_000
const CRASH: DisasterResult = {
  kind: 'region-server-crash',
  target: 'rs2',
  atUs: 20 * MINUTE,
  lostEdits: 0,
  lostBytes: 0,
  oldestLostAgeUs: null,
}

test('each disaster has a row that says what it hit and when', () => {
  const results = [run('option-1', 1), run('direct', 1)]
  for (const { peers } of results) peers.backup.disasters.unshift(CRASH)
  expect(disasterTable(summaryOf(results)).rows).toEqual([
    ['region-server-crash rs2\nafter 20 min', 'nothing', 'nothing'],
    [
      'cluster-loss\nafter 28 min',
      '49,000 edits\n479 MiB\noldest 2 min 43 s old',
      '210 edits\n2.05 MiB\noldest 700 ms old',
    ],
  ])
})

test('the second disaster of a kind is not added to the first', () => {
  const [result] = [run('direct', 1)]
  const second = { ...CRASH, target: 'rs3', atUs: 21 * MINUTE, lostEdits: 5 }
  result.peers.backup.disasters = [CRASH, second]
  const { rows } = shortDisasterTable(summaryOf([result]))
  expect(rows.map(([title, cell]) => [title.split('\n')[0], cell])).toEqual([
    ['region-server-crash rs2', 'nothing'],
    ['region-server-crash rs3', '5 edits'],
  ])
})

test('a time drawn for each seed is a span, and so are the losses', () => {
  const results = [1, 2].map((seed) => run('direct', seed))
  Object.assign(results[1].peers.backup.disasters[0], { atUs: 29 * MINUTE, lostEdits: 410 })
  const [row] = disasterTable(summaryOf(results)).rows
  expect(row[0]).toBe('cluster-loss\nafter 28 min…29 min')
  expect(row[1]).toMatch(/^310 edits \(210…410\)/)
})

test('a cluster without a copy loses what it had no other copy of', () => {
  const loss = { kind: 'cluster-loss', atUs: LOSS.atUs, lostEdits: 500_000, lostBytes: 5_000 }
  const results = [run('direct', 1), run('no-backup', 1, { peers: {}, clusterLoss: [loss] })]
  const { rows } = shortDisasterTable(summaryOf(results))
  expect(rows[0].slice(1)).toEqual(['210 edits', '500,000 edits'])
  expect(rows[1]).toEqual([
    'no copy left in the cluster: cluster-loss\nafter 28 min',
    'nothing',
    '500,000 edits',
  ])
})
