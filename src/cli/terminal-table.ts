import Grid from 'cli-table3'
import type { Table } from '../report/table.js'
import { printable } from '../scenario/source-text.js'

/** Frame and padding of a column. */
const FRAME = 3

/**
 * A table for a terminal of `width` characters: columns that do not fit beside each other follow
 * below, each time next to the first. The spread stands below its figure, to save room.
 */
export function terminalTable({ head, rows }: Table, width: number): string {
  const lines = [head, ...rows].map((row) =>
    row.map((cell, column) => {
      const text = cell.split('\n').map(printable).join('\n')
      return column === 0 ? text : text.replaceAll(' (', '\n(')
    }),
  )
  return columnGroups(lines, width)
    .map((columns) => {
      const [titles, ...body] = lines.map((row) => columns.map((column) => row[column]))
      const grid = new Grid({ head: titles, style: { head: [], border: [], compact: true } })
      grid.push(...body)
      return grid.toString()
    })
    .join('\n')
}

/** The first column with as many of the others as fit, again and again; at least one of them. */
function columnGroups(lines: readonly string[][], width: number): number[][] {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((row) => widest(row[column]))))
  const groups: number[][] = []
  let used = Number.POSITIVE_INFINITY
  for (let column = 1; column < widths.length; column++) {
    if (used + widths[column] + FRAME > width) {
      groups.push([0])
      used = widths[0] + FRAME + 1
    }
    groups[groups.length - 1].push(column)
    used += widths[column] + FRAME
  }
  return groups
}

function widest(cell: string): number {
  return Math.max(...cell.split('\n').map((line) => line.length))
}
