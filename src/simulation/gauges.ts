import { DISASTERS } from './disasters.js'
import { type RegionServersNow, regionServerGauges } from './region-server-gauges.js'
import { replicaGauges } from './replica-gauges.js'
import type { Run } from './run.js'
import type { Gauge } from './series-recorder.js'

/** What charts and `series.csv` show over time. Ledgers have looked at the instant of a reading. */
export function gaugesOf(run: Run, servers: RegionServersNow): Gauge[] {
  const { cluster } = run
  const alive = (read: (nowUs: number) => number | null) => (nowUs: number) =>
    run.disaster !== null && nowUs > run.disaster.atUs ? null : read(nowUs)
  const gauges: Gauge[] = []
  for (const peer of run.peers) {
    const { id, ledger, usage } = peer
    const labels = { peer: id }
    const add = (metric: string, unit: string, read: (nowUs: number) => number | null) =>
      gauges.push({ metric, unit, labels, read: alive(read) })
    if (peer.stages) add('stagingBacklogBytes', 'bytes', () => ledger.staging.bytes)
    add('pendingUploadBytes', 'bytes', () => usage.pendingBytes)
    add('lagUs', 'us', (nowUs) => nowUs - (ledger.oldestUnconfirmedUs() ?? nowUs))
    add('replicationLagUs', 'us', (nowUs) => replicationLagUs(run, id, nowUs))
    for (const disaster of DISASTERS) {
      gauges.push({
        metric: 'rpoUs',
        unit: 'us',
        labels: { ...labels, class: disaster },
        read: alive((nowUs) => ledger.recoveryPoint(disaster).valueUs(nowUs)),
      })
    }
  }
  const ofCluster = (metric: string, read: () => number) =>
    gauges.push({ metric, unit: 'bytes', labels: {}, read: alive(read) })
  ofCluster('oldWALsBytes', () => cluster.oldWalBytes)
  ofCluster('hdfsUsedBytes', () => cluster.hdfs.usedBytes)
  for (const gauge of regionServerGauges(servers)) {
    gauges.push({ ...gauge, read: alive((nowUs) => gauge.read(nowUs)) })
  }
  for (const gauge of cluster.replicas === null ? [] : replicaGauges(cluster.replicas)) {
    gauges.push({ ...gauge, read: alive((nowUs) => gauge.read(nowUs)) })
  }
  return gauges
}

/** HBase's own metric: of the worst source that runs now. */
function replicationLagUs({ replication }: Run, peer: string, nowUs: number): number {
  const lags = replication
    .managers()
    .flatMap((manager) => manager.sources(peer))
    .map(({ metrics }) => metrics.replicationLagUs(nowUs))
  return Math.max(0, ...lags)
}
