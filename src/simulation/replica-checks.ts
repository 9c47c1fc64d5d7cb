import type { SecondaryRegion } from '../hbase/regionserver/secondary-region.js'
import type { Cluster } from './cluster.js'
import type { InvariantName } from './invariants.js'
import type { ClusterReplicas } from './region-replicas.js'
import type { Verdict } from './result.js'

/** Looks at every flush, and now and then, whether secondary replicas are what their primaries have been. */
export class ReplicaChecks {
  /** Bytes of secondaries' memstores that no family accounts for. */
  unaccountedBytes = 0
  /** Secondaries with an edit that their primary has never had. */
  ahead = 0
  /** Secondaries that lack an edit which is in every one of their files' ranges. */
  incomplete = 0

  constructor(private readonly cluster: Cluster) {
    const { replicas } = cluster
    if (replicas !== null) replicas.onFlushed = (region) => this.#check(replicas, region)
  }

  /** At this instant, when all that is lazy is up to now. */
  look(): void {
    const { replicas, locations } = this.cluster
    if (replicas === null) return
    for (const region of replicas.secondaries) {
      if (locations.serverOf(region) !== null) this.#check(replicas, region)
    }
  }

  #check(replicas: ClusterReplicas, region: number): void {
    const { map, files } = this.cluster
    const secondary = replicas.secondary(region)
    this.unaccountedBytes += Math.abs(secondary.heapBytes - secondary.accountedBytes)
    const last = files.memstores.lastSequenceId(map.replicas.primaryOf(region))
    if (secondary.readPoint > last) this.ahead++
    if (!hasAllOfItsFiles(secondary)) this.incomplete++
  }

  /** By name; none if no region has replicas. */
  invariants(): Partial<Record<InvariantName, Verdict>> {
    const { replicas } = this.cluster
    if (replicas === null) return {}
    this.look()
    return {
      'a secondary holds nothing that its primary has never had': verdict(this.ahead === 0),
      'memstores of secondaries come to the bytes of the edits in them': verdict(
        this.unaccountedBytes === 0,
      ),
      'a secondary shows every edit up to the end of its files': verdict(this.incomplete === 0),
    }
  }

  /**
   * Undecided while nobody sends edits, or the run ended before all were sent; and of secondaries that
   * HBase 2 leaves for ever in a memstore that is full, and with them all that wait behind them.
   */
  settled(isOver: boolean): Verdict {
    const { replicas } = this.cluster
    if (replicas === null || !isOver) return 'undecided'
    const lacking = replicas.lacking()
    if (lacking.length === 0) return 'held'
    return lacking.some((region) => replicas.refusesEdits(region)) ? 'undecided' : 'violated'
  }
}

/** Files come whole, so what they end with is there from the begin. */
function hasAllOfItsFiles(secondary: SecondaryRegion): boolean {
  for (let family = 0; family < secondary.families; family++) {
    const files = secondary.files(family)
    for (const { minSequenceId, maxSequenceId, bulkLoaded } of files) {
      if (bulkLoaded || maxSequenceId < 1) continue
      const after = Math.max(0, minSequenceId - 1)
      const until = Math.min(maxSequenceId, secondary.readPoint)
      if (until > after && !secondary.readableIn(family, after, until)) return false
    }
  }
  return true
}

function verdict(held: boolean): Verdict {
  return held ? 'held' : 'violated'
}
