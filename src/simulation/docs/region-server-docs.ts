import type { FlushReason } from '../../hbase/regionserver/flush-queue.js'
import type { Refusal } from '../../hbase/regionserver/refusal.js'
import type { RollReason } from '../../hbase/wal/roll-record.js'
import type { RecoveryPhase, RecoveryResult, RegionServersResult } from '../result.js'
import type { Doc } from './doc.js'
import { latencyDocs, lostDocs } from './shared-docs.js'

const flushReasonDocs: Readonly<Record<FlushReason, Doc>> = {
  size: { text: "The region's memstore reached hbase.hregion.memstore.flush.size." },
  age: { text: 'Its oldest edit reached hbase.regionserver.optionalcacheflushinterval.' },
  changes: { text: 'It took hbase.regionserver.flush.per.changes edits since its last flush.' },
  pressure: { text: 'The memstores of the server reached the lower limit together.' },
  'max-logs': { text: 'The server had more WALs than hbase.regionserver.maxlogs.' },
  close: { text: 'The region was closed or moved.' },
  request: { text: 'Somebody asked for it.' },
  replica: { text: 'A secondary replica waits for a flush of its primary.' },
}

const rollReasonDocs: Readonly<Record<RollReason, Doc>> = {
  size: { text: 'The WAL outgrew its share of its block size.' },
  period: { text: 'The WAL came of age (hbase.regionserver.logroll.period).' },
  'slow sync': { text: 'Syncs were slow.' },
  'low replication': { text: 'The stream had lost a DataNode.' },
  error: { text: 'The stream broke.' },
  request: { text: 'An operator or a backup asked for it.' },
}

const refusalDocs: Readonly<Record<Refusal, Doc>> = {
  'region too busy': { text: "RegionTooBusyException: the region's memstore is beyond its limit." },
  'call queue too big': { text: 'CallQueueTooBigException: no room for the call.' },
  'row lock': { text: 'The lock of the row was not to be had within hbase.rowlock.wait.duration.' },
  'not serving': { text: 'NotServingRegionException: the region is not open on this server.' },
  'reads disabled': { text: 'A secondary replica refuses reads until its primary was flushed.' },
  'file not found': { text: 'A store file that a secondary links to was deleted.' },
}

/** `regionServers` of a result. */
export const regionServersDocs: Readonly<Record<keyof RegionServersResult, Doc>> = {
  flushes: {
    text: 'Flushes of memstores that were committed.',
    of: {
      count: { text: 'How many.', unit: 'flushes' },
      bytes: { text: 'What they wrote.', unit: 'bytes' },
      byReason: { text: 'By what set them off.', unit: 'flushes', of: flushReasonDocs },
      stallUs: {
        text: 'How long writes of a region waited for the snapshot of its flush.',
        of: latencyDocs,
      },
      durationUs: { text: "From the request of the region's lock to the commit.", of: latencyDocs },
      writeP999Us: {
        text: '99.9th percentile of writes, with and without a flush (to 3 %).',
        of: {
          stalled: { text: "In those of the run's 360 windows in which a flush made writes wait." },
          calm: { text: 'In the windows in which none did.' },
        },
      },
    } satisfies Record<keyof RegionServersResult['flushes'], Doc>,
  },
  compactions: {
    text: 'Compactions that were committed.',
    of: {
      count: { text: 'How many.', unit: 'compactions' },
      major: { text: 'Those that rewrote all files of a store.', unit: 'compactions' },
      inputFiles: { text: 'Files that they merged.', unit: 'files' },
      bytes: { text: 'Bytes of the files that they merged.', unit: 'bytes' },
      durationUs: { text: 'How long they took.', of: latencyDocs },
    } satisfies Record<keyof RegionServersResult['compactions'], Doc>,
  },
  rolls: { text: 'WAL rolls by reason.', unit: 'rolls', of: rollReasonDocs },
  refused: {
    text: 'Calls sent back to their client, by exception; each is tried again.',
    unit: 'calls',
    of: refusalDocs,
  },
  memstoreBytes: {
    text: 'Heap of the memstores of one server.',
    of: { max: { text: 'Most at one instant.' } },
  },
  storeFiles: {
    text: 'Files of one family of one region.',
    unit: 'files',
    of: { max: { text: 'Most at one instant.' } },
  },
  wals: {
    text: 'WALs of one server that are not archived.',
    of: { maxFiles: { text: 'Most at one instant.', unit: 'files' } },
  },
  readLatencyUs: { text: 'Gets, from call to answer; absent without reads.', of: latencyDocs },
}

const phaseDocs: Readonly<Record<keyof RecoveryPhase, Doc>> = {
  name: { text: 'Name of the step.' },
  fromUs: { text: 'When it began: where the one before ended.' },
  untilUs: { text: 'When it ended; null if it had not.' },
}

/** `recoveries[]` of a result. */
export const recoveryDocs: Readonly<Record<keyof RecoveryResult, Doc>> = {
  server: { text: 'The server that died.' },
  diedUs: { text: 'When it died.' },
  how: { text: 'killed, aborted or stopped.' },
  carriesMeta: { text: 'hbase:meta was open on it: it is recovered before all else.' },
  regions: { text: 'Regions that it had open, hbase:meta among them.', unit: 'regions' },
  splitBytes: { text: 'Bytes of its WALs that were split.' },
  replayedBytes: { text: 'Edits that were replayed into memstores before regions opened.' },
  maxUnavailableRegions: {
    text: 'Most of its regions that nobody served at one instant.',
    unit: 'regions',
  },
  unavailableRegionUs: {
    text: "Sum over its regions of the time from the server's death until each was open again.",
    unit: 'regions × us',
  },
  assignedUs: { text: 'When all its regions were open elsewhere; null if they were not.' },
  lostByDurability: {
    text: 'What was lost with the server, by durability of the tables; absent if all have the default.',
    each: '.<durability>',
    of: lostDocs,
  },
  phases: {
    text: "Its steps in the order of HBase's ServerCrashProcedure.",
    each: '[]',
    of: phaseDocs,
  },
  phaseUs: {
    text: 'How long each step took, by name; null for one that had not ended.',
    of: {
      detection: { text: "From the server's death until the master knows." },
      'WAL splitting of hbase:meta': { text: "Splitting of hbase:meta's own WAL." },
      'assignment of hbase:meta': { text: 'Until hbase:meta was open elsewhere.' },
      'wait for hbase:meta': { text: 'Until hbase:meta, which another recovery has, was there.' },
      'WAL splitting': { text: 'Lease recovery and splitting of its WALs.' },
      assignment: { text: 'Until all its regions were open elsewhere, replayed and flushed.' },
      'queue claim': { text: 'Until its replication queues had new owners.' },
    },
  },
}
