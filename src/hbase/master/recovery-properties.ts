import type { Properties } from '../../storage/configuration.js'

/**
 * HBase properties that a client's retries and the master's recovery of a crashed region server
 * read, with the defaults of HBase 2.6 and 3.0.
 */
export const recoveryProperties = {
  'hbase.client.pause': {
    type: 'ms',
    value: 100,
    min: 1,
    doc: 'base of a client’s waits between attempts, × HConstants.RETRY_BACKOFF',
    source: 'hbase-default.xml',
  },
  'hbase.client.operation.timeout': {
    type: 'ms',
    value: 1_200_000,
    min: 1,
    doc: 'a client gives an operation up when its next attempt would come later than this',
    source: 'HConstants, RpcRetryingCallerImpl',
  },
  'zookeeper.session.timeout': {
    type: 'ms',
    value: 90_000,
    min: 1,
    doc: 'how long the master takes a silent region server for alive',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.wal.max.splitters': {
    type: 'int',
    value: 2,
    min: 1,
    doc: 'WALs of crashed servers that one region server splits at once',
    source: 'HConstants, SplitWALManager',
  },
  'hbase.regionserver.executor.openregion.threads': {
    type: 'int',
    value: 3,
    min: 1,
    doc: 'regions that one region server opens at once',
    source: 'HRegionServer',
  },
  'hbase.regionserver.executor.closeregion.threads': {
    type: 'int',
    value: 3,
    min: 1,
    doc: 'regions that one region server closes at once',
    source: 'HRegionServer',
  },
  'hbase.regionserver.executor.openmeta.threads': {
    type: 'int',
    value: 1,
    min: 1,
    doc: 'regions of hbase:meta that one region server opens at once, beside the others',
    source: 'HRegionServer',
  },
  'hbase.regionserver.msginterval': {
    type: 'ms',
    value: 3000,
    min: 1,
    doc: 'time between two reports of a region server, which carry flushed sequence ids',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.hlog.splitlog.writer.threads': {
    type: 'int',
    value: 3,
    min: 1,
    doc: 'threads that write and close the recovered files of one WAL’s split',
    source: 'WALSplitter',
  },
  'hbase.wal.split.to.hfile': {
    type: 'boolean',
    value: false,
    doc: 'splits write HFiles, which no opening replays, in place of recovered.edits',
    source: 'WALSplitter',
  },
  'hbase.procedure.retry.sleep.interval.ms': {
    type: 'int',
    value: 1000,
    min: 1,
    doc: 'first wait of a master’s procedure before it tries again; it doubles',
    source: 'ProcedureUtil',
  },
  'hbase.procedure.retry.max.sleep.time.ms': {
    type: 'int',
    value: 600_000,
    min: 1,
    doc: 'longest wait of a master’s procedure before it tries again',
    source: 'ProcedureUtil',
  },
} satisfies Properties
