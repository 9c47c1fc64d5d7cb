import { expect, test } from 'vitest'
import type { PeerResult } from '../../src/simulation/result.js'
import { chartOf, drawn, runWith } from './chart-fixture.js'
import { run } from './fixture.js'

function cost(storage: number, requests: number, pendingUploads = 0): Partial<PeerResult> {
  const total = storage + requests + pendingUploads
  return { costUsdPerMonth: { storage, requests, pendingUploads, total } }
}

test('where nothing is paid for there is nothing to draw', () => {
  expect(chartOf('cost', [runWith('direct', 1, { costUsdPerMonth: null })])).toBe(undefined)
  expect(chartOf('cost', [runWith('direct', 1, cost(0, 0))])).toBe(undefined)
  expect(chartOf('cost', [run('none', 1, { peers: {} })])).toBe(undefined)
})

test('parts of the cost stand upon each other up to the total, which stands below the bar', () => {
  const { boxes, x, panels } = drawn('cost', [runWith('direct', 1, cost(3, 1.5, 0.5))])
  const parts = boxes.filter(({ panel }) => panel === 0)
  expect(parts.map(({ low, high }) => [low, high])).toEqual([
    [0, 3],
    [3, 4.5],
    [4.5, 5],
  ])
  expect(parts.map(({ text }) => text[0])).toEqual(['$3.00', '$1.50', '$0.50'])
  expect(x.ticks.map(({ label }) => label)).toEqual(['direct\n$5.00'])
  expect(panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['Cost per month', 'usd'],
    ['Requests', 'count'],
  ])
})

test('requests are stacked by operation below', () => {
  const { boxes, legend, panels } = drawn('cost', [
    runWith('direct', 1, { requests: { PUT: 30, HEAD: 0, LIST: 12 } }),
  ])
  const requests = boxes.filter(({ panel }) => panel === 1)
  expect(requests.map(({ low, high, text }) => [low, high, ...text])).toEqual([
    [0, 30, '30'],
    [30, 42, '12'],
  ])
  expect(panels[1].max).toBeGreaterThanOrEqual(42)
  expect(legend.map(({ label }) => label)).toEqual([
    'cost of storage',
    'cost of requests',
    'PUT',
    'LIST',
  ])
})

test('bars are means of the seeds, with the interval of the sum where seeds differ', () => {
  const results = [10, 11, 12].map((usd, i) => runWith('direct', i + 1, cost(usd, 2)))
  const { boxes, lines, subtitle, x } = drawn('cost', results)
  expect(boxes[0].high).toBe(11)
  const [whisker, ...others] = lines
  expect(others).toEqual([])
  expect(whisker.shape).toBe('whisker')
  const [low, high] = whisker.points.map(({ y }) => y ?? 0)
  expect(low).toBeCloseTo(13 - 2.484, 2)
  expect(high).toBeCloseTo(13 + 2.484, 2)
  expect(x.ticks[0].label).toContain('$13.00')
  expect(subtitle).toContain('mean of 3 runs, 95 % intervals as whiskers')
})

test('a variant without a peer has no bar', () => {
  const { x } = drawn('cost', [run('direct', 1), run('none', 1, { peers: {} })])
  expect(x.ticks).toHaveLength(1)
})

test('every part differs from its neighbour in lightness as well, for grey print', () => {
  const requests = { PUT: 9, Initiate: 9, UploadPart: 9, Complete: 9, LIST: 9, HEAD: 9 }
  const { boxes } = drawn('cost', [runWith('direct', 1, { requests })])
  const isPale = boxes
    .filter(({ panel }) => panel === 1)
    .map(({ fill }) => 'pale' in fill && fill.pale === true)
  for (let i = 1; i < isPale.length; i++) expect(isPale[i]).toBe(!isPale[i - 1])
})
