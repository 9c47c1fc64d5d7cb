import type { RunResult } from '../simulation/result.js'

/** `series.csv`: one row for each point of each series, in pieces of one series each. */
export function* seriesCsv(results: readonly RunResult[]): Generator<string> {
  yield 'time_us,variant,seed,metric,labels,value\n'
  for (const { variant, seed, series } of results) {
    for (const { metric, labels, timesUs, values } of series) {
      const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
      const cells = [variant, String(seed), metric, pairs.sort().join(';')].map(quote).join(',')
      yield timesUs.map((at, index) => `${at},${cells},${values[index] ?? ''}\n`).join('')
    }
  }
}

/** A cell by RFC 4180. */
function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
