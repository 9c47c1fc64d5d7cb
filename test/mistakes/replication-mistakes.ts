import { Progress, progressOf } from '../../src/hbase/progress.js'
import { RegionServer } from '../../src/hbase/regionserver/region-server.js'
import { EventStream } from '../../src/kernel/event-stream.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import { SourceOffsets } from '../../src/replication/source-offsets.js'
import { StoredQueues } from '../../src/replication/stored-queues.js'
import { WALEntryStream } from '../../src/replication/wal-entry-stream.js'
import { ZKReplicationQueueStorage } from '../../src/replication/zk-replication-queue-storage.js'
import { Replication } from '../../src/simulation/replication.js'
import { StreamBytes } from '../../src/storage/s3/byte-account.js'
import {
  BUFFER,
  CLAIM,
  CONSERVED,
  DUPLICATE,
  LOST,
  MISSING,
  type Mistake,
  ONE_OWNER,
  OUTAGE,
  PUTS,
  RS2_DIES,
  TWO_SERVERS,
} from './mistake.js'

const DIRECT = 'peers: { backup: { endpoint: direct, store: backup } }'
const ROLLS = [
  'site["hbase.regionserver.logroll.period"]=3000',
  'site["hbase.server.thread.wakefrequency"]=1000',
]
/** WALs are archived and deleted within seconds of their roll. */
const CLEANING = [
  ...ROLLS,
  'site["hbase.hregion.memstore.flush.size"]=5000',
  'site["hbase.master.logcleaner.ttl"]=100',
  'site["hbase.master.cleaner.interval"]=1000',
]

/** What sources, queues and the books about them can have wrong. */
export const replicationMistakes: readonly Mistake[] = [
  {
    name: 'the offset that is stored is one entry ahead',
    caughtBy: CLAIM,
    scenario: PUTS + DIRECT,
    make: (code) =>
      code.replace(SourceOffsets.prototype, 'store', (_, right, batch) =>
        right({ ...batch, toPosition: Math.min(batch.toPosition + 1, batch.wal.entries) }),
      ),
  },
  {
    name: 'a reader begins each further WAL behind its first entry',
    caughtBy: LOST,
    scenario: PUTS + DIRECT,
    world: ROLLS,
    make: (code) =>
      code.replace(WALEntryStream.prototype, 'reset', (_, right, position) => right(position + 1)),
  },
  {
    name: 'the cleaner does not ask whether a peer has passed a WAL',
    caughtBy: LOST,
    scenario: `${PUTS + DIRECT}\n${OUTAGE}`,
    world: CLEANING,
    make: (code) => code.replace(Replication.prototype, 'preCleanLogs', () => () => true),
  },
  {
    name: 'WALs of a dead server are deleted once they are split',
    caughtBy: LOST,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(RegionServer.prototype, 'splitDone', (server, right) => {
        right()
        for (const wal of server.oldWals.slice()) server.deleteOldWal(wal)
      }),
  },
  {
    name: 'WALs of a dead server are not archived',
    caughtBy: MISSING,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) => code.replace(RegionServer.prototype, 'splitDone', () => {}),
  },
  {
    name: 'a claim leaves the queue with its former owner too',
    caughtBy: ONE_OWNER,
    scenario: `${PUTS + DIRECT}
drain: 30 s
faults:
  - { at: 10 s, for: 12 s, kind: store-outage, store: backup, as: refuse }
  - { at: 10020 ms, kind: kill-region-server, server: rs3 }
`,
    world: ['cluster.regionServers=3'],
    make: (code) =>
      code.replace(StoredQueues.prototype, 'move', (queues, _, from, to) => {
        const { offsets, wals } = queues.ensure(from)
        const copy = queues.ensure(to)
        copy.wals.push(...wals)
        for (const [group, offset] of offsets) copy.offsets.set(group, offset)
        return true
      }),
  },
  {
    name: 'a claimed queue is removed before it is drained',
    caughtBy: LOST,
    scenario: `${PUTS + DIRECT}
drain: 5 min
faults:
  - { at: 10 s, for: 10 s, kind: store-outage, store: backup, as: refuse }
  - { at: 10020 ms, kind: kill-region-server, server: rs2 }
`,
    world: [TWO_SERVERS, ...CLEANING],
    make: (code) =>
      code.replace(ZKReplicationQueueStorage.prototype, 'claimQueue', function* (zk, right, ...of) {
        const claimed = yield* right(...of)
        if (claimed !== null) yield* zk.removeQueue(claimed)
        return claimed
      }),
  },
  {
    name: 'the source of a claimed queue begins at the end of its file',
    caughtBy: LOST,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(SourceOffsets.prototype, 'startPosition', (_, right, head) =>
        head.beingWritten ? right(head) : head.entries,
      ),
  },
  {
    name: 'edits that a filter has passed over are told as accepted',
    caughtBy: CLAIM,
    scenario: `
duration: 20 s
workload:
  - { table: usertable, rate: 10/s, arrivals: periodic, valueSize: 1000 B }
  - { table: other, rate: 10/s, arrivals: periodic, valueSize: 1000 B }
${DIRECT}
operations:
  - { at: 10500 ms, do: update-peer-config, peer: backup, set: { tables: [ usertable ] } }
`,
    world: ['tables={ usertable: { regions: 1 }, other: { regions: 1 } }'],
    make: (code) =>
      code.replace(EventStream.prototype, 'progress', (_, right, kind, ...range) => {
        const filtered = progressOf(kind) === Progress.filtered
        right(filtered ? kind - Progress.filtered + Progress.accepted : kind, ...range)
      }),
  },
  {
    name: 'what is in an open object counts as stored',
    caughtBy: DUPLICATE,
    scenario: `${PUTS}peers: { backup: { endpoint: deferred-offset, store: backup, flushInterval: 7 s } }`,
    make: (code) =>
      code.replace(PeerLedger.prototype, 'streamWatcher', (ledger, right, server) => ({
        ...right(server),
        changed: ({ extents }) => ledger.stored({ key: '', extents, bytes: 0, createdAtUs: 0 }),
      })),
  },
  {
    name: 'bytes of a stream are counted twice',
    caughtBy: CONSERVED,
    scenario: PUTS + DIRECT,
    make: (code) =>
      code.replace(StreamBytes.prototype, 'write', (_, right, bytes) => {
        right(bytes)
        right(bytes)
      }),
  },
  {
    name: 'what is shipped is not given back to the buffer',
    caughtBy: BUFFER,
    scenario: PUTS + DIRECT,
    make: (code) => code.replace(BufferQuota.prototype, 'release', () => {}),
  },
  {
    name: 'HBASE-28620: a source that ends keeps its share of the buffer',
    caughtBy: BUFFER,
    scenario: `${PUTS + DIRECT}\n${OUTAGE}
operations: [ { at: 7500 ms, do: disable-peer, peer: backup }, { at: 12 s, do: enable-peer, peer: backup } ]`,
    set: ['unfixed=["HBASE-28620"]'],
  },
]
