import { expect, test } from 'vitest'
import type { ChartBox } from '../../src/report/chart.js'
import { chartOf, drawn, runWith } from './chart-fixture.js'
import { run } from './fixture.js'

const MINUTE = 60_000_000

function rpo(maxUs: number) {
  const figures = { p50Us: maxUs / 2, p99Us: maxUs, maxUs, maxEdits: 1, maxBytes: 1 }
  return { ...figures, timeShareAboveZero: maxUs > 0 ? 1 : 0 }
}

function heat({ fill }: ChartBox): number {
  if ('colour' in fill) throw new Error('no heat')
  return fill.heat
}

test('without a peer there is nothing that could be durable', () => {
  expect(chartOf('durability', [run('none', 1, { peers: {} })])).toBe(undefined)
})

test('a row for each class, a column for each variant that has a peer', () => {
  const { x, panels, boxes } = drawn('durability', [
    run('option-1', 1),
    run('none', 1, { peers: {} }),
    run('direct', 1),
  ])
  expect(x.ticks.map(({ label }) => label)).toEqual(['option-1', 'direct'])
  const rows = [...panels[0].ticks].reverse().map(({ label }) => label)
  expect(rows).toEqual(['region-server-crash', 'cluster-loss'])
  expect(boxes.map(({ from, low }) => [from, low])).toEqual([
    [0, 1],
    [1, 1],
    [0, 0],
    [1, 0],
  ])
})

test('a cell says the worst and the median loss, or that there is nothing to lose', () => {
  const [safe, lost] = drawn('durability', [run('option-1', 1)]).boxes
  expect(safe.text).toEqual(['nothing', '(claimed)'])
  expect(lost.text).toEqual(['worst 11 min', 'median 2 min 30 s'])
  expect(lost.note).toContain('option-1, cluster-loss')
  expect(lost.note).toContain('not claimed')
})

test('the worse the loss, the hotter the cell; nothing is cold, a day is as hot as it gets', () => {
  const losses = [0, 1_000, MINUTE, 60 * MINUTE, 24 * 60 * MINUTE, 100 * 24 * 60 * MINUTE]
  const boxes = losses.map((maxUs) => {
    const [box] = drawn('durability', [
      runWith('direct', 1, { rpo: { 'hdfs-loss': rpo(maxUs) } }),
    ]).boxes
    return heat(box)
  })
  expect(boxes).toEqual([...boxes].sort((a, b) => a - b))
  expect(new Set(boxes.slice(0, 5)).size).toBe(5)
  expect([boxes[0], boxes[4], boxes[5]]).toEqual([0, 1, 1])
})

test('of several seeds the worst instant counts', () => {
  const results = [1, 9, 3].map((minutes, i) =>
    runWith('direct', i + 1, { rpo: { 'cluster-loss': rpo(minutes * MINUTE) } }),
  )
  const chart = drawn('durability', results)
  expect(chart.boxes[0].text[0]).toBe('worst 9 min')
  expect(chart.subtitle).toContain('3 runs of each variant')
})

test('a broken claim is framed and written out, and only then the subtitle explains frames', () => {
  const brokenClaims = { 'region-server-crash': { firstUs: 1, maxEdits: 7 } }
  const chart = drawn('durability', [runWith('option-1', 1, { brokenClaims }), run('direct', 1)])
  expect(chart.boxes.map(({ framed }) => framed)).toEqual([true, false, false, false])
  expect(chart.boxes[0].text).toContain('CLAIM BROKEN')
  expect(chart.boxes[0].note).toContain('7 edits')
  expect(chart.subtitle).toContain('framed')
  expect(drawn('durability', [run('direct', 1)]).subtitle).not.toContain('framed')
})

test('the legend goes from nothing to the worst', () => {
  const { legend } = drawn('durability', [run('direct', 1)])
  const heats = legend.map(({ fill }) => (fill && 'heat' in fill ? fill.heat : -1))
  expect(heats).toEqual([...heats].sort((a, b) => a - b))
  expect([heats[0], heats.at(-1)]).toEqual([0, 1])
})

test('long names of variants are broken into lines where there are many', () => {
  const names = Array.from({ length: 8 }, (_, i) => `a-rather-long-name-${i}`)
  const { x } = drawn(
    'durability',
    names.map((name) => run(name, 1)),
  )
  for (const { label } of x.ticks) {
    for (const line of label.split('\n')) expect(line.length).toBeLessThanOrEqual(13)
  }
})

test('in narrow columns figures stand without words, which the subtitle has, as large as fits', () => {
  const variants = (count: number) =>
    Array.from({ length: count }, (_, i) => run(`option-1-${i}`, 1))
  const said = (count: number) => {
    const { subtitle, boxes, boxTextSize } = drawn('durability', variants(count))
    return [subtitle.includes('below it the median'), boxes.at(-1)?.text, boxTextSize]
  }
  expect(said(6)).toEqual([false, ['worst 11 min', 'median 2 min 30 s'], 13])
  expect(said(9)).toEqual([true, ['11 min', '2 min 30 s'], 12])
  expect(said(12)).toEqual([true, ['11 min', '2 min 30 s'], 9])
})
