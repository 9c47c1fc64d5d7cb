import { expect, test } from 'vitest'
import { packedChart } from '../../src/report/packed-chart.js'
import { unpackedChart } from '../../src/report/page-script.js'
import { lagChart } from './page-fixture.js'

const line = lagChart().lines[0]
const chart = lagChart({
  lines: [
    {
      ...line,
      points: [
        { x: 0, y: 0 },
        { x: 1_680_000_000, y: null },
        { x: 1_683_333_333, y: 0.000_012_345_6 },
      ],
      band: [
        { x: 0, low: null, high: null },
        { x: 1_680_000_000, low: 1_234_567, high: -9_000_000 },
      ],
    },
    line,
    line,
  ],
})

test('a chart is the same after packing, to four digits', () => {
  const { lines, ...rest } = unpackedChart(packedChart(chart))
  expect(rest).toEqual({ ...chart, lines: undefined })
  expect(lines[0].points).toEqual([
    { x: 0, y: 0 },
    { x: 1_680_000_000, y: null },
    { x: 1_683_300_000, y: 0.000_012_35 },
  ])
  expect(lines[0].band).toEqual([
    { x: 0, low: null, high: null },
    { x: 1_680_000_000, low: 1_235_000, high: -9_000_000 },
  ])
  expect(lines.slice(1)).toEqual([line, line])
})

test('places that lines have in common are there once', () => {
  const { xs } = packedChart(chart)
  expect(xs).toEqual(['0 168e7 16833e5', '0 168e7', '0 3e7 6e7'])
})

test('a chart without lines stays without', () => {
  expect(unpackedChart(packedChart(lagChart({ lines: [] }))).lines).toEqual([])
})
