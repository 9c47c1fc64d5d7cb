import { resultOf } from '../../src/simulation/result-of.js'
import {
  type Act,
  type ReplicatedRun,
  replicatedRun,
  S,
  shownBy,
} from '../simulation/replicated-run.js'

/** A scenario, and what is known of it beforehand. */
export interface ReplicaWorld {
  readonly scenario: string
  readonly set: readonly string[]
  readonly acts?: readonly Act[]
  /** Bounds of the mean staleness of each secondary in seconds, computed by hand. */
  readonly stalenessS?: readonly [from: number, to: number]
  /** Highest bytes of a secondary's memstores, computed by hand. */
  readonly maxMemstoreBytes?: number
  /** False where the run ends with edits that nobody brings to secondaries. */
  readonly isCaughtUp?: boolean
  /** False where edits come in their order, whatever happens. */
  readonly hasGaps?: boolean
}

export const SETTLED = 'secondaries that are sent edits have all of them after quiescence'
export const SHOWN = 'in the end every secondary shows every edit'
export const NEVER_LESS = 'a secondary that shows an edit never shows fewer later'
export const MEMORY_BY_HAND = 'the memory of secondaries is as computed by hand'
export const NO_GAP = 'no secondary shows an edit and lacks an older one'
export const STALENESS_BY_HAND = 'the staleness of secondaries is as computed by hand'

const LOOKS = 120

/** What a run breaks: invariants, what is computed by hand, and what is seen from outside. */
export function replicaChecksOf(world: ReplicaWorld): string[] {
  const most = new Map<number, number>()
  let less = false
  const look = (seen: ReplicatedRun) => {
    for (const secondary of seen.run.cluster.map.replicas.secondaries) {
      const shown = shownBy(seen, secondary)
      if (shown === 0) continue
      if (shown < (most.get(secondary) ?? 0)) less = true
      most.set(secondary, shown)
    }
  }
  const looks = Array.from({ length: LOOKS }, (_, i): Act => [(i * S) / 4, look])
  const seen = replicatedRun(world.scenario, world.set, [...looks, ...(world.acts ?? [])])
  const { invariants, replicas } = resultOf(seen.run, 1, 'by-hand')
  const broken = Object.keys(invariants).filter((name) => invariants[name] === 'violated')
  const { secondaries } = seen.run.cluster.map.replicas
  const edits = seen.visible.get(0)?.length
  const lacksEdits = secondaries.some((secondary) => shownBy(seen, secondary) !== edits)
  if (lacksEdits && world.isCaughtUp !== false) broken.push(SHOWN)
  if (less) broken.push(NEVER_LESS)
  const { stalenessS: [fromS, toS] = [0, Infinity], maxMemstoreBytes = Infinity } = world
  for (const { replicaId, stalenessUs, memstoreBytes, gapUs } of replicas?.usertable ?? []) {
    if (replicaId === 0) continue
    const meanS = (stalenessUs.mean ?? 0) / S
    if (meanS < fromS || meanS > toS) broken.push(STALENESS_BY_HAND)
    if (world.hasGaps === false && gapUs.total > 0) broken.push(NO_GAP)
    if ((memstoreBytes.max ?? 0) > maxMemstoreBytes) broken.push(MEMORY_BY_HAND)
  }
  return broken
}
