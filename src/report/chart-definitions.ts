import type { Summary } from '../experiment/summary.js'
import type { RunResult } from '../simulation/result.js'
import { type ChartDefinition, firstOfEachVariant } from './chart.js'
import { costChart } from './cost-chart.js'
import { costRpoChart } from './cost-rpo-chart.js'
import { latencyChart, objectSizesChart, rpoDistributionChart } from './distribution-charts.js'
import { durabilityChart } from './durability-chart.js'
import { recoveryChart } from './recovery-chart.js'
import { regionServerChart } from './region-server-chart.js'
import { replicaVisibilityChart } from './replica-visibility-chart.js'
import { sensitivityChart } from './sensitivity-chart.js'
import { backlogChart, lagChart, replicasChart, rpoChart } from './time-charts.js'

/**
 * The charts of an experiment in the order in which the page shows them: what could be lost, what
 * waits and lags, what it costs, region replicas, what servers did. One of which there is nothing to
 * show is left out.
 */
export function chartDefinitions(
  scenarioName: string,
  results: readonly RunResult[],
  { sensitivity }: Pick<Summary, 'sensitivity'>,
): ChartDefinition[] {
  const ofAll = [
    rpoChart,
    durabilityChart,
    rpoDistributionChart,
    backlogChart,
    lagChart,
    latencyChart,
    objectSizesChart,
    costChart,
    costRpoChart,
  ].map((draw) => draw(scenarioName, results))
  const ofReplicas = [replicasChart, replicaVisibilityChart].map((draw) =>
    draw(scenarioName, results),
  )
  const runs = firstOfEachVariant(results)
  const ofServers = [regionServerChart, recoveryChart].map((draw) => draw(scenarioName, runs))
  const tornado = sensitivity ? sensitivityChart(scenarioName, results, sensitivity) : null
  return [...ofAll, ...ofReplicas, ...ofServers, tornado].filter((chart) => chart !== null)
}
