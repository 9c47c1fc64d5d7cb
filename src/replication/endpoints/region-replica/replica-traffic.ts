import type { ReplicaEntry } from '../../../hbase/wal/replica-entry.js'
import { IntervalSet } from '../../../kernel/interval-set.js'

/** What went to one secondary replica. */
export interface TrafficToReplica {
  /** Attempts at handing entries over. */
  rpcs: number
  failedRpcs: number
  /** Edits that the replica has taken, and their bytes, those that it had before included. */
  edits: number
  bytes: number
  markers: number
  /** Edits that it had taken before: of a batch sent again, a claimed queue, a source begun anew. */
  duplicateEdits: number
}

/** Counts what the sources of a cluster send to secondary replicas. */
export class ReplicaTraffic {
  /** Entries of tables without memstore replication, or of disabled ones. */
  skippedEdits = 0
  readonly #replicas = new Map<number, TrafficToReplica>()
  /** Sequence ids by replica. */
  readonly #taken = new Map<number, IntervalSet>()

  to(replica: number): Readonly<TrafficToReplica> {
    return this.#of(replica)
  }

  sent(replica: number): void {
    this.#of(replica).rpcs++
  }

  failed(replica: number): void {
    this.#of(replica).failedRpcs++
  }

  /** The replica has taken them. */
  delivered(replica: number, entries: readonly ReplicaEntry[]): void {
    const traffic = this.#of(replica)
    const taken = this.#takenBy(replica)
    for (const { after, firstSequenceId, sequenceId, bytes, edits, marker } of entries) {
      if (marker !== null) traffic.markers++
      const before = taken.countIn(firstSequenceId, sequenceId + 1)
      traffic.duplicateEdits += Math.min(edits, before)
      traffic.edits += edits
      traffic.bytes += bytes
      // Ids of no edit count as taken, too, so that there are few intervals.
      taken.add(after + 1, sequenceId + 1)
    }
  }

  #of(replica: number): TrafficToReplica {
    let traffic = this.#replicas.get(replica)
    if (traffic === undefined) {
      traffic = { rpcs: 0, failedRpcs: 0, edits: 0, bytes: 0, markers: 0, duplicateEdits: 0 }
      this.#replicas.set(replica, traffic)
    }
    return traffic
  }

  #takenBy(replica: number): IntervalSet {
    const taken = this.#taken.get(replica) ?? new IntervalSet()
    this.#taken.set(replica, taken)
    return taken
  }
}
