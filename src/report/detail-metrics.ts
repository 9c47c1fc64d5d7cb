import { DISASTER_CLASSES } from '../experiment/disaster-classes.js'
import { type Metric, type PeerFigure, peerFigure, peersOf } from '../experiment/metric.js'
import { fillMetric } from '../experiment/room-sentences.js'
import type { SummaryRun } from '../experiment/summary.js'
import type { HdfsResult, LatencyQuantiles, PeerResult } from '../simulation/result.js'

type Center = Metric['center']

/** Durability of every peer, class by class, without the classes that never took anything. */
export function durabilityMetrics(runs: readonly SummaryRun[]): Metric[] {
  return ofEachPeer(runs, (peer) => {
    const costly = DISASTER_CLASSES.filter((name) =>
      runs.some((run) => (run.peers[peer]?.rpo[name]?.maxUs ?? 0) > 0),
    )
    return costly.flatMap((name) => rpoMetrics(name))
  })
}

/** What is amiss with the copy of every peer, disasters apart. */
export function auditMetrics(runs: readonly SummaryRun[]): Metric[] {
  return ofEachPeer(runs, (peer) => [
    metric('most edits confirmed but not stored', 'edits', 'median', (of) => {
      return of.confirmedNotStoredEdits.max
    }),
    metric('missing after quiescence', 'edits', 'median', (of) => of.missingAfterQuiescence),
    metric('in holes: passed over for good', 'edits', 'median', (of) => of.holes.edits),
    ...causesOf(runs, peer).map((cause) =>
      metric(`stored again: ${cause}`, 'edits', 'mean', (of) => of.duplicateEdits[cause] ?? 0),
    ),
    metric('broken claims', 'edits', 'median', (of) => Object.keys(of.brokenClaims).length),
  ])
}

/** What fills HDFS, and what is paid for without being of use. */
export function roomMetrics(runs: readonly SummaryRun[]): Metric[] {
  const faults = [...new Set(runs.flatMap(({ hdfs }) => hdfs.fillsUs.map(({ fault }) => fault)))]
  return [
    hdfsMetric('capacity of HDFS', ({ capacityBytes }) => capacityBytes),
    hdfsMetric('most of HDFS used', ({ maxUsedBytes }) => maxUsedBytes),
    ...faults.map(fillMetric),
    ...ofEachPeer(runs, () => [
      metric('largest staging backlog', 'bytes', 'median', (of) => of.staging?.maxBytes),
      metric('most staged files', 'objects', 'median', (of) => of.staging?.maxFiles),
      metric('most WAL bytes kept in oldWALs', 'bytes', 'median', (of) => of.oldWALs.maxBytes),
      metric('most in pending uploads', 'bytes', 'median', (of) => of.pendingUploads.maxBytes),
      metric('left in pending uploads', 'bytes', 'median', (of) => of.pendingUploads.endBytes),
      metric('pending uploads per month', 'usd', 'mean', (of) => {
        return of.costUsdPerMonth?.pendingUploads
      }),
    ]),
  ]
}

function hdfsMetric(title: string, of: (hdfs: HdfsResult) => number): Metric {
  const name = `hdfs ${title}`
  return { name, title, unit: 'bytes', center: 'median', verdict: false, of: (run) => of(run.hdfs) }
}

function causesOf(runs: readonly SummaryRun[], peer: string): string[] {
  const all = runs.flatMap((run) => Object.entries(run.peers[peer]?.duplicateEdits ?? {}))
  return [...new Set(all.filter(([, edits]) => edits > 0).map(([cause]) => cause))].sort()
}

/** What replication did and what it cost: rows of the report's third table. */
export function replicationMetrics(runs: readonly SummaryRun[]): Metric[] {
  return ofEachPeer(runs, () => [
    ...latencyMetrics('confirm latency', (of) => of.confirmLatencyUs),
    ...latencyMetrics('store latency', (of) => of.storeLatencyUs),
    metric('accepted', 'edits', 'mean', (of) => of.acceptedEdits),
    metric('confirmed', 'edits', 'mean', (of) => of.confirmedEdits),
    metric('stored', 'edits', 'mean', (of) => of.storedEdits),
    metric('median object', 'bytes', 'mean', (of) => of.objects.p50Bytes),
    metric('requests to the store', 'objects', 'mean', (of) => sum(Object.values(of.requests))),
    metric('requests per month', 'usd', 'mean', (of) => of.costUsdPerMonth?.requests),
    metric('storage per month', 'usd', 'mean', (of) => of.costUsdPerMonth?.storage),
  ])
}

function rpoMetrics(name: string): PeerMetric[] {
  return [
    metric(`RPO ${name}, median`, 'us', 'mean', (of) => of.rpo[name]?.p50Us),
    metric(`RPO ${name}, p99`, 'us', 'mean', (of) => of.rpo[name]?.p99Us),
    metric(`RPO ${name}, maximum`, 'us', 'median', (of) => of.rpo[name]?.maxUs),
    metric(`most edits at risk of ${name}`, 'edits', 'median', (of) => of.rpo[name]?.maxEdits),
  ]
}

function latencyMetrics(title: string, quantiles: (of: PeerResult) => LatencyQuantiles) {
  return [
    metric(`${title}, median`, 'us', 'mean', (of) => quantiles(of).p50),
    metric(`${title}, p99`, 'us', 'mean', (of) => quantiles(of).p99),
    metric(`${title}, maximum`, 'us', 'median', (of) => quantiles(of).max),
  ]
}

interface PeerMetric extends Omit<Metric, 'name' | 'of'> {
  figure: PeerFigure
}

function metric(
  title: string,
  unit: Metric['unit'],
  center: Center,
  figure: PeerFigure,
): PeerMetric {
  return { title, unit, center, verdict: false, figure }
}

function ofEachPeer(
  runs: readonly SummaryRun[],
  metrics: (peer: string) => PeerMetric[],
): Metric[] {
  const peers = peersOf(runs)
  return peers.flatMap((peer) =>
    metrics(peer).map(({ title, unit, center, verdict, figure }) => {
      const name = peers.length > 1 ? `${peer}: ${title}` : title
      const of = peerFigure(peer, figure)
      return { name: `${peer}.${title}`, title: name, unit, center, verdict, of }
    }),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
