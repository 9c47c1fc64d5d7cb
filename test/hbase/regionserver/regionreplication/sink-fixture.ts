import { AsyncRegionReplicationRetryingCaller } from '../../../../src/hbase/regionserver/regionreplication/async-region-replication-retrying-caller.js'
import { HashedWheelTimer } from '../../../../src/hbase/regionserver/regionreplication/hashed-wheel-timer.js'
import { RegionReplicationBufferManager } from '../../../../src/hbase/regionserver/regionreplication/region-replication-buffer-manager.js'
import { FLUSH_REQUEST_TICK_US } from '../../../../src/hbase/regionserver/regionreplication/region-replication-flush-requester.js'
import {
  type RegionReplicationSettings,
  regionReplicationSettings,
} from '../../../../src/hbase/regionserver/regionreplication/region-replication-settings.js'
import {
  type DropReason,
  RegionReplicationSink,
  type RegionReplicationSinkOptions,
} from '../../../../src/hbase/regionserver/regionreplication/region-replication-sink.js'
import type { ReplicaCalls } from '../../../../src/hbase/regionserver/regionreplication/replica-calls.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'
import { Configuration } from '../../../../src/storage/configuration.js'
import { CallsByHand } from './calls-by-hand.js'

export const SECOND = 1_000_000

/** Where nothing is tried again, a call is what HBase's tests count: a replicate. */
export const ONE_ATTEMPT: Partial<RegionReplicationSettings> = { retries: 0 }

/** A server's side of region replication, on a wire of the test's own. */
export function sinkFixture(
  settings: Partial<RegionReplicationSettings> = ONE_ATTEMPT,
  options: Partial<RegionReplicationSinkOptions> = {},
) {
  const scheduler = new Scheduler()
  const calls = new CallsByHand(scheduler)
  return { scheduler, calls, ...serverFixture(scheduler, calls, settings, options) }
}

/** The same on any wire; its sink has two secondaries unless told otherwise. */
export function serverFixture(
  scheduler: Scheduler,
  calls: ReplicaCalls,
  settings: Partial<RegionReplicationSettings>,
  options: Partial<RegionReplicationSinkOptions>,
) {
  const all = { ...regionReplicationSettings(new Configuration()), ...settings }
  const flushes: number[] = []
  const pressureFlushes: { primary: number; ended: () => void }[] = []
  const dropped: { replica: number | null; ids: number[]; reason: DropReason }[] = []
  const bufferManager = new RegionReplicationBufferManager({
    scheduler,
    maxPendingBytes: all.maxPendingBytes,
    softPendingBytes: all.softPendingBytes,
    flush: (primary, ended) => pressureFlushes.push({ primary, ended }),
  })
  const caller = new AsyncRegionReplicationRetryingCaller({
    scheduler,
    calls,
    pauseUs: 100_000,
    pauseServerOverloadedUs: 500_000,
    jitter: () => 0.5,
  })
  const timer = new HashedWheelTimer(scheduler, FLUSH_REQUEST_TICK_US)
  const newSink = (more: Partial<RegionReplicationSinkOptions> = {}) =>
    new RegionReplicationSink({
      primary: 0,
      replicas: [1, 2],
      memstoreReplication: true,
      settings: all,
      scheduler,
      timer,
      bufferManager,
      caller,
      requestFlush: () => flushes.push(scheduler.now),
      onDropped: (replica, entries, reason) =>
        dropped.push({ replica, ids: entries.map(({ sequenceId }) => sequenceId), reason }),
      ...options,
      ...more,
    })
  return {
    bufferManager,
    sink: newSink(),
    newSink,
    /** When the sinks asked for a flush. */
    flushes,
    /** Flushes that the buffer manager asked for. */
    pressureFlushes,
    dropped,
  }
}
