import { SplitWALManager } from '../../src/hbase/master/split-wal-manager.js'
import { KEPT, type Mistake, PUTS } from './mistake.js'

/** hbase:meta is on rs1, the only region on rs2, from where it is moved: four puts to hbase:meta. */
const MOVED_THEN_RS1_DIES = `${PUTS}
operations: [ { at: 5 s, do: move, table: usertable, region: 0, server: rs1 } ]
faults: [ { at: 10020 ms, kind: kill-region-server, server: rs1 } ]`

/** What can be wrong with hbase:meta and its WAL. */
export const metaMistakes: readonly Mistake[] = [
  {
    name: 'hbase:meta is opened before its WAL is split',
    caughtBy: KEPT,
    scenario: MOVED_THEN_RS1_DIES,
    world: ['cluster.regionServers=2'],
    make: (code) =>
      code.replace(SplitWALManager.prototype, 'split', (_, right, crashed, wal, ordinal) =>
        wal.isMeta ? leftOut(wal.name) : right(crashed, wal, ordinal),
      ),
  },
]

function* leftOut(wal: string) {
  const never = { startedUs: 0, leaseRecoveredUs: 0, finishedUs: 0 }
  yield 1
  return { wal, worker: '', ...never, bytes: 0, recoveredBytes: 0, recoveredFiles: 0 }
}
