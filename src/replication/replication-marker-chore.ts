import type { WalMarkers } from '../hbase/regionserver/wal-markers.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'

export interface ReplicationMarkerOptions {
  readonly scheduler: Pick<Scheduler, 'now'>
  readonly markers: Pick<WalMarkers, 'replicationMarker'>
  /** `hbase.regionserver.replication.marker.chore.duration` and the phase of the first run. */
  readonly periodUs: number
  readonly phaseUs: number
  /** No marker is written from then on, for a run that waits for replication would not end. */
  readonly untilUs: number
}

/** Key and empty value: row key of server and time, names of table, region and family. */
const MARKER_BYTES = 200

/**
 * ReplicationMarkerChore (HBASE-26913; in 2.6 and 3.0): writes an edit into the server's WAL every so
 * often, which replication ships whatever a peer wants, so that an idle server is seen to keep up.
 * With `multiwal` only one group gets it: the chore has one WAL, that of no region.
 */
export function* replicationMarkerChore(options: ReplicationMarkerOptions): Protocol {
  const { scheduler, markers, periodUs, phaseUs, untilUs } = options
  if (phaseUs > 0) yield phaseUs
  while (scheduler.now < untilUs) {
    yield* markers.replicationMarker(MARKER_BYTES)
    yield periodUs
  }
}
