import type { Point } from './decimate.js'

/** Between which values a curve lies in all runs, at one place. */
export interface Band {
  x: number
  low: number | null
  high: number | null
}

/** Lines with bands of which no two of a panel are the same: such would only darken each other. */
export function eachBandOnce<T extends { panel: number; band?: Band[] }>(lines: readonly T[]): T[] {
  const seen = new Set<string>()
  return lines.map((line) => {
    const key = JSON.stringify([line.panel, line.band])
    if (!seen.has(key)) {
      seen.add(key)
      return line
    }
    return { ...line, band: [] }
  })
}

/**
 * The range of `curves` at each place of the first one; nulls where fewer than two have a value.
 * Empty if they are nowhere apart: then there is nothing to show.
 */
export function bandOf(curves: readonly (readonly Point[])[]): Band[] {
  if (curves.length < 2) return []
  const values = new Map<number, number[]>(curves[0].map(({ x }) => [x, []]))
  for (const curve of curves) {
    for (const { x, y } of curve) if (y !== null) values.get(x)?.push(y)
  }
  const band = [...values].map(([x, all]): Band => {
    if (all.length < 2) return { x, low: null, high: null }
    return { x, low: Math.min(...all), high: Math.max(...all) }
  })
  return band.some(({ low, high }) => low !== high) ? band : []
}
