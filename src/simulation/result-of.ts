import type { EditCount } from '../measure/acknowledgements.js'
import type { PeerLedger } from '../measure/peer-ledger.js'
import { assumptionsOf } from './assumptions.js'
import { sentBy } from './census.js'
import { conservationOf, invariantsOf } from './checks.js'
import { closedLoopOf } from './closed-loop-results.js'
import { DISASTERS } from './disasters.js'
import { distributionsOf } from './distributions.js'
import { checkpointOf, hbaseMetricsOf } from './hbase-metrics.js'
import { outcomesOf } from './outcomes.js'
import type { Peer } from './peer.js'
import { readsOf } from './read-results.js'
import { recoveriesOf } from './recoveries.js'
import { latencyQuantiles, regionServersOf } from './region-server-results.js'
import { regionServerSeries } from './region-server-series.js'
import { replicaResults } from './replica-results.js'
import type { BrokenClaim, PeerResult, RpoResult, RunResult } from './result.js'
import type { Run } from './run.js'

/** Everything that is reported of a finished run. */
export function resultOf(run: Run, seed: number, variant: string): RunResult {
  const { scenario, disaster, cluster } = run
  const endUs = disaster?.atUs ?? run.nowUs
  const acknowledged = acknowledgedBy(run, endUs)
  const reads = readsOf(cluster.reads.outcomes)
  const closedLoop = closedLoopOf(cluster.closedLoopMeter, scenario, endUs)
  const sentToReplicas = run.replication.regionReplicaPeer?.traffic ?? null
  const peers: Record<string, PeerResult> = {}
  for (const peer of run.peers) peers[peer.id] = peerResult(run, peer)
  return {
    variant,
    seed,
    durationUs: scenario.durationUs,
    endedUs: run.nowUs,
    traceHash: run.events.traceHash(run.scheduler.hash),
    events: run.scheduler.executed,
    edits: {
      submitted: sentBy(run, endUs, 'writes'),
      acknowledged: acknowledged.edits,
      failed: cluster.failures.length,
      bytes: acknowledged.bytes,
    },
    writeLatencyUs: latencyQuantiles(cluster.writeLatency),
    peers,
    clusterLoss: run.clusterLosses.of(acknowledged),
    faults: run.faults
      .filter((fault) => fault.atUs <= run.nowUs)
      .map(({ kind, label, atUs, untilUs }) => ({ kind, label, atUs, untilUs }))
      .concat(run.aborts),
    recoveries: recoveriesOf(cluster.master.recoveries, run.nowUs, (server) =>
      run.clusterLosses.with(server),
    ),
    regionServers: regionServersOf(run.activity),
    busiestServer: run.activity.busiest(),
    ...(cluster.replicas && {
      replicas: replicaResults(cluster, cluster.replicas, sentToReplicas),
    }),
    ...(reads && { reads }),
    ...(closedLoop && { closedLoop }),
    hdfs: run.room.result(),
    conservation: conservationOf(run),
    invariants: invariantsOf(run),
    assumptions: assumptionsOf(run),
    series: [
      ...run.recorder.series(),
      ...regionServerSeries(run.activity, cluster.master.recoveries, run.nowUs),
    ],
    distributions: distributionsOf(run),
    outcomes: outcomesOf(run),
  }
}

export function acknowledgedBy({ cluster }: Run, timeUs: number): EditCount {
  const total = { edits: 0, bytes: 0 }
  for (const acknowledgements of cluster.acknowledgements) {
    const { edits, bytes } = acknowledgements.count(timeUs)
    total.edits += edits
    total.bytes += bytes
  }
  return total
}

function peerResult(run: Run, peer: Peer): PeerResult {
  const { ledger, spec, sources, usage, claims } = peer
  const endUs = run.nowUs
  const result: PeerResult = {
    endpoint: spec.endpoint,
    claims: [...claims],
    brokenClaims: brokenClaims(peer),
    acceptedEdits: ledger.acceptedEdits,
    confirmedEdits: ledger.confirmedEdits,
    storedEdits: ledger.storedEdits,
    duplicateEdits: { ...ledger.objects.duplicates.counts },
    confirmedNotStoredEdits: {
      max: ledger.confirmedNotStored.max,
      timeShare: ledger.confirmedNotStored.share(endUs),
    },
    missingAfterQuiescence: run.disaster === null ? ledger.missing() : null,
    holes: ledger.mostHoles(),
    confirmLatencyUs: latencyQuantiles(ledger.confirmLatency),
    storeLatencyUs: latencyQuantiles(ledger.storeLatency),
    rpo: rpoResults(ledger),
    disasters: ledger.losses().map(({ target, lostToCluster: _, ...loss }) => {
      return target === null ? loss : { ...loss, target }
    }),
    drainUs: run.drains.of(peer.id).map(({ fault, us }) => ({ fault, us })),
    pendingUploads: { maxBytes: usage.maxPendingBytes, endBytes: usage.pendingBytes },
    oldWALs: { maxBytes: run.oldWalsMaxBytes },
    objects: {
      count: ledger.objects.bytes.count,
      p50Bytes: ledger.objects.bytes.quantile(0.5),
      maxBytes: ledger.objects.bytes.max,
    },
    requests: { ...usage.requests },
    costUsdPerMonth: run.usage.get(peer.id)?.monthlyCostUsd() ?? null,
    hbaseMetrics: {
      ...hbaseMetricsOf(sources, run.disaster?.atUs ?? endUs),
      ...checkpointOf(
        run.replication.storage,
        peer.id,
        run.cluster.walGroups,
        run.model.boolean('hbase.regionserver.replication.marker.enabled') ? peer.sources : null,
      ),
    },
  }
  const startFaults = sources.flatMap(({ startFault }) => startFault ?? [])
  if (startFaults.length === sources.length && startFaults[0] !== undefined) {
    result.startFault = startFaults[0]
  }
  if (peer.stages) {
    result.staging = { maxBytes: ledger.staging.maxBytes, maxFiles: ledger.staging.maxFiles }
  }
  return result
}

function brokenClaims({ ledger, claims }: Peer): Record<string, BrokenClaim> {
  const broken: Record<string, BrokenClaim> = {}
  for (const claim of claims) {
    const found = ledger.brokenClaim(claim)
    if (found !== null) broken[claim] = { firstUs: found.firstUs, maxEdits: found.maxEdits }
  }
  return broken
}

/** A class is absent if a disaster left no window to measure. */
function rpoResults(ledger: PeerLedger): Record<string, RpoResult> {
  const results: Record<string, RpoResult> = {}
  for (const disaster of DISASTERS) {
    const { histogram, maxEdits, maxBytes } = ledger.recoveryPoint(disaster)
    const p50Us = histogram.quantile(0.5)
    const p99Us = histogram.quantile(0.99)
    const { maxUs, timeShareAboveZero } = histogram
    if (p50Us === null || p99Us === null || maxUs === null || timeShareAboveZero === null) continue
    results[disaster] = { p50Us, p99Us, maxUs, maxEdits, maxBytes, timeShareAboveZero }
  }
  return results
}
