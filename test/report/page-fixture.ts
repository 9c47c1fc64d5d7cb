import type { ChartDefinition } from '../../src/report/chart.js'
import { type ReportPage, reportHtml } from '../../src/report/html.js'
import type { RunResult } from '../../src/simulation/result.js'
import { summaryOf } from './experiment.js'

/** A page of `results`, without charts and words unless they are given. */
export function pageOf(
  results: readonly RunResult[],
  { name = 'backup-options', ...given }: Partial<ReportPage> & { name?: string } = {},
): string {
  return reportHtml({
    summary: summaryOf(results, name),
    scenario: { description: `About ${name}`, lesson: '', variants: [], ignoredProperties: [] },
    charts: [],
    command: `hbsim run ${name}`,
    words: [],
    ...given,
  })
}

/** One curve through an outage. */
export function lagChart(changes: Partial<ChartDefinition> = {}): ChartDefinition {
  const axis = { scale: 'linear', min: 0, max: 60_000_000, ticks: [] } as const
  return {
    kind: 'curves',
    id: 'lag',
    title: 'Replication lag',
    subtitle: 'seed 1',
    description: 'Lower is better.',
    height: 400,
    x: { ...axis, title: 'Simulated time', unit: 'us', ticks: [] },
    panels: [{ ...axis, title: 'Age of the oldest\nunconfirmed edit', unit: 'us', ticks: [] }],
    lines: [
      {
        label: 'direct',
        panel: 0,
        style: { colour: 'blue', dash: [], width: 2 },
        shape: 'line',
        points: [
          { x: 0, y: 2_000_000 },
          { x: 30_000_000, y: 50_000_000 },
          { x: 60_000_000, y: 1_000_000 },
        ],
      },
    ],
    boxes: [],
    legend: [{ label: 'direct', style: { colour: 'blue', dash: [], width: 2 }, shape: 'line' }],
    faults: [{ label: 'outage', fromUs: 20_000_000, toUs: 40_000_000, recovery: false, row: 0 }],
    labelRows: 1,
    ...changes,
  }
}
