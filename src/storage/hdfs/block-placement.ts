import type { DataNode } from './data-node.js'

export interface PlacementRequest {
  readonly dataNodes: readonly DataNode[]
  /** Replicas wanted, those on `has` included. */
  readonly replicas: number
  /** DataNodes that have a replica already. */
  readonly has: readonly DataNode[]
  /** The writer's DataNode and rack, null where the writer is outside of the cluster. */
  readonly local: DataNode | null
  readonly rack: number | null
  /** A uniform in (0, 1) for the choice of replica number `n` of the block. */
  readonly uniform: (n: number) => number
}

/**
 * Chooses DataNodes for new replicas as BlockPlacementPolicyDefault does: the first on the writer's
 * own DataNode or rack, the second on another rack, the third on the rack of the second, any
 * further anywhere; where that cannot be had, anywhere too, with at most
 * ⌊(replicas − 1) / racks⌋ + 2 on a rack. Fewer than wanted if there are not enough.
 *
 * Simplification: dead DataNodes are known to be dead at once, where the NameNode may offer them
 * for 630 s and the client asks again without them; that costs the real one a few milliseconds.
 * Load and free space of single DataNodes are not looked at.
 */
export function chooseTargets(request: PlacementRequest): DataNode[] {
  const { replicas, has, local, rack, uniform } = request
  const up = request.dataNodes.filter((node) => node.up)
  const racks = new Set(up.map((node) => node.rack)).size
  const mostPerRack = racks > 1 ? Math.floor((replicas - 1) / racks) + 2 : replicas
  const chosen = has.slice()
  while (chosen.length < replicas) {
    const free = up.filter((node) => !chosen.includes(node) && countOn(chosen, node) < mostPerRack)
    if (free.length === 0) break
    const preferred = free.filter(preference(chosen, rack))
    const candidates = preferred.length > 0 ? preferred : free
    const first = chosen.length === 0 && local !== null && free.includes(local) ? local : null
    chosen.push(first ?? candidates[Math.floor(uniform(chosen.length) * candidates.length)])
  }
  return chosen.slice(has.length)
}

function preference(
  chosen: readonly DataNode[],
  writersRack: number | null,
): (node: DataNode) => boolean {
  const [first, second] = chosen
  if (first === undefined) return ({ rack }) => rack === writersRack
  if (second === undefined) return ({ rack }) => rack !== first.rack
  if (chosen.length > 2) return () => true
  if (first.rack === second.rack) return ({ rack }) => rack !== first.rack
  return ({ rack }) => rack === second.rack
}

function countOn(chosen: readonly DataNode[], { rack }: DataNode): number {
  return chosen.reduce((count, node) => count + (node.rack === rack ? 1 : 0), 0)
}
