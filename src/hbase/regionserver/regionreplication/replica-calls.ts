import type { IOFault } from '../../../storage/io-exception.js'
import type { ReplicaEntry } from '../../wal/replica-entry.js'
import type { Refusal } from '../refusal.js'

/** Why an attempt came to nothing, as far as its sender knows: after a timeout it may have happened. */
export type ReplicaCallFailure = Refusal | IOFault

/** The wire to the servers of secondary replicas (AdminService.replicateToReplica). */
export interface ReplicaCalls {
  /**
   * Makes one attempt at handing entries to a secondary replica, at the server that the sender takes
   * for its own.
   *
   * @param replica region number of the secondary
   * @param timeoutUs after which the attempt fails
   * @param done called exactly once, at a later event, with null when the secondary has replayed
   *   all entries
   */
  call(
    replica: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void
}
