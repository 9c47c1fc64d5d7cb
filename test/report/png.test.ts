import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { CHART_WIDTH } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { PngRenderer, renderPng } from '../../src/report/png.js'
import { run } from './fixture.js'
import { RECOVERIES } from './region-server-fixture.js'

const [rpo] = chartDefinitions('backup-options', [run('option-1', 1), run('direct', 1)], {})

/** Number of pixels of the band from `top` to `bottom` (CSS pixels) that `is` accepts. */
async function count(
  png: Buffer,
  [top, bottom]: [number, number],
  is: (red: number, green: number, blue: number) => boolean,
): Promise<number> {
  const image = await loadImage(png)
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const height = (bottom - top) * 2
  const { data } = context.getImageData(0, top * 2, image.width, height)
  let found = 0
  for (let at = 0; at < data.length; at += 4) if (is(data[at], data[at + 1], data[at + 2])) found++
  return found
}

test('a chart is a picture of twice its size with its title written on it', async () => {
  const png = renderPng(rpo)
  const { width, height } = await loadImage(png)
  expect([width, height]).toEqual([2 * CHART_WIDTH, 2 * rpo.height])
  const isInk = (red: number, green: number, blue: number) => red + green + blue < 200
  expect(await count(png, [10, 45], isInk)).toBeGreaterThan(2_000)
  const untitled = renderPng({ ...rpo, title: '' })
  expect(await count(untitled, [10, 45], isInk)).toBeLessThan(500)
})

test('lines are drawn in their colours', async () => {
  const png = renderPng(rpo)
  const blue = (r: number, g: number, b: number) => r === 0x00 && g === 0x72 && b === 0xb2
  const vermillion = (r: number, g: number, b: number) => r === 0xd5 && g === 0x5e && b === 0x00
  expect(await count(png, [100, 500], blue)).toBeGreaterThan(5_000)
  expect(await count(png, [100, 500], vermillion)).toBeGreaterThan(2_000)
})

test('a fault is shaded', async () => {
  const isShade = (r: number, g: number, b: number) => r === g && g === b && r > 225 && r < 240
  const shaded = await count(renderPng(rpo), [100, 500], isShade)
  const plain = await count(renderPng({ ...rpo, faults: [] }), [100, 500], isShade)
  expect(shaded - plain).toBeGreaterThan(200_000)
})

test('boxes are drawn in their rows, even one that is shorter than a pixel', async () => {
  const recoveries = [RECOVERIES[0]]
  const chart = chartDefinitions('crash', [run('a', 1, { recoveries, faults: [] })], {}).find(
    ({ id }) => id === 'recovery',
  )
  if (chart === undefined) throw new Error('no chart')
  const blue = (r: number, g: number, b: number) => r === 0x00 && g === 0x72 && b === 0xb2
  const area: [number, number] = [60, 200]
  const [splitting] = chart.boxes.filter(({ fill }) => 'colour' in fill && fill.colour === 'blue')
  const of = (to: number) =>
    count(renderPng({ ...chart, boxes: [{ ...splitting, to }] }), area, blue)
  const whole = await of(splitting.to)
  expect(whole).toBeGreaterThan(10_000)
  const instant = await of(splitting.from)
  expect(instant).toBeGreaterThan(50)
  expect(instant).toBeLessThan(whole / 20)
})

test.each(['light', 'dark', 'print'] as const)('figures stand on a heat map, %s', async (theme) => {
  const chart = chartDefinitions('backup-options', [run('option-1', 1)], {}).find(
    ({ id }) => id === 'durability',
  )
  if (chart === undefined) throw new Error('no chart')
  const ink = (red: number, green: number, blue: number) => {
    return theme === 'dark' ? red + green + blue > 600 : red + green + blue < 200
  }
  const area: [number, number] = [100, chart.height - 100]
  const written = await count(renderPng(chart, theme), area, ink)
  const boxes = chart.boxes.map((box) => ({ ...box, text: [] }))
  const blank = await count(renderPng({ ...chart, boxes }, theme), area, ink)
  expect(written - blank).toBeGreaterThan(1_000)
})

test('one renderer draws charts of different heights, each as it would be drawn alone', () => {
  const renderer = new PngRenderer()
  const small = { ...rpo, height: 400 }
  expect(renderer.render(small).equals(renderPng(small))).toBe(true)
  expect(renderer.render(rpo, 'dark').equals(renderPng(rpo, 'dark'))).toBe(true)
})

test('a band is a paler area around its line', async () => {
  const [line, ...others] = rpo.lines
  const top = rpo.panels[0].max
  const band = line.points.map(({ x }) => ({ x, low: 0, high: top }))
  const isPale = (r: number, g: number, b: number) => b > 225 && r < 220 && g > r
  const area: [number, number] = [100, 500]
  const plain = await count(renderPng(rpo), area, isPale)
  const banded = await count(
    renderPng({ ...rpo, lines: [{ ...line, band }, ...others] }),
    area,
    isPale,
  )
  expect(banded - plain).toBeGreaterThan(500_000)
})
