import { expect, test } from 'vitest'
import { durabilityTable, shortDurabilityTable } from '../../src/report/durability-table.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('each class has a row: median, worst, share of time, and the claim', () => {
  const { head, rows } = durabilityTable(summaryOf([run('option-1', 1), run('direct', 1)]))
  expect(head.slice(1)).toEqual(['option-1', 'direct'])
  expect(rows).toEqual([
    ['region-server-crash', 'nothing\nclaimed', 'nothing\nclaimed'],
    [
      'cluster-loss',
      'median 2 min 30 s\nworst 11 min\n100 % of time\nnot claimed',
      'median 800 ms\nworst 6 min 1 s\n100 % of time\nclaimed',
    ],
  ])
})

test('a claim that did not hold in one of the runs is broken', () => {
  const results = [1, 2].map((seed) => run('direct', seed))
  results[1].peers.backup.brokenClaims = { 'cluster-loss': { firstUs: 5, maxEdits: 1_500 } }
  const cell = durabilityTable(summaryOf(results)).rows[1][1]
  expect(cell.split('\n').at(-1)).toBe('CLAIM BROKEN: 1,500 edits')
})

test('of several seeds the median is averaged and the worst is the worst', () => {
  const results = [1, 2].map((seed) => run('direct', seed))
  Object.assign(results[1].peers.backup.rpo['cluster-loss'], {
    p50Us: 1_000_000,
    maxUs: 400_000_000,
    timeShareAboveZero: 0.9999,
  })
  const lines = durabilityTable(summaryOf(results)).rows[1][1].split('\n')
  expect(lines.slice(0, 3)).toEqual(['median 900 ms', 'worst 6 min 40 s', '> 99.9 % of time'])
})

test('who claims to survive the loss of HDFS claims it after a clean abort too', () => {
  const [result] = [run('direct', 1)]
  const { claims, rpo } = result.peers.backup
  claims.push('hdfs-loss')
  rpo['hdfs-loss-clean-abort'] = rpo['region-server-crash']
  expect(durabilityTable(summaryOf([result])).rows).toContainEqual([
    'hdfs-loss-clean-abort',
    'nothing\nclaimed',
  ])
})

test('the short table leaves out what harms nobody, unless a claim is broken', () => {
  const results = [run('option-1', 1)]
  const short = () => shortDurabilityTable(summaryOf(results)).rows
  expect(short()).toEqual([['cluster-loss', 'median 2 min 30 s\nworst 11 min\n100 % of time']])
  results[0].peers.backup.brokenClaims = { 'region-server-crash': { firstUs: 1, maxEdits: 1 } }
  expect(short()[0]).toEqual(['region-server-crash', 'nothing\nCLAIM BROKEN'])
})

test('a variant without the peer, or without a window, has a dash', () => {
  const none = run('no-backup', 1, { peers: {} })
  const { rows } = durabilityTable(summaryOf([run('option-1', 1), none]))
  expect(rows.map((row) => row[2])).toEqual(['-', '-'])
})
