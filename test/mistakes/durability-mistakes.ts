import { UnsyncedWrites } from '../../src/hbase/regionserver/unsynced-writes.js'
import { Wal } from '../../src/hbase/wal/wal.js'
import { Acknowledgements } from '../../src/measure/acknowledgements.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import {
  INTERNAL_ERROR,
  LOST,
  type Mistake,
  PROMISE,
  PUTS,
  RS2_DIES,
  TWO_SERVERS,
} from './mistake.js'

const BACKUP = 'peers: { backup: { endpoint: direct, store: backup, flushInterval: 1 s } }'

function usertable(durability: string): string {
  return `tables={ usertable: { regions: 1, durability: ${durability} } }`
}

/** What can be wrong with tables that want more than an hflush behind an answer, or less. */
export const durabilityMistakes: readonly Mistake[] = [
  {
    name: 'an edit of FSYNC_WAL is answered after an hflush',
    caughtBy: PROMISE,
    scenario: `${PUTS}\nfaults: [ { at: 10020 ms, for: 5 s, kind: cluster-power-loss } ]`,
    world: [usertable('FSYNC_WAL')],
    make: (code) =>
      code.replace(Wal.prototype, 'synced', (_, right, entries, bytes) => right(entries, bytes)),
  },
  {
    name: 'an edit of SKIP_WAL is taken for one of the WAL',
    caughtBy: INTERNAL_ERROR,
    scenario: PUTS,
    world: [usertable('SKIP_WAL')],
    make: (code) => code.replace(UnsyncedWrites.prototype, 'skipsWal', () => false),
  },
  {
    name: 'a peer is owed edits of ASYNC_WAL before their sync',
    caughtBy: LOST,
    scenario: `${PUTS}\n${RS2_DIES}\n${BACKUP}`,
    world: [TWO_SERVERS, usertable('ASYNC_WAL')],
    make: (code) =>
      code.replace(PeerLedger.prototype, 'addLog', (_, right, { source }, writer) => {
        const { log } = source
        right(new Acknowledgements({ log, advance: () => source.advance() }), writer)
      }),
  },
]
