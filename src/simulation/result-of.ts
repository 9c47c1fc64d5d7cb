import type { EditCount } from '../measure/acknowledgements.js'
import type { Histogram } from '../measure/histogram.js'
import type { RecoveryPoint } from '../measure/recovery-point.js'
import type { DisasterClass } from '../storage/disaster.js'
import { assumptionsOf } from './assumptions.js'
import { sentBy } from './census.js'
import { conservationOf, invariantsOf } from './checks.js'
import { hbaseMetricsOf } from './hbase-metrics.js'
import type { Peer } from './peer.js'
import type {
  DisasterResult,
  LatencyQuantiles,
  PeerResult,
  RpoResult,
  RunResult,
} from './result.js'
import type { Run } from './run.js'

/** Everything that is reported of a finished run. */
export function resultOf(run: Run, seed: number, variant: string): RunResult {
  const { scenario, disaster } = run
  const acknowledged = acknowledgedBy(run, disaster?.atUs ?? run.nowUs)
  const peers: Record<string, PeerResult> = {}
  for (const peer of run.peers) peers[peer.id] = peerResult(run, peer)
  return {
    variant,
    seed,
    durationUs: scenario.durationUs,
    endedUs: run.nowUs,
    traceHash: run.events.traceHash(),
    events: run.scheduler.executed,
    edits: {
      submitted: sentBy(run, disaster?.atUs ?? run.nowUs),
      acknowledged: acknowledged.edits,
      failed: run.failedOperations,
      bytes: acknowledged.bytes,
    },
    writeLatencyUs: quantiles(run.writeLatency),
    peers,
    clusterLoss:
      disaster === null
        ? []
        : [
            {
              kind: disaster.kind,
              atUs: disaster.atUs,
              lostEdits: acknowledged.edits,
              lostBytes: acknowledged.bytes,
            },
          ],
    faults: run.faults
      .filter((fault) => fault.atUs <= run.nowUs)
      .map(({ kind, label, atUs, untilUs }) => ({ kind, label, atUs, untilUs }))
      .concat(run.aborts),
    conservation: conservationOf(run),
    invariants: invariantsOf(run),
    assumptions: assumptionsOf(run),
    series: run.recorder.series(),
  }
}

export function acknowledgedBy(run: Run, timeUs: number): EditCount {
  const total = { edits: 0, bytes: 0 }
  for (const acknowledgements of run.acknowledgements) {
    const { edits, bytes } = acknowledgements.count(timeUs)
    total.edits += edits
    total.bytes += bytes
  }
  return total
}

function peerResult(run: Run, peer: Peer): PeerResult {
  const { ledger, staging, spec, sources } = peer
  const endUs = run.nowUs
  const { holes } = ledger
  const result: PeerResult = {
    endpoint: spec.endpoint,
    claims: [...(sources[0]?.endpoint.claims ?? [])],
    acceptedEdits: ledger.acceptedEdits,
    confirmedEdits: ledger.confirmedEdits,
    storedEdits: ledger.storedEdits,
    duplicateEdits: ledger.duplicateEdits > 0 ? { retry: ledger.duplicateEdits } : {},
    confirmedNotStoredEdits: {
      max: ledger.confirmedNotStored.max,
      timeShare: ledger.confirmedNotStored.share(endUs),
    },
    missingAfterQuiescence: run.disaster === null ? ledger.clusterLoss.atRisk(endUs).edits : null,
    holes: { ...holes, firstUs: ledger.firstHoleUs },
    confirmLatencyUs: quantiles(ledger.confirmLatency),
    storeLatencyUs: quantiles(ledger.storeLatency),
    rpo: {
      ...rpoResult('cluster-loss', ledger.clusterLoss),
      ...rpoResult('region-server-crash', ledger.regionServerCrash),
    },
    disasters: disastersOf(run, peer),
    drainUs: (run.drains.get(peer.id) ?? []).map(({ fault, us }) => ({ fault, us })),
    oldWALs: { maxBytes: run.oldWalsMaxBytes },
    objects: {
      count: ledger.objectBytes.count,
      p50Bytes: ledger.objectBytes.quantile(0.5),
      maxBytes: ledger.objectBytes.max,
    },
    requests: { ...peer.usage.requests },
    costUsdPerMonth: run.usage.get(peer.id)?.monthlyCostUsd() ?? null,
    hbaseMetrics: hbaseMetricsOf(sources, run.disaster?.atUs ?? endUs),
  }
  if (spec.endpoint === 'staged-copy') {
    result.staging = { maxBytes: staging.maxBytes, maxFiles: staging.maxFiles }
  }
  return result
}

function disastersOf(run: Run, { ledger }: Peer): DisasterResult[] {
  if (run.disaster === null) return []
  const { kind, atUs } = run.disaster
  const lost = ledger.clusterLoss.atRisk(atUs)
  const oldestUs = ledger.clusterLoss.oldestUs(atUs)
  return [
    {
      kind,
      atUs,
      lostEdits: lost.edits,
      lostBytes: lost.bytes,
      oldestLostAgeUs: lost.edits > 0 ? atUs - oldestUs : null,
    },
  ]
}

/** Absent if a disaster left no window to measure. */
function rpoResult(
  disasterClass: DisasterClass,
  { histogram, maxEdits, maxBytes }: RecoveryPoint,
): Record<string, RpoResult> {
  const p50Us = histogram.quantile(0.5)
  const p99Us = histogram.quantile(0.99)
  const { maxUs, timeShareAboveZero } = histogram
  if (p50Us === null || p99Us === null || maxUs === null || timeShareAboveZero === null) return {}
  return { [disasterClass]: { p50Us, p99Us, maxUs, maxEdits, maxBytes, timeShareAboveZero } }
}

function quantiles(histogram: Histogram): LatencyQuantiles {
  return {
    count: histogram.count,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
    max: histogram.max,
  }
}
