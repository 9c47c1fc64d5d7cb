import { expect, test } from 'vitest'
import { lineStyle } from '../../src/report/line-style.js'

test('of thirty lines no two look alike, neither as lines nor as points', () => {
  const styles = Array.from({ length: 30 }, (_, index) => lineStyle(index))
  const looks = (of: (style: ReturnType<typeof lineStyle>) => unknown) =>
    new Set(styles.map((style) => JSON.stringify([style.colour, of(style)]))).size
  expect(looks(({ dash, width }) => [dash, width])).toBe(30)
  expect(looks(({ marker }) => marker)).toBe(30)
})
