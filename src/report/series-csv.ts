import type { RunResult } from '../simulation/result.js'

/** `series.csv`: one row for each point of each series, in pieces of one series each. */
export function* seriesCsv(results: readonly RunResult[]): Generator<string> {
  yield 'time_us,variant,seed,metric,labels,value\n'
  for (const { variant, seed, series } of results) {
    for (const { metric, labels, timesUs, values } of series) {
      const cells = csvCells(variant, String(seed), metric, csvLabels(labels))
      yield timesUs.map((at, index) => `${at},${cells},${values[index] ?? ''}\n`).join('')
    }
  }
}

/** Labels in one cell: `class=cluster-loss;peer=backup`. */
export function csvLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return pairs.sort().join(';')
}

/** Cells by RFC 4180. */
export function csvCells(...cells: readonly string[]): string {
  return cells.map(quote).join(',')
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
