import type { Host, Protocol } from '../../src/kernel/process.js'
import { Attempts, succeeds } from '../../src/replication/endpoints/attempts.js'
import { DeferredOffsetEndpoint } from '../../src/replication/endpoints/deferred-offset-endpoint.js'
import { DirectEndpoint } from '../../src/replication/endpoints/direct-endpoint.js'
import { ObjectFile, ObjectFiles } from '../../src/replication/endpoints/object-files.js'
import { StagingArea } from '../../src/replication/endpoints/staging-area.js'
import { EndpointOffsetPersistence } from '../../src/replication/offset-persistence.js'
import type { ReplicationResult } from '../../src/replication/replication-endpoint.js'
import { Hdfs } from '../../src/storage/hdfs/hdfs.js'
import { HdfsOutputStream } from '../../src/storage/hdfs/hdfs-output-stream.js'
import { S3AFileSystem } from '../../src/storage/s3/s3a-file-system.js'
import { S3AOutputStream } from '../../src/storage/s3/s3a-output-stream.js'
import {
  CLAIM,
  type Code,
  DUPLICATE,
  INTERNAL_ERROR,
  LOST,
  MISSING,
  type Mistake,
  OUTAGE,
  PUTS,
  RS2_DIES,
  TWO_SERVERS,
} from './mistake.js'

const DIRECT = 'peers: { backup: { endpoint: direct, store: backup } }'
const STAGED = peer('staged-copy')
const REFRESH = `
operations:
  - { at: 10500 ms, do: update-peer-config, peer: backup, set: { bandwidth: 10 MB/s,
      configuration: { replication.source.nb.capacity: "1000" } } }`

/** What endpoints can do wrong with files and objects. */
export const endpointMistakes: readonly Mistake[] = [
  {
    name: 'a refused batch is taken for accepted',
    caughtBy: CLAIM,
    scenario: `${PUTS + DIRECT}\n${OUTAGE}`,
    make: (code) =>
      code.replace(
        DirectEndpoint.prototype,
        'replicate',
        function* (_, right, batch): Protocol<ReplicationResult> {
          yield* right(batch)
          return 'COMMITTED'
        },
      ),
  },
  {
    name: 'a batch that is tried again loses an extent',
    caughtBy: LOST,
    scenario: `${PUTS + DIRECT}\n${OUTAGE}`,
    make: (code) =>
      code.replace(Attempts.prototype, 'extentsOf', (_, right, batch) => {
        const extents = right(batch)
        return extents.some(({ resend }) => resend !== undefined) ? extents.slice(1) : extents
      }),
  },
  {
    name: 'a batch is accepted when its upload begins',
    caughtBy: CLAIM,
    scenario: PUTS + DIRECT,
    make: believeUploads,
  },
  {
    name: 'the staged twin is deleted before its object is visible',
    caughtBy: CLAIM,
    scenario: PUTS + peer('dual-write'),
    make: believeUploads,
  },
  {
    name: 'a staged file is deleted before it is copied',
    caughtBy: LOST,
    scenario: PUTS + STAGED,
    make: (code) =>
      code.replace(Hdfs.prototype, 'open', function* (hdfs, right, file, node) {
        const input = yield* right(file, node)
        yield* hdfs.delete(file)
        return input
      }),
  },
  {
    name: 'a copy that lacks pieces passes the verification',
    caughtBy: LOST,
    scenario: PUTS + STAGED,
    make: (code) => {
      let pieces = 0
      code.replace(ObjectFile.prototype, 'append', function* (_, right, extents) {
        if (++pieces % 2 === 0) yield* right(extents)
      })
      code.replace(ObjectFiles.prototype, 'verify', function* () {})
    },
  },
  {
    name: 'a staged edit is accepted before it is flushed',
    caughtBy: CLAIM,
    scenario: PUTS + peer('staged-copy', 'sync: hflush'),
    make: (code) => code.replace(HdfsOutputStream.prototype, 'hflush', function* () {}),
  },
  {
    name: 'a staged edit is accepted before it is on a disk',
    caughtBy: CLAIM,
    scenario: PUTS + STAGED,
    make: (code) => code.replace(HdfsOutputStream.prototype, 'hsync', (out) => out.hflush()),
  },
  {
    name: 'the finally of a flush that is killed closes its stream',
    caughtBy: INTERNAL_ERROR,
    // A batch is read at 11 s.
    scenario: `${PUTS + peer('staged-copy', 'sync: hflush')}
faults: [ { at: 11000300 us, kind: kill-region-server, server: rs2 } ]`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(HdfsOutputStream.prototype, 'hflush', function* (out, right) {
        let flushed = false
        try {
          yield* right()
          flushed = true
        } finally {
          if (!flushed) yield* out.close()
        }
      }),
  },
  {
    name: 'the files in staging that is taken over are forgotten',
    caughtBy: MISSING,
    scenario: `${PUTS + STAGED}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) => code.replace(StagingArea.prototype, 'scan', (_, right) => right(() => true)),
  },
  {
    name: 'a staged file is taken over without recovery of its lease, and looks empty',
    caughtBy: LOST,
    scenario: `${PUTS + STAGED}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(Hdfs.prototype, 'recoverLease', function* (_, right, file) {
        if (!file.path.startsWith('wal-backup-staging/')) return yield* right(file)
        file.change(() => {
          file.extents.length = 0
          file.bytesFlushed = 0
        })
        return true
      }),
  },
  {
    name: 'a source that ends does not say that its staging is free',
    caughtBy: MISSING,
    scenario: `${PUTS + STAGED}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) => code.replace(StagingArea.prototype, 'leave', function* () {}),
  },
  {
    name: 'a source that is created anew uses the names of objects again',
    caughtBy: LOST,
    scenario: PUTS + DIRECT + REFRESH,
    make: (code) =>
      code.replace(S3AFileSystem.prototype, 'create', (_, right, key, ordinal) =>
        right(key.replace('/rs1.2/', '/rs1/'), ordinal),
      ),
  },
  {
    name: 'the hflush of an S3A stream is believed',
    caughtBy: CLAIM,
    scenario: PUTS + peer('direct'),
    world: ['site["hbase.unsafe.stream.capability.enforce"]=false'],
    set: ['peers.backup.endpoint=unsafe-flush'],
  },
  {
    name: 'offsets are stored before the objects are closed',
    caughtBy: CLAIM,
    scenario: PUTS + peer('deferred-offset'),
    make: (code) =>
      code.replace(
        DeferredOffsetEndpoint.prototype,
        'beforePersistingReplicationOffset',
        function* () {},
      ),
  },
  {
    name: 'what is only submitted is committed (feature branch)',
    caughtBy: CLAIM,
    scenario: PUTS + peer('deferred-offset', 'form: feature-branch'),
    make: (code) =>
      code.replace(EndpointOffsetPersistence.prototype, 'taken', (_, right, batch) =>
        right(batch, 'COMMITTED'),
      ),
  },
  {
    name: 'HBASE-29441: the end of a WAL commits what is in open files',
    caughtBy: CLAIM,
    // All puts are read by 5 s; the reader meets the end of the file at 6 s.
    scenario: `
duration: 20 s
workload: [ { table: usertable, rate: 20/s, arrivals: periodic, valueSize: 1000 B, until: 4500 ms } ]
${peer('deferred-offset', 'form: feature-branch')}
operations: [ { at: 5500 ms, do: roll-wal, server: rs1 } ]`,
    set: ['unfixed=["HBASE-29441"]'],
  },
  {
    name: 'the cause of sending again is forgotten',
    caughtBy: DUPLICATE,
    scenario: `
duration: 20 s
workload:
  - { table: usertable, rate: 10/s, arrivals: periodic, valueSize: 1000 B }
  - { table: other, rate: 10/s, arrivals: periodic, valueSize: 1000 B }
peers: { backup: { endpoint: direct, store: backup, perTable: true } }
faults: [ { at: 2 s, for: 10 s, kind: store-errors, store: backup, rate: 0.3 } ]
`,
    world: ['tables={ usertable: { regions: 1 }, other: { regions: 1 } }'],
    make: (code) =>
      code.replace(S3AOutputStream.prototype, 'write', (_, right, { resend: _cause, ...extent }) =>
        right(extent),
      ),
  },
]

function peer(endpoint: string, ...options: string[]): string {
  const all = [`endpoint: ${endpoint}`, 'store: backup', 'flushInterval: 7 s', ...options]
  return `peers: { backup: { ${all.join(', ')} } }`
}

/** An object counts as closed before the store has it. */
function believeUploads(code: Code): void {
  const hosts = new WeakMap<S3AOutputStream, Host>()
  code.replace(S3AFileSystem.prototype, 'create', function* (fileSystem, right, key, ordinal) {
    const stream = yield* right(key, ordinal)
    hosts.set(stream, fileSystem.host)
    return stream
  })
  code.replace(ObjectFile.prototype, 'close', function* ({ stream }) {
    const { key, extents, bytesWritten: bytes } = stream
    hosts.get(stream)?.spawn('upload', succeeds(stream.close()))
    yield 0
    return { key, extents, bytes, createdAtUs: 0 }
  })
}
