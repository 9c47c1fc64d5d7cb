import type { Peer } from '../../src/simulation/peer.js'
import type { PeerResult, RunResult } from '../../src/simulation/result.js'
import type { Run } from '../../src/simulation/run.js'
import { History } from './history.js'

/** Longer than lease recovery, and than any pause of the random scenarios. */
const LONG_WAIT_US = 1_800_000_000

/**
 * Which rules a run has broken, and how. A rule is an invariant of the result, or what the result
 * says was lost; it may be broken only for a reason that is stated here, as far from "anything goes"
 * as is known.
 */
export function brokenRules(run: Run, result: RunResult): string[] {
  const history = new History(run)
  const broken: string[] = []
  for (const [name, verdict] of Object.entries(result.invariants)) {
    const peer = run.peers.find(({ id }) => name.split(/[ ,]/).includes(id))
    if (verdict === 'held' || mayBreak(name, history, peer)) continue
    broken.push(`${verdict}: ${name} (${peer?.spec.endpoint})`)
  }
  if (run.nowUs >= run.limitUs && whyNotDone(history) === null) {
    broken.push('the cluster is not at rest')
  }
  for (const peer of run.peers) {
    const { disasters } = result.peers[peer.id] as PeerResult
    for (const { kind, target, lostEdits } of disasters) {
      if (lostEdits === 0 || mayLose(kind, history, peer)) continue
      broken.push(`${peer.spec.endpoint} lost ${lostEdits} edits to ${kind} of ${target}`)
    }
  }
  return broken
}

function mayBreak(name: string, history: History, peer: Peer | undefined): boolean {
  if (name === 'the buffer of every server is given back') return mayLeak(history)
  // Nobody looks after a loss of all.
  if (name.startsWith('every acknowledged edit is in')) return history.run.disaster !== null
  if (peer === undefined) return false
  if (name.startsWith('confirmed edits')) return mayBreakClaim(history, peer)
  if (name.startsWith('no edit of')) return mayHaveHoles(history, peer)
  return name.startsWith('no wanted edit') && whyNotCaughtUp(history, peer) !== null
}

/** HBASE-28620; and a shipper that is restarted leaves its reader behind with what it has read. */
function mayLeak(history: History): boolean {
  const restarts = history.peers.some(
    (peer) => history.isDesign(peer, 'hbase-29823') && history.storeMayFail(peer),
  )
  return restarts || history.isBack('HBASE-28620')
}

/** Why there may be something left to do at the end; null if there must not. */
function whyNotDone(history: History): string | null {
  const existing = history.peers.filter(({ exists }) => exists)
  const reasons = existing.map((peer) => whyPeerWaits(history, peer))
  return whyClusterWaits(history) ?? reasons.find((why) => why !== null) ?? null
}

/** Why the peer need not have caught up by the end; null if it must. */
export function whyNotCaughtUp(history: History, peer: Peer): string | null {
  return whyClusterWaits(history) ?? whyPeerWaits(history, peer)
}

function whyClusterWaits(history: History): string | null {
  const { disaster, cluster, scenario } = history.run
  if (disaster !== null) return `${disaster.kind} is for good`
  if (cluster.alive.length === 0) return 'no region server is left'
  if (scenario.drainUs < LONG_WAIT_US) return 'nobody waits for long'
  if (history.unreadableRecoveredEdits)
    return 'recovered.edits lack a block, and are never replayed'
  return history.unreadableWal ? 'a WAL lacks a block, and is never split' : null
}

function whyPeerWaits(history: History, peer: Peer): string | null {
  if (!peer.enabled) return 'the peer is disabled'
  if (peer.store.weather.outage !== null) return 'the store is gone'
  if (mayHaveHoles(history, peer)) return 'the design has lost edits'
  if (history.leaks) return 'the buffer of a server is taken up'
  const skips = history.run.model.boolean('replication.source.eof.autorecovery')
  if (history.did('empty-wal') && !skips) return 'a WAL without a header is waited for'
  return null
}

/**
 * Edits that are lost without a disaster: a stream of `unsafe-flush` that fails or dies; what HBase
 * built, when an object cannot be closed (the writers of the branch are taken for closed at the next
 * try; the restarted shipper of HBASE-29823 skips WALs that were read), or when a crash finds offsets
 * stored that belong to another group's open file; and what was merely flushed to staging when the
 * power went and its offset was on its way to the queue storage, or what a store had taken when it
 * was lost and the writer learned of afterwards.
 */
function mayHaveHoles(history: History, peer: Peer): boolean {
  if (history.struck('store-loss') && peer.store.weather.outage !== null) return true
  if (history.isDesign(peer, 'unsafe-flush')) {
    return history.storeMayFail(peer) || history.serversEnd || history.did('disable-peer')
  }
  if (history.stages(peer)) return history.powerFails && peer.spec.sync === 'hflush'
  if (history.isDesign(peer, 'hbase-29823')) return history.storeMayFail(peer)
  if (!history.isDesign(peer, 'feature-branch')) return false
  return history.storeMayFail(peer) || history.multiwal || history.isBack('HBASE-29441')
}

/**
 * Confirmed edits that would not survive what the peer claims. Of the designs that stage: while
 * replicas are missing, and where lease recovery has closed a file with bytes that were never
 * synced. Of all others: never, but for their holes and the loss of the store itself.
 */
function mayBreakClaim(history: History, peer: Peer): boolean {
  if (history.isDesign(peer, 'unsafe-flush') || mayHaveHoles(history, peer)) return true
  if (history.struck('store-loss')) return true
  if (!history.stages(peer)) return false
  return history.replicasFail || history.serversEnd
}

/**
 * What a disaster may take of a peer: what is only in the WAL or in staging, if these are not safe
 * from it. That takes more than one fault, unless they are merely flushed.
 */
function mayLose(kind: string, history: History, peer: Peer): boolean {
  if (kind === 'store-loss' || kind === 'cluster-loss' || kind === 'hdfs-loss') return true
  if (history.isDesign(peer, 'unsafe-flush') || mayHaveHoles(history, peer)) return true
  const power = kind === 'rack-power-loss' || kind === 'cluster-power-loss'
  const flushedOnly = !history.walHsync || (history.stages(peer) && peer.spec.sync === 'hflush')
  if (power && flushedOnly) return true
  if (power) return history.faults > 1 || history.walBeyondBlock
  return history.replicasFail && flushedOnly
}
