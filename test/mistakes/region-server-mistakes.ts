import { HStore } from '../../src/hbase/regionserver/h-store.js'
import { HFileIo } from '../../src/hbase/regionserver/hfile-io.js'
import { Memstores } from '../../src/hbase/regionserver/memstores.js'
import { RecoveredEdits } from '../../src/hbase/regionserver/recovered-edits.js'
import { DroppedSnapshotException, RegionFlush } from '../../src/hbase/regionserver/region-flush.js'
import { RegionOperations } from '../../src/hbase/regionserver/region-operations.js'
import { RegionServer } from '../../src/hbase/regionserver/region-server.js'
import { WritePath } from '../../src/hbase/regionserver/write-path.js'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { SequenceIdAccounting } from '../../src/hbase/wal/sequence-id-accounting.js'
import { Host } from '../../src/kernel/process.js'
import { IOException } from '../../src/storage/io-exception.js'
import {
  ARCHIVE,
  CONSERVED,
  type Code,
  KEPT,
  MEMORY,
  type Mistake,
  ONE_SERVER,
  ORDER,
  PROMISE,
  PUTS,
  RS2_DIES,
  TWO_SERVERS,
} from './mistake.js'

/** Each region is flushed every 2.5 s. */
const FLUSHES = ['site["hbase.hregion.memstore.flush.size"]=50000']
const ROLLS = [
  'site["hbase.regionserver.logroll.period"]=3000',
  'site["hbase.server.thread.wakefrequency"]=1000',
]
const REPORTS = 'site["hbase.regionserver.msginterval"]=1000'

/** What can be wrong with flushes, WALs, HFiles and regions that go from server to server. */
export const regionServerMistakes: readonly Mistake[] = [
  {
    name: 'a WAL is archived while its edits are being flushed',
    caughtBy: ARCHIVE,
    scenario: PUTS,
    world: [...FLUSHES, ...ROLLS, 'cluster.hdfs.pipelineSetup=1 s'],
    make: (code) =>
      code.replace(
        SequenceIdAccounting.prototype,
        'startCacheFlush',
        (accounting, right, ...of) => {
          const left = right(...of)
          accounting.completeCacheFlush(of[0])
          return left
        },
      ),
  },
  {
    name: 'a flush of one family counts for all of them in the books of the WAL',
    caughtBy: ARCHIVE,
    scenario: PUTS,
    world: [
      ...FLUSHES,
      ...ROLLS,
      'tables={ usertable: { regions: 1, families: { a: 0.9, b: 0.1 } } }',
      'site["hbase.hregion.percolumnfamilyflush.size.lower.bound.min"]=20000',
    ],
    make: (code) =>
      code.replace(SequenceIdAccounting.prototype, 'startCacheFlush', (_, right, region) =>
        right(region, [0, 1]),
      ),
  },
  {
    name: 'a snapshot is taken without the lock',
    caughtBy: ORDER,
    scenario: PUTS,
    world: [...FLUSHES, 'cluster.hdfs.hflush=200 ms'],
    make: (code) => {
      code.replace(WritePath.prototype, 'lockUpdates', function* () {})
      code.replace(WritePath.prototype, 'unlockUpdates', () => {})
    },
  },
  {
    name: 'the sequence ids of a region go back',
    caughtBy: ORDER,
    scenario: PUTS,
    make: (code) =>
      code.replace(Memstores.prototype, 'beginSequenceId', (_, right, region) => {
        const id = right(region)
        return id > 200 ? id - 100 : id
      }),
  },
  {
    name: 'a server reports edits as flushed that are in memory',
    caughtBy: PROMISE,
    scenario: `${PUTS}\n${RS2_DIES}`,
    world: [TWO_SERVERS, ...FLUSHES, REPORTS],
    make: (code) =>
      code.replace(Memstores.prototype, 'flushedSequenceIdOf', (memstores, _, region) =>
        memstores.lastSequenceId(region),
      ),
  },
  {
    name: 'a replay begins behind its first edits',
    caughtBy: KEPT,
    scenario: `${PUTS}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(RecoveredEdits.prototype, 'add', (_, right, file) => {
        const families = file.families.map((range) => {
          return { ...range, minSequenceId: range.minSequenceId + 5 }
        })
        right({ ...file, families })
      }),
  },
  {
    name: 'recovered.edits are removed when a server has found them',
    caughtBy: KEPT,
    scenario: `${PUTS}\n${RS2_DIES}`,
    world: [TWO_SERVERS],
    make: (code) =>
      code.replace(RecoveredEdits.prototype, 'filesOf', (recovered, right, region) => {
        const files = right(region)
        recovered.removeAll(region)
        return files
      }),
  },
  {
    name: 'regions open before the WALs of their dead server are split',
    caughtBy: KEPT,
    scenario: `${PUTS}\n${RS2_DIES}`,
    world: [TWO_SERVERS, 'cluster.walSplit=10 kB/s'],
    make: (code) =>
      code.replace(Host.prototype, 'spawn', (_, right, name, protocol) => {
        const process = right(name, protocol)
        return name === 'SplitWALProcedure' ? right('nothing', nothing()) : process
      }),
  },
  {
    name: 'a flush is committed although its HFile is still in .tmp',
    caughtBy: PROMISE,
    scenario: `${PUTS}\n${RS2_DIES}`,
    world: [TWO_SERVERS, ...FLUSHES],
    make: (code) => code.replace(HFileIo.prototype, 'commit', nothing),
  },
  {
    name: 'the snapshot of a flush that failed is dropped, and the server goes on',
    caughtBy: KEPT,
    scenario: PUTS,
    world: [...FLUSHES, 'site["hbase.hstore.flush.retries.number"]=1'],
    make: dropSnapshot,
  },
  {
    name: 'the server is not told that a flush has freed memory',
    caughtBy: MEMORY,
    scenario: PUTS,
    world: FLUSHES,
    make: (code) => code.replace(WritePath.prototype, 'memstoreFreed', () => {}),
  },
  {
    name: 'a compaction loses one of its files',
    caughtBy: CONSERVED,
    scenario: PUTS,
    world: FLUSHES,
    make: (code) =>
      code.replace(HStore.prototype, 'replace', (_, right, inputs, outputs) => {
        const lost = inputs[0]?.bytes ?? 0
        right(
          inputs,
          outputs.map((output) => ({ ...output, bytes: output.bytes - lost })),
        )
      }),
  },
  {
    name: 'the files of a compaction are deleted before its output is there',
    caughtBy: KEPT,
    scenario: PUTS,
    world: FLUSHES,
    make: (code) =>
      code.replace(HStore.prototype, 'startCompaction', (_, right, request) => {
        right(request)
        for (const { file } of request.files) file?.remove()
      }),
  },
  {
    name: 'a server still serves a region that has moved',
    caughtBy: ONE_SERVER,
    scenario: `${PUTS}
operations: [ { at: 10 s, do: move, table: usertable, region: 0, server: rs1 } ]`,
    world: [TWO_SERVERS],
    make: (code) => code.replace(RegionOperations.prototype, 'close', () => {}),
  },
  {
    name: 'a server that stops closes none of its regions',
    caughtBy: ARCHIVE,
    scenario: `${PUTS}
faults: [ { at: 10020 ms, kind: stop-region-server, server: rs2 } ]`,
    world: [TWO_SERVERS],
    make: (code) => code.replace(WritePath.prototype, 'serves', () => false),
  },
  {
    name: 'a marker is taken for an edit',
    caughtBy: CONSERVED,
    scenario: PUTS,
    world: FLUSHES,
    make: (code) =>
      code.replace(EditLog.prototype, 'appendMarker', (log, _, writtenUs, region, id, bytes) => {
        const edit = log.append(writtenUs, region, id, bytes, -1)
        log.acknowledge(edit, writtenUs)
        return edit
      }),
  },
]

function dropSnapshot(code: Code): void {
  let files = 0
  code.replace(HFileIo.prototype, 'writeTmp', function* (_, right, ...of) {
    if (files++ === 0) throw new IOException('pipeline', 'the HFile cannot be written')
    return yield* right(...of)
  })
  let drop = () => {}
  code.replace(Memstores.prototype, 'snapshot', (memstores, right, region, families) => {
    drop = () => memstores.commit(region, 0)
    right(region, families)
  })
  code.replace(RegionServer.prototype, 'abort', () => {})
  code.replace(RegionFlush.prototype, 'flush', function* (flushes, right, ...of) {
    try {
      return yield* right(...of)
    } catch (error) {
      if (!(error instanceof DroppedSnapshotException)) throw error
      drop()
      flushes.open(of[0], 0)
      return { result: 'CANNOT_FLUSH' as const, reason: error.message }
    }
  })
}

function* nothing() {}
