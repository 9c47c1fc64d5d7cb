import type { Run } from './run.js'
import type { Gauge } from './series-recorder.js'

/** What charts and `series.csv` show over time. */
export function gaugesOf(run: Run): Gauge[] {
  const gauges: Gauge[] = []
  for (const { id, spec, ledger, staging } of run.peers) {
    const labels = { peer: id }
    const alive = (read: (nowUs: number) => number | null) => (nowUs: number) =>
      run.disaster !== null && nowUs > run.disaster.atUs ? null : read(nowUs)
    if (spec.endpoint === 'staged-copy') {
      gauges.push({
        metric: 'stagingBacklogBytes',
        unit: 'bytes',
        labels,
        read: alive(() => staging.bytes),
      })
    }
    gauges.push(
      {
        metric: 'lagUs',
        unit: 'us',
        labels,
        read: alive((nowUs) => nowUs - (ledger.oldestUnconfirmedUs() ?? nowUs)),
      },
      {
        metric: 'rpoUs',
        unit: 'us',
        labels: { ...labels, class: 'cluster-loss' },
        read: alive((nowUs) => ledger.clusterLoss.valueUs(nowUs)),
      },
      {
        metric: 'rpoUs',
        unit: 'us',
        labels: { ...labels, class: 'region-server-crash' },
        read: alive((nowUs) => ledger.regionServerCrash.valueUs(nowUs)),
      },
    )
  }
  gauges.push({
    metric: 'oldWALsBytes',
    unit: 'bytes',
    labels: {},
    read: (nowUs) =>
      run.disaster !== null && nowUs > run.disaster.atUs
        ? null
        : run.servers.reduce((sum, server) => sum + server.oldWalBytes, 0),
  })
  return gauges
}
