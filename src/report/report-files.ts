import type { Summary } from '../experiment/summary.js'
import { canonicalJson } from '../scenario/canonical-json.js'
import type { RunResult } from '../simulation/result.js'
import { chartDefinitions } from './chart-definitions.js'
import { reportHtml } from './html.js'
import type { OutputFile } from './output-folder.js'
import { renderPng } from './png.js'
import { seriesCsv } from './series-csv.js'
import { summaryMarkdown } from './summary-md.js'

export interface Report {
  summary: Summary
  results: readonly RunResult[]
  /** The scenario's own words. */
  description: string
  /** Repeats the experiment. */
  command: string
}

/** `summary.json`, also what `--json` prints: the same bytes for the same experiment. */
export function summaryJson(summary: Summary): string {
  return `${canonicalJson(summary, 2)}\n`
}

/** Everything that an experiment leaves in its folder; the page for people comes first. */
export function reportFiles({ summary, results, description, command }: Report): OutputFile[] {
  const charts = chartDefinitions(summary.scenario.name, results).map((definition) => ({
    definition,
    png: renderPng(definition),
  }))
  return [
    { name: 'report.html', content: [reportHtml({ summary, description, charts, command })] },
    { name: 'summary.md', content: [summaryMarkdown(summary, command)] },
    { name: 'summary.json', content: [summaryJson(summary)] },
    { name: 'series.csv', content: seriesCsv(results) },
    ...charts.map(({ definition, png }) => ({ name: `${definition.id}.png`, content: [png] })),
  ]
}
