import type { Doc } from './doc.js'

/**
 * HBase's metrics of a peer: counters summed over all sources there have been, ages and queue
 * lengths of the worst one that is still active (MetricsSource, MetricsReplicationSourceSourceImpl).
 */
export const hbaseMetricDocs = {
  ageOfLastShippedOpUs: {
    text:
      'From the write of the last entry of a batch to its shipping: the most there was. It stands ' +
      'still while nothing is shipped.',
  },
  checkpointUs: {
    text:
      'What HBase believes to be in the backup, as a time (HBASE-29220). It lags by up to the life ' +
      'of a WAL without markers; absent while no queue has an offset.',
  },
  completedLogs: { text: 'WALs that were shipped to their end.', unit: 'files' },
  completedRecoverQueues: {
    text: "WAL groups of dead servers' queues that are shipped to their end.",
    unit: 'queues',
  },
  failedBatches: {
    text: 'Exceptions of the endpoint; a refusal (false) does not count.',
    unit: 'batches',
  },
  ignoredUncleanlyClosedLogContentsInBytes: {
    text: 'Bytes of uncleanly closed WALs that could not be read.',
    unit: 'bytes',
  },
  logEditsFiltered: { text: 'Entries that filters held back.', unit: 'entries' },
  logEditsRead: { text: 'Entries that were read from WALs.', unit: 'entries' },
  logReadInBytes: { text: 'Bytes that were read from WALs.', unit: 'bytes' },
  numInitializing: {
    text: "Sources that wait for their endpoint or the peer's cluster id.",
    unit: 'sources',
  },
  oldestWalAgeUs: {
    text: 'Age of the oldest queued WAL when the queue last changed: it moves only when a WAL is queued or left.',
  },
  repeatedLogFileBytes: { text: 'Bytes that were read again after a restart.', unit: 'bytes' },
  replicationLagUs: {
    text:
      'How far HBase believes the peer to be behind. 0 for a source that is handed nothing: a ' +
      'disabled peer, a full buffer, a queue stuck at an empty WAL. With several WAL groups a fast ' +
      'one hides a stuck one.',
    see: ['lagUs'],
  },
  restartedLogReading: {
    text: 'Cleanly closed WALs that were read again from their start (HBASE-15983).',
    unit: 'files',
  },
  shippedBatches: { text: 'Batches with entries that were shipped.', unit: 'batches' },
  shippedBytes: { text: 'Heap size of the entries that were shipped.' },
  shippedOps: { text: 'Distinct row keys that were shipped.', unit: 'rows' },
  sizeOfLogQueue: {
    text: 'WALs in the queue, all WAL groups together; 1 for each is healthy.',
    unit: 'files',
  },
  timestampOfLastShippedOpUs: {
    text: 'Write time of the entry that was shipped last, of whichever WAL group is furthest.',
  },
  uncleanlyClosedLogs: {
    text: 'WALs without a trailer that were left at the end of what they hold.',
    unit: 'files',
  },
} as const satisfies Record<string, Doc>

export type HBaseMetric = keyof typeof hbaseMetricDocs
