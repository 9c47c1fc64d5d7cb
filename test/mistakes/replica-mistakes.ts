import { RegionReplicationFlushRequester } from '../../src/hbase/regionserver/regionreplication/region-replication-flush-requester.js'
import { RegionReplicationSink } from '../../src/hbase/regionserver/regionreplication/region-replication-sink.js'
import { ReplicaRpc } from '../../src/hbase/regionserver/regionreplication/replica-rpc.js'
import { SecondaryMemstore } from '../../src/hbase/regionserver/secondary-memstore.js'
import { SecondaryRegion } from '../../src/hbase/regionserver/secondary-region.js'
import { SecondaryState } from '../../src/hbase/regionserver/secondary-state.js'
import { SecondaryStore } from '../../src/hbase/regionserver/secondary-store.js'
import { StoreFilesRefresh } from '../../src/hbase/regionserver/store-files-refresh.js'
import { ReplicaTracker } from '../../src/measure/replica-tracker.js'
import { S } from '../simulation/replicated-run.js'
import type { Code } from './mistake.js'
import {
  MEMORY_BY_HAND,
  NEVER_LESS,
  NO_GAP,
  type ReplicaWorld,
  SETTLED,
  SHOWN,
  STALENESS_BY_HAND,
} from './replica-checks.js'

/** A bug that somebody could write, a world in which it does harm, and who finds it out. */
export interface ReplicaMistake {
  readonly name: string
  readonly caughtBy: string
  readonly world: ReplicaWorld
  readonly make: (code: Code) => void
}

/** 20 puts of 1,000 B a second for 30 s to the only region, flushed every 5 s, which takes 0.5 s. */
const FLUSHED = flushed(30)

function flushed(durationS: number): string {
  const times = Array.from({ length: durationS / 5 }, (_, i) => 5 * (i + 1) - (i + 1) / 100)
  return `
duration: ${durationS} s
warmup: 10 s
workload: [ { table: usertable, rate: 20/s, arrivals: periodic, valueSize: 1000 B } ]
operations:
${times.map((at) => `  - { at: ${at} s, do: flush, table: usertable }`).join('\n')}
`
}

const TABLE =
  'tables={ usertable: { regions: 1, regionReplication: 3, families: { a: 0.5, b: 0.5 } } }'
const REPLICATED = 'site["hbase.region.replica.replication.enabled"]=true'
const NO_PERIODIC_FLUSH = 'site["hbase.regionserver.optionalcacheflushinterval"]=0'
const BASE = [TABLE, NO_PERIODIC_FLUSH, 'cluster.hdfs.finalize=500 ms', REPLICATED]

/** At most 5.5 s of edits of two cells each, and a second of late markers. */
const MAX_BYTES = 6.6 * 20 * 1208
const V3: ReplicaWorld = {
  scenario: FLUSHED,
  set: [...BASE, 'hbase="3.0"'],
  maxMemstoreBytes: MAX_BYTES,
}
const V2: ReplicaWorld = {
  scenario: FLUSHED,
  set: [...BASE, 'hbase="2.6"'],
  maxMemstoreBytes: MAX_BYTES,
}

/** For 10 s calls to the server of one secondary come later than anybody waits. */
const LATE = 'faults: [ { at: 11 s, for: 10 s, kind: delay-rpc, server: rs2, delay: 20 s } ]'
/** The secondary fails; family a is flushed by itself, and nothing after it. */
const PARTLY_FLUSHED: ReplicaWorld = {
  scenario: `
duration: 30 s
workload: [ { table: usertable, rate: 20/s, arrivals: periodic, valueSize: 1000 B, until: 29 s } ]
${LATE}
`,
  set: [
    'tables={ usertable: { regions: 1, regionReplication: 3, families: { a: 0.9, b: 0.1 } } }',
    'site["hbase.hregion.memstore.flush.size"]=100000',
    'site["hbase.hregion.percolumnfamilyflush.size.lower.bound.min"]=50000',
    NO_PERIODIC_FLUSH,
    REPLICATED,
    'hbase="3.0"',
  ],
}
const FAILING: ReplicaWorld = { scenario: PARTLY_FLUSHED.scenario, set: V3.set }
const FAILING_2X: ReplicaWorld = { ...FAILING, set: V2.set, hasGaps: false }
/** At 12 s both secondaries are closed and opened elsewhere. */
const REOPENED: ReplicaWorld = {
  ...FAILING,
  scenario: PARTLY_FLUSHED.scenario.replace(LATE, ''),
  acts: [
    [
      12 * S,
      ({ run: { cluster } }) => {
        for (const region of cluster.map.replicas.secondaries) {
          cluster.master.host.spawn('reopen', cluster.master.move(region, null))
        }
      },
    ],
  ],
}
/** F = 5 s, P = 0.7 s, d = 0.5137 s: F/2 + d + P/2 = 3.36 s, all of it 0.5 s later than it was sent. */
const REFRESHED: ReplicaWorld = {
  scenario: flushed(60),
  set: [
    TABLE,
    'site["hbase.regionserver.storefile.refresh.period"]=700',
    'cluster.hdfs.finalize=500 ms',
    'cluster.network=500 ms',
  ],
  stalenessS: [3.2, 3.52],
  isCaughtUp: false,
}
/** The same, and the last flush comes when all is written. */
const ALL_FLUSHED: ReplicaWorld = {
  scenario: REFRESHED.scenario.replace('valueSize: 1000 B', 'valueSize: 1000 B, until: 50 s'),
  set: REFRESHED.set,
}

export const replicaMistakes: readonly ReplicaMistake[] = [
  {
    name: 'with a snapshot goes what was written after it',
    caughtBy: NEVER_LESS,
    world: V3,
    make: (code) =>
      code.replace(SecondaryState.prototype, 'dropPreparedSnapshot', (state, right, family) => {
        right(family)
        state.memstore.drop(family)
      }),
  },
  {
    name: 'the COMMIT of a flush leaves its snapshot in memory',
    caughtBy: MEMORY_BY_HAND,
    world: V3,
    make: (code) => code.replace(SecondaryMemstore.prototype, 'dropSnapshot', () => {}),
  },
  {
    name: 'the START of a flush takes no snapshot',
    caughtBy: MEMORY_BY_HAND,
    world: V2,
    make: (code) =>
      code.replace(SecondaryState.prototype, 'prepareFlush', (state, _, id, families) => {
        state.prepared = { flushOpSeqId: id, families: new Set(families) }
      }),
  },
  {
    name: 'a secondary applies edits twice',
    caughtBy: MEMORY_BY_HAND,
    world: V3,
    make: (code) =>
      code.replace(SecondaryState.prototype, 'apply', (_, right, ...edits) => {
        right(...edits)
        right(...edits)
      }),
  },
  {
    name: 'entries of a batch are replayed from the last to the first',
    caughtBy: SETTLED,
    world: FAILING,
    make: (code) =>
      code.replace(ReplicaRpc.prototype, 'entriesOf', (_, right, call) => right(call).toReversed()),
  },
  {
    name: 'a failed replica is taken for whole when one family is flushed',
    caughtBy: SETTLED,
    world: PARTLY_FLUSHED,
    make: (code) =>
      code.replace(RegionReplicationSink.prototype, 'add', (_, right, entry) => {
        const { marker } = entry
        if (marker?.kind !== 'START_FLUSH') right(entry)
        else right({ ...entry, marker: { ...marker, isFull: true } })
      }),
  },
  {
    name: 'nobody asks for a flush when a replica has failed',
    caughtBy: SETTLED,
    world: FAILING,
    make: (code) =>
      code.replace(RegionReplicationFlushRequester.prototype, 'requestFlush', () => {}),
  },
  {
    name: 'a batch of HBase 2 ends after a second, taken or not',
    caughtBy: NO_GAP,
    world: FAILING_2X,
    make: (code) =>
      code.replace(ReplicaRpc.prototype, 'call', (_, right, region, entries, timeoutUs, done) =>
        right(region, entries, Math.min(S, timeoutUs), () => done(null)),
      ),
  },
  {
    name: 'a secondary answers reads before its primary is flushed',
    caughtBy: NEVER_LESS,
    world: REOPENED,
    make: (code) => code.replace(SecondaryRegion.prototype, 'open', (_, right) => right(true)),
  },
  {
    name: 'a refresh looks at the first family alone',
    caughtBy: SHOWN,
    world: ALL_FLUSHED,
    make: (code) =>
      code.replace(StoreFilesRefresh.prototype, 'refresh', (_, right, family) => {
        if (family === 0) right(family)
      }),
  },
  {
    name: 'a refresh takes the oldest file for compacted',
    caughtBy: SHOWN,
    world: ALL_FLUSHED,
    make: (code) =>
      code.replace(SecondaryStore.prototype, 'set', (_, right, files) => right(files.slice(1))),
  },
  {
    name: 'staleness is counted from when an edit is visible, not from its acknowledgement',
    caughtBy: STALENESS_BY_HAND,
    world: REFRESHED,
    make: (code) =>
      code.replace(ReplicaTracker.prototype, 'edit', (_, right, region, id, __, timeUs) =>
        right(region, id, timeUs, timeUs),
      ),
  },
]
