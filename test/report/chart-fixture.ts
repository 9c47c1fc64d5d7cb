import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import type { Distribution, PeerResult, RunResult } from '../../src/simulation/result.js'
import { run } from './fixture.js'

/** The chart `id` of `results`; undefined if there is nothing to show. */
export function chartOf(id: string, results: readonly RunResult[]): ChartDefinition | undefined {
  return chartDefinitions('backup-options', results, {}).find((chart) => chart.id === id)
}

/** The same, which must be there. */
export function drawn(id: string, results: readonly RunResult[]): ChartDefinition {
  const chart = chartOf(id, results)
  if (chart === undefined) throw new Error(`no chart ${id}`)
  return chart
}

/** A run whose peer is changed. */
export function runWith(variant: string, seed: number, changes: Partial<PeerResult>): RunResult {
  const plain = run(variant, seed)
  return { ...plain, peers: { backup: { ...plain.peers.backup, ...changes } } }
}

/** A run with these distributions. */
export function distributed(
  variant: string,
  seed: number,
  ...distributions: Distribution[]
): RunResult {
  return run(variant, seed, { distributions })
}

/** Evenly spread over [from, to]. */
export function even(
  metric: string,
  from: number,
  to: number,
  labels: Record<string, string> = {},
): Distribution {
  const unit = metric.endsWith('Bytes') ? 'bytes' : 'us'
  return { metric, unit, labels: { ...labels }, values: [from, to], shares: [0, 1] }
}
