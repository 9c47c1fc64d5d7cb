import type { DisasterResult, PeerResult, RunResult } from '../simulation/result.js'
import type { Unit } from './quantities.js'
import { stalenessMetrics } from './replica-metric.js'

/** What a comparison needs of a run; a summary keeps that much. */
export type MeasuredRun = Omit<
  RunResult,
  'series' | 'distributions' | 'busiestServer' | 'assumptions' | 'outcomes' | 'trace'
>

/** A figure that designs are compared by; one value per run. */
export interface Metric {
  /** Path in the run's result, or a sum named like one, e.g. `peers.backup.lostEdits`. */
  name: string
  /** What it is called in a sentence or a table. */
  title: string
  unit: Unit
  /**
   * How seeds are summed up: the mean for quantiles and averages; the median for maxima and
   * losses, whose distribution is nothing like normal.
   */
  center: 'mean' | 'median'
  /** Whether the verdict rests on it; such metrics share one Holm correction. */
  verdict: boolean
  /** Null where the run has no such figure (no peer of that name, nothing recorded, no disaster). */
  of: (run: MeasuredRun) => number | null
}

/** What a disaster took from a peer, or from a cluster without one. */
export type Loss = Omit<DisasterResult, 'oldestLostAgeUs'> &
  Partial<Pick<DisasterResult, 'oldestLostAgeUs'>>

/** The metrics of every peer that occurs in `runs`, then of secondaries, then of the cluster. */
export function metricsOf(runs: readonly MeasuredRun[]): Metric[] {
  return [...peersOf(runs).flatMap(metricsOfPeer), ...stalenessMetrics(runs), WRITE_LATENCY]
}

/** Names of the peers that occur in `runs`, sorted. */
export function peersOf(runs: readonly Pick<MeasuredRun, 'peers'>[]): string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run.peers)))].sort()
}

export type PeerFigure = (peer: PeerResult) => number | null | undefined

/** A figure of one peer, over runs some of which may not have the peer. */
export function peerFigure(id: string, figure: PeerFigure): Metric['of'] {
  return (run) => (Object.hasOwn(run.peers, id) ? (figure(run.peers[id]) ?? null) : null)
}

const WRITE_LATENCY: Metric = {
  name: 'writeLatencyUs.p99',
  title: 'write latency p99',
  unit: 'us',
  center: 'mean',
  verdict: false,
  of: (run) => run.writeLatencyUs.p99,
}

function metricsOfPeer(id: string): Metric[] {
  const ofPeer = (figure: PeerFigure) => peerFigure(id, figure)
  return [
    {
      name: `peers.${id}.rpo["cluster-loss"].p50Us`,
      title: 'cluster-loss RPO median',
      unit: 'us',
      center: 'mean',
      verdict: false,
      of: ofPeer((peer) => peer.rpo['cluster-loss']?.p50Us),
    },
    {
      name: `peers.${id}.rpo["cluster-loss"].p99Us`,
      title: 'cluster-loss RPO p99',
      unit: 'us',
      center: 'mean',
      verdict: true,
      of: ofPeer((peer) => peer.rpo['cluster-loss']?.p99Us),
    },
    {
      name: `peers.${id}.lostEdits`,
      title: 'lost edits',
      unit: 'edits',
      center: 'median',
      verdict: true,
      of: (run) => lostEdits(run, id),
    },
    {
      name: `peers.${id}.costUsdPerMonth.total`,
      title: 'cost per month',
      unit: 'usd',
      center: 'mean',
      verdict: true,
      of: ofPeer((peer) => peer.costUsdPerMonth?.total),
    },
    {
      name: `peers.${id}.storeLatencyUs.p99`,
      title: 'store latency p99',
      unit: 'us',
      center: 'mean',
      verdict: false,
      of: ofPeer((peer) => peer.storeLatencyUs.p99),
    },
    {
      name: `peers.${id}.objects.count`,
      title: 'objects',
      unit: 'objects',
      center: 'mean',
      verdict: false,
      of: ofPeer((peer) => peer.objects.count),
    },
  ]
}

/**
 * Edits that the run's disasters (of one kind, if given) took from a peer. Null if none struck.
 */
export function lostEdits(run: MeasuredRun, peer: string, kind?: string): number | null {
  const losses = lossesOf(run, peer).filter((loss) => kind === undefined || loss.kind === kind)
  return losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss.lostEdits, 0)
}

/**
 * What the run's disasters took from a peer. A cluster without any peer loses what it had no other
 * copy of.
 */
export function lossesOf(run: MeasuredRun, peer: string): Loss[] {
  if (Object.keys(run.peers).length === 0) return run.clusterLoss
  return Object.hasOwn(run.peers, peer) ? run.peers[peer].disasters : []
}
