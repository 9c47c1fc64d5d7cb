/** Regions in a row that have the same number of replicas. */
export interface ReplicatedRegions {
  /** Number of the first of them. */
  readonly first: number
  readonly count: number
  /** REGION_REPLICATION: the primary and its secondaries. */
  readonly replication: number
}

export interface ReplicaMapOptions {
  readonly regions: readonly ReplicatedRegions[]
  /** The number from which on secondaries have theirs: behind those of all primaries. */
  readonly firstSecondary: number
  readonly servers: number
  rackOf(server: number): number
  /** The server that has the primary when the run begins. */
  primaryServer(region: number): number
}

/** The costs of StochasticLoadBalancer for replicas of one region on one host and on one rack. */
const SAME_HOST_COST = 100_000
const SAME_RACK_COST = 10_000

/**
 * The secondary replicas of the cluster's regions. Each is a region with a number of its own, as it
 * is an HRegion with a name of its own in HBase; those of one table and replica id follow one another
 * in the order of their primaries.
 *
 * They are placed as a balancer leaves them in the end: not on a host, and if possible not on a
 * rack, that has another replica of the region; evenly over the servers that are left. With more
 * replicas than servers some share one.
 */
export class ReplicaMap {
  readonly firstSecondary: number
  readonly #primaries: number[] = []
  readonly #replicaIds: number[] = []
  readonly #servers: number[] = []
  readonly #replicas = new Map<number, number[]>()

  constructor(options: ReplicaMapOptions) {
    this.firstSecondary = options.firstSecondary
    const load = new Array<number>(options.servers).fill(0)
    for (const { first, count, replication } of options.regions) {
      for (let replicaId = 1; replicaId < replication; replicaId++) {
        for (let i = 0; i < count; i++) this.#add(first + i, replicaId, load, options)
      }
    }
  }

  /** How many numbers regions have, primaries and secondaries together. */
  get numbers(): number {
    return this.firstSecondary + this.#primaries.length
  }

  /** Numbers of all secondaries. */
  get secondaries(): number[] {
    return this.#primaries.map((_, i) => this.firstSecondary + i)
  }

  isSecondary(region: number): boolean {
    return region >= this.firstSecondary
  }

  /** The primary of a secondary; any other region itself. */
  primaryOf(region: number): number {
    return this.isSecondary(region) ? this.#primaries[region - this.firstSecondary] : region
  }

  /** 0 is the primary. */
  replicaIdOf(region: number): number {
    return this.isSecondary(region) ? this.#replicaIds[region - this.firstSecondary] : 0
  }

  /** All replicas of a primary by replica id, itself first. */
  replicasOf(primary: number): readonly number[] {
    return this.#replicas.get(primary) ?? [primary]
  }

  /** The secondaries that a server has when the run begins. */
  secondariesOn(server: number): number[] {
    return this.secondaries.filter((region) => this.serverOf(region) === server)
  }

  /** The server that has a secondary when the run begins. */
  serverOf(secondary: number): number {
    return this.#servers[secondary - this.firstSecondary]
  }

  #add(primary: number, replicaId: number, load: number[], options: ReplicaMapOptions): void {
    const replicas = this.#replicas.get(primary) ?? [primary]
    const taken = replicas.map((region) =>
      region === primary ? options.primaryServer(primary) : this.serverOf(region),
    )
    const server = cheapest(taken, load, options)
    load[server]++
    this.#replicas.set(primary, [...replicas, this.numbers])
    this.#primaries.push(primary)
    this.#replicaIds.push(replicaId)
    this.#servers.push(server)
  }
}

/** Of servers that cost the same, the one with the fewest secondaries behind the last taken. */
function cheapest(
  taken: readonly number[],
  load: readonly number[],
  { servers, rackOf }: ReplicaMapOptions,
): number {
  const after = (taken.at(-1) ?? 0) + 1
  let best = -1
  let bestCost = Number.POSITIVE_INFINITY
  for (let i = 0; i < servers; i++) {
    const server = (after + i) % servers
    const hosts = taken.filter((other) => other === server).length
    const racks = taken.filter((other) => rackOf(other) === rackOf(server)).length
    const cost = hosts * SAME_HOST_COST + racks * SAME_RACK_COST + load[server]
    if (cost >= bestCost) continue
    best = server
    bestCost = cost
  }
  return best
}
