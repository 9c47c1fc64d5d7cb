import type { Metric } from '../experiment/metric.js'
import type { SummaryRun } from '../experiment/summary.js'
import type { LatencyQuantiles, PeerResult } from '../simulation/result.js'

type Center = Metric['center']
type Figure<T> = (from: T) => number | null | undefined

/** Durability and loss of every peer, class by class: rows of the report's second table. */
export function durabilityMetrics(runs: readonly SummaryRun[]): Metric[] {
  return ofEachPeer(runs, (peer) => {
    const classes = new Set(runs.flatMap((run) => Object.keys(run.peers[peer]?.rpo ?? {})))
    const kinds = new Set(
      runs.flatMap((run) => (run.peers[peer]?.disasters ?? []).map(({ kind }) => kind)),
    )
    return [
      ...[...classes].sort().flatMap((name) => rpoMetrics(name)),
      ...[...kinds].sort().flatMap((kind) => lossMetrics(kind)),
      metric('most edits confirmed but not stored', 'edits', 'median', (of) => {
        return of.confirmedNotStoredEdits.max
      }),
      metric('missing after quiescence', 'edits', 'median', (of) => of.missingAfterQuiescence),
      metric('edits in holes', 'edits', 'median', (of) => of.holes.edits),
    ]
  })
}

/** What replication did and what it cost: rows of the report's third table. */
export function replicationMetrics(runs: readonly SummaryRun[]): Metric[] {
  return ofEachPeer(runs, () => [
    ...latencyMetrics('confirm latency', (of) => of.confirmLatencyUs),
    ...latencyMetrics('store latency', (of) => of.storeLatencyUs),
    metric('accepted', 'edits', 'mean', (of) => of.acceptedEdits),
    metric('confirmed', 'edits', 'mean', (of) => of.confirmedEdits),
    metric('stored', 'edits', 'mean', (of) => of.storedEdits),
    metric('stored more than once', 'edits', 'mean', (of) => sum(Object.values(of.duplicateEdits))),
    metric('largest staging backlog', 'bytes', 'median', (of) => of.staging?.maxBytes),
    metric('most WAL bytes kept in oldWALs', 'bytes', 'median', (of) => of.oldWALs.maxBytes),
    metric('longest time to catch up after a fault', 'us', 'median', longestDrain),
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

function lossMetrics(kind: string): PeerMetric[] {
  const of = (peer: PeerResult) => peer.disasters.filter((disaster) => disaster.kind === kind)
  const lost = (figure: Figure<PeerResult['disasters'][number]>) => (peer: PeerResult) =>
    of(peer).length === 0 ? null : sum(of(peer).map((disaster) => figure(disaster) ?? 0))
  return [
    metric(
      `edits lost to ${kind}`,
      'edits',
      'median',
      lost(({ lostEdits }) => lostEdits),
    ),
    metric(
      `bytes lost to ${kind}`,
      'bytes',
      'median',
      lost(({ lostBytes }) => lostBytes),
    ),
    metric(`age of the oldest edit lost to ${kind}`, 'us', 'median', (peer) => {
      const ages = of(peer).flatMap(({ oldestLostAgeUs }) => oldestLostAgeUs ?? [])
      return ages.length === 0 ? null : Math.max(...ages)
    }),
  ]
}

function latencyMetrics(title: string, quantiles: (of: PeerResult) => LatencyQuantiles) {
  return [
    metric(`${title}, median`, 'us', 'mean', (of) => quantiles(of).p50),
    metric(`${title}, p99`, 'us', 'mean', (of) => quantiles(of).p99),
    metric(`${title}, maximum`, 'us', 'median', (of) => quantiles(of).max),
  ]
}

function longestDrain({ drainUs }: PeerResult): number | null {
  const drains = drainUs.flatMap(({ us }) => us ?? [])
  return drains.length === 0 || drains.length < drainUs.length ? null : Math.max(...drains)
}

interface PeerMetric extends Omit<Metric, 'name' | 'of'> {
  figure: Figure<PeerResult>
}

function metric(
  title: string,
  unit: Metric['unit'],
  center: Center,
  figure: Figure<PeerResult>,
): PeerMetric {
  return { title, unit, center, verdict: false, figure }
}

function ofEachPeer(
  runs: readonly SummaryRun[],
  metrics: (peer: string) => PeerMetric[],
): Metric[] {
  const peers = [...new Set(runs.flatMap((run) => Object.keys(run.peers)))].sort()
  return peers.flatMap((peer) =>
    metrics(peer).map(({ title, unit, center, verdict, figure }) => {
      const name = peers.length > 1 ? `${peer}: ${title}` : title
      const of: Metric['of'] = (run) =>
        Object.hasOwn(run.peers, peer) ? (figure(run.peers[peer]) ?? null) : null
      return { name: `${peer}.${title}`, title: name, unit, center, verdict, of }
    }),
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
