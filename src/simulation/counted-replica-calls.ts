import type {
  ReplicaCallFailure,
  ReplicaCalls,
} from '../hbase/regionserver/regionreplication/replica-calls.js'
import type { ReplicaEntry } from '../hbase/wal/replica-entry.js'
import type {
  ReplicaTraffic,
  TrafficToReplica,
} from '../replication/endpoints/region-replica/replica-traffic.js'

/** Calls of the sinks of HBase 3, counted; the endpoint of HBase 2 counts its own. */
export class CountedReplicaCalls implements ReplicaCalls {
  constructor(
    private readonly calls: ReplicaCalls,
    private readonly traffic: ReplicaTraffic,
  ) {}

  call(
    replica: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void {
    this.traffic.sent(replica)
    this.calls.call(replica, entries, timeoutUs, (failure) => {
      if (failure === null) this.traffic.delivered(replica, entries)
      else this.traffic.failed(replica)
      done(failure)
    })
  }
}

/** What went to these replicas together. */
export function trafficTo(traffic: ReplicaTraffic, replicas: readonly number[]): TrafficToReplica {
  const total = { rpcs: 0, failedRpcs: 0, edits: 0, bytes: 0, markers: 0, duplicateEdits: 0 }
  for (const replica of replicas) {
    const one = traffic.to(replica)
    total.rpcs += one.rpcs
    total.failedRpcs += one.failedRpcs
    total.edits += one.edits
    total.bytes += one.bytes
    total.markers += one.markers
    total.duplicateEdits += one.duplicateEdits
  }
  return total
}
