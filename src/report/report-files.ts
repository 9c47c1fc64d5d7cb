import { glossary } from '../experiment/glossary.js'
import type { Summary } from '../experiment/summary.js'
import { canonicalJson } from '../scenario/canonical-json.js'
import { defaultVocabulary } from '../simulation/default-vocabulary.js'
import type { RunResult } from '../simulation/result.js'
import { chartDefinitions } from './chart-definitions.js'
import { distributionsCsv } from './distributions-csv.js'
import { eventsNdjson } from './events-ndjson.js'
import { type ReportedScenario, reportHtml } from './html.js'
import type { OutputFile } from './output-folder.js'
import { PngRenderer } from './png.js'
import { seriesCsv } from './series-csv.js'
import { summaryMarkdown } from './summary-md.js'
import { traceJson } from './trace-json.js'
import { type TracedRun, tracedRuns } from './traced-run.js'

export interface Report {
  summary: Summary
  results: readonly RunResult[]
  scenario: ReportedScenario
  /** Charts also as PNGs: they take seconds, for which whoever interrupts does not want to wait. */
  pictures: boolean
  /** Repeats the experiment. */
  command: string
}

/** `summary.json`, also what `--json` prints: the same bytes for the same experiment. */
export function summaryJson(summary: Summary): string {
  return `${canonicalJson(summary, 2)}\n`
}

/** Everything that an experiment leaves in its folder; the page for people comes first. */
export function reportFiles(report: Report): OutputFile[] {
  const { summary, results, scenario, command } = report
  const png = new PngRenderer()
  const charts = chartDefinitions(summary.scenario.name, results, summary)
  const pictures = report.pictures ? charts : []
  const page = { summary, scenario, charts, command, words: glossary(defaultVocabulary) }
  return [
    { name: 'report.html', content: [reportHtml(page)] },
    { name: 'summary.md', content: [summaryMarkdown(summary, command)] },
    { name: 'summary.json', content: [summaryJson(summary)] },
    { name: 'series.csv', content: seriesCsv(results) },
    { name: 'distributions.csv', content: distributionsCsv(results) },
    ...pictures.map((chart) => ({ name: `${chart.id}.png`, content: [png.render(chart)] })),
    ...traceFiles(summary, tracedRuns(results)),
  ]
}

/** None unless runs were traced. */
function traceFiles(summary: Summary, runs: readonly TracedRun[]): OutputFile[] {
  if (runs.length === 0) return []
  return [
    { name: 'trace.json', content: traceJson(summary, runs) },
    { name: 'events.ndjson', content: eventsNdjson(summary, runs) },
  ]
}
