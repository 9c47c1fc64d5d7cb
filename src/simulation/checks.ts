import { answersInTransit, sentBy, unansweredBy } from './census.js'
import { type InvariantName, invariantOf } from './invariants.js'
import type { Peer } from './peer.js'
import type { RunResult, Verdict } from './result.js'
import { acknowledgedBy } from './result-of.js'
import type { Run } from './run.js'

/** What goes in must come out, be lost to a disaster, or still be there. */
export function conservationOf(run: Run): RunResult['conservation'] {
  const laws: RunResult['conservation'] = {}
  const law = (name: string, expected: number, actual: number) => {
    laws[name] = { expected, actual, verdict: expected === actual ? 'held' : 'violated' }
  }
  const { cluster } = run
  const endUs = run.disaster?.atUs ?? run.nowUs
  const answered = acknowledgedBy(run, endUs).edits
  const pending = answersInTransit(run, endUs) + unansweredBy(run, endUs, 'writes')
  const { failures, reads } = cluster
  law('operations', sentBy(run, endUs, 'writes'), answered + pending + failures.length)
  const gets = sentBy(run, endUs, 'gets')
  if (gets > 0) {
    law('gets', gets, reads.answered + unansweredBy(run, endUs, 'gets') + reads.failed)
  }
  for (const server of cluster.servers) {
    const { callQueues } = server.writePath
    if (callQueues.queued === 0) {
      law(`callQueue ${server.name}`, callQueues.queuedArea, callQueues.queuedSojournUs)
    }
    for (const { index, isMeta, log, consumedEdits, unwrittenEdits } of server.walGroups) {
      const which = isMeta ? 'hbase:meta' : index
      const name = index === 0 ? server.name : `${server.name} ${which}`
      law(`walEntries ${name}`, log.length, consumedEdits + unwrittenEdits)
    }
  }
  let addedBytes = 0
  let storeBytes = 0
  for (let region = 0; region < cluster.map.allRegions; region++) {
    for (const { bytesAdded, bytes } of cluster.files.stores.of(region)) {
      addedBytes += bytesAdded
      storeBytes += bytes
    }
  }
  law('hfileBytes', addedBytes, storeBytes)
  for (const { id, sources, fileSystems, storedBytes } of run.peers) {
    for (const source of sources) {
      for (const { group, area, sojourn } of source.emptyBatchQueues()) {
        law(`batchQueue ${id} ${source.name} ${group}`, area, sojourn)
      }
    }
    const sum = (of: 'written' | 'open' | 'stored' | 'dropped') =>
      fileSystems.reduce((total, { bytes }) => total + bytes[of], 0)
    law(`objectBytes ${id}`, sum('written'), sum('open') + sum('stored') + sum('dropped'))
    law(`storedBytes ${id}`, storedBytes, sum('stored'))
  }
  return laws
}

/** The invariants of the design that concern writes, peers and files. */
export function invariantsOf(run: Run): Record<string, Verdict> {
  const { cluster, clusterLosses } = run
  const ofPeers = run.peers.map((peer) => peerInvariants(run, peer))
  const ofAll: Partial<Record<InvariantName, Verdict>> = {
    'no acknowledged edit is lost to the cluster against the promise of HBase': verdict(
      clusterLosses.brokenPromises === 0,
    ),
    'the buffer of every server is given back': verdict(
      cluster.alive.every((server) => run.replication.bufferLeak(server) === 0),
    ),
    ...regionInvariants(run),
    ...replicaInvariants(run),
    'operations, entries and queues are conserved': verdict(
      Object.values(conservationOf(run)).every((law) => law.verdict === 'held'),
    ),
  }
  return Object.assign({}, ...ofPeers, ofAll)
}

/** What secondaries owe their primaries. */
function replicaInvariants(run: Run): Partial<Record<InvariantName, Verdict>> {
  const { replicaChecks, disaster, replication, cluster } = run
  if (cluster.replicas === null) return {}
  const isFed = replication.regionReplicaPeer?.enabled ?? true
  const isStuck = cluster.alive.length > 0 && calmUs(run) >= PATIENCE_US
  const isOver = disaster === null && isFed && (run.nowUs < run.limitUs || isStuck)
  return {
    ...replicaChecks.invariants(),
    'secondaries that are sent edits have all of them after quiescence':
      replicaChecks.settled(isOver),
  }
}

/** What region servers owe their regions. */
function regionInvariants(run: Run): Partial<Record<InvariantName, Verdict>> {
  const { cluster, clusterLosses, regionChecks, disaster } = run
  const { memstores } = cluster.files
  regionChecks.look()
  const vanished = disaster === null ? clusterLosses.vanished() : null
  return {
    'every acknowledged edit is in memory, in an HFile or in a WAL to be replayed':
      vanished === null ? 'undecided' : verdict(vanished === 0),
    'memstores come to the bytes of the edits in them': verdict(
      regionChecks.unaccountedBytes === 0,
    ),
    'edits of a region come in the order of their sequence ids, before the snapshot that has them':
      verdict(memstores.misplacedEdits === 0),
    'no WAL is archived while memory alone has some of its edits': verdict(
      regionChecks.earlyArchives === 0,
    ),
    'a region is open on one server at most': verdict(regionChecks.sharedRegions === 0),
  }
}

/** Longer than any pause after which something is tried again: HBase's, HDFS's and S3A's. */
const PATIENCE_US = 3_600_000_000

/** Though nothing stands in the way, nothing was stored for so long that nobody will store more. */
function isStuck(run: Run, peer: Peer): boolean {
  const { nowUs, cluster } = run
  const { exists, enabled, store, lastStoredUs } = peer
  if (!exists || !enabled || store.weather.outage !== null || cluster.alive.length === 0)
    return false
  return Math.min(nowUs - lastStoredUs, calmUs(run)) >= PATIENCE_US
}

/** For how long nothing has struck and nobody has written. */
function calmUs({ nowUs, faults, scenario }: Run): number {
  const ends = faults.map(({ atUs, untilUs }) => untilUs ?? atUs)
  return nowUs - Math.max(scenario.durationUs, ...ends)
}

function peerInvariants(run: Run, peer: Peer): Record<string, Verdict> {
  const { id, ledger, claims } = peer
  const kept = claims.every((claim) => ledger.brokenClaim(claim) === null)
  const holes = ledger.holes()
  const nothingMissing = run.disaster === null && ledger.missing() === 0
  const undecided = run.disaster !== null || (run.nowUs >= run.limitUs && !isStuck(run, peer))
  const verdicts: Partial<Record<InvariantName, Verdict>> = {
    'confirmed edits of <peer> survive what <peer> claims': verdict(kept),
    'no edit of <peer> is lost without a disaster': verdict(
      holes.edits === 0 && holes.firstUs === null,
    ),
    'no wanted edit is missing from <peer> after quiescence': nothingMissing
      ? 'held'
      : undecided
        ? 'undecided'
        : 'violated',
    'no queue of <peer> has two owners at once': verdict(peer.sharedQueues === 0),
    'every duplicate of <peer> has a cause': verdict(
      ledger.objects.duplicates.counts.unexplained === 0,
    ),
  }
  return Object.fromEntries(
    Object.entries(verdicts).map(([name, found]) => [invariantOf(name, id), found]),
  )
}

function verdict(held: boolean): Verdict {
  return held ? 'held' : 'violated'
}
