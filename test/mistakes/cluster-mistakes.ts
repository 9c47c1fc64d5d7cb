import { RpcRetryingCaller } from '../../src/hbase/client/rpc-retrying-caller.js'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { SequenceIdAccounting } from '../../src/hbase/wal/sequence-id-accounting.js'
import { Wal } from '../../src/hbase/wal/wal.js'
import {
  CONSERVED,
  DUPLICATE,
  type Mistake,
  PROMISE,
  PUTS,
  RS2_DIES,
  TWO_SERVERS,
} from './mistake.js'

const DIRECT = 'peers: { backup: { endpoint: direct, store: backup } }'

/** What region servers and clients can do wrong with writes. */
export const clusterMistakes: readonly Mistake[] = [
  {
    name: 'a put is answered before its sync returns',
    caughtBy: PROMISE,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS, 'cluster.hdfs.streamWrite=10 kB/s'],
    make: (code) =>
      code.replace(EditLog.prototype, 'append', (log, right, timeUs, ...edit) => {
        const index = right(timeUs, ...edit)
        log.acknowledge(index, timeUs)
        return index
      }),
  },
  {
    name: 'a WAL does not say that it begins with entries of the broken one before it',
    caughtBy: DUPLICATE,
    scenario: `${PUTS + DIRECT}
faults: [ { at: 10120 ms, for: 3 s, kind: kill-data-node, dataNode: dn1 } ]`,
    world: ['cluster.hdfs.hflush=200 ms', 'cluster.hdfs.dataNodes=4'],
    make: (code) => code.replace(Wal.prototype, 'startAt', (_, right, edit) => right(edit, 0)),
  },
  {
    name: 'HBASE-14004: entries are shipped before the DataNodes have them',
    caughtBy: DUPLICATE,
    scenario: `${PUTS + DIRECT}
faults: [ { at: 10120 ms, for: 3 s, kind: kill-data-node, dataNode: dn1 } ]`,
    world: [
      'cluster.hdfs.streamWrite=10 kB/s',
      'cluster.hdfs.dataNodes=4',
      'site["replication.source.sleepforretries"]=10',
    ],
    set: ['unfixed=["HBASE-14004"]'],
  },
  {
    name: 'a WAL is archived before its edits are flushed',
    caughtBy: PROMISE,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS, 'site["hbase.regionserver.logroll.period"]=3000'],
    make: (code) => code.replace(SequenceIdAccounting.prototype, 'areAllLower', () => true),
  },
  {
    name: 'a put is appended twice',
    caughtBy: CONSERVED,
    scenario: PUTS + DIRECT,
    make: (code) =>
      code.replace(EditLog.prototype, 'append', (_, right, ...edit) => {
        right(...edit)
        return right(...edit)
      }),
  },
  {
    name: 'clients forget the calls of a server that died',
    caughtBy: CONSERVED,
    scenario: `${PUTS + DIRECT}\n${RS2_DIES}`,
    world: [TWO_SERVERS, 'cluster.hdfs.hflush=200 ms'],
    make: (code) => code.replace(RpcRetryingCaller.prototype, 'handBack', () => {}),
  },
]
