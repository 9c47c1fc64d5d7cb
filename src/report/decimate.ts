/** A point of a line; a null `y` is a gap. */
export interface Point {
  x: number
  y: number | null
}

/**
 * Fewer points that draw the same line: of every one of `columns` equal spans of time between
 * `min` and `max` the first, lowest, highest and last point are kept, so no peak disappears.
 */
export function decimate(points: readonly Point[], min: number, max: number, columns: number) {
  if (points.length <= 4 * columns) return [...points]
  const kept: Point[] = []
  let start = 0
  while (start < points.length) {
    const column = columnOf(points[start].x)
    let end = start + 1
    while (end < points.length && columnOf(points[end].x) === column) end++
    kept.push(...extremes(points, start, end))
    start = end
  }
  return kept

  function columnOf(x: number): number {
    return Math.floor(((x - min) / (max - min)) * columns)
  }
}

function extremes(points: readonly Point[], start: number, end: number): Point[] {
  const indices = new Set([start, end - 1])
  let low = -1
  let high = -1
  for (let i = start; i < end; i++) {
    const { y } = points[i]
    if (y === null) {
      // A gap stays a gap, however short it is on paper.
      indices.add(i)
      continue
    }
    if (low < 0 || y < (points[low].y ?? 0)) low = i
    if (high < 0 || y > (points[high].y ?? 0)) high = i
  }
  if (low >= 0) indices.add(low).add(high)
  return [...indices].sort((a, b) => a - b).map((index) => points[index])
}
