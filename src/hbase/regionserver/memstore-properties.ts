import type { Properties } from '../../storage/configuration.js'

/**
 * HBase properties of memstores and their flushes, with the defaults of HBase 2.6 and 3.0.
 */
export const memstoreProperties = {
  'hbase.hregion.memstore.flush.size': {
    type: 'bytes',
    value: 134_217_728,
    min: 1,
    doc: 'a region whose memstore is larger is flushed',
    source: 'hbase-default.xml',
  },
  'hbase.hregion.memstore.block.multiplier': {
    type: 'int',
    value: 4,
    min: 1,
    doc: 'writes to a region with more than flush size × this are rejected',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.global.memstore.size': {
    type: 'float',
    value: 0.4,
    min: 0.01,
    max: 0.8,
    doc: 'share of the heap that all memstores may fill; at that, writers block',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.global.memstore.size.lower.limit': {
    type: 'float',
    value: 0.95,
    min: 0.01,
    max: 1,
    doc: 'share of the global memstore size from which on regions are flushed one by one',
    source: 'hbase-default.xml',
  },
  'hbase.hregion.percolumnfamilyflush.size.lower.bound.min': {
    type: 'bytes',
    value: 16_777_216,
    min: 0,
    doc: 'of several families only those are flushed that are larger than this and their share',
    source: 'FlushLargeStoresPolicy',
  },
  'hbase.regionserver.optionalcacheflushinterval': {
    type: 'ms',
    value: 3_600_000,
    min: 0,
    doc: 'age of the oldest edit at which a region is flushed; 0 switches it off',
    source: 'HRegion',
  },
  'hbase.regionserver.flush.check.period': {
    type: 'ms',
    value: null,
    min: 1,
    doc: 'how often ages are looked at; default hbase.server.thread.wakefrequency',
    source: 'HRegionServer',
  },
  'hbase.regionserver.periodicmemstoreflusher.rangeofdelayseconds': {
    type: 'seconds',
    value: 300,
    min: 1,
    doc: 'a periodic flush is put off by a random part of this',
    source: 'HRegionServer',
  },
  'hbase.regionserver.flush.per.changes': {
    type: 'int',
    value: 30_000_000,
    min: 1,
    max: 1_000_000_000,
    doc: 'sequence ids since the last flush after which a region is flushed',
    source: 'HRegion',
  },
  'hbase.hregion.preclose.flush.size': {
    type: 'bytes',
    value: 5_242_880,
    min: 0,
    doc: 'a region with more in its memstore is flushed before its writes are closed, too',
    source: 'HRegion',
  },
  'hbase.hstore.flusher.count': {
    type: 'int',
    value: 2,
    min: 1,
    max: 100,
    doc: 'flush threads of a region server',
    source: 'hbase-default.xml',
  },
  'hbase.hstore.blockingWaitTime': {
    type: 'ms',
    value: 90_000,
    min: 100,
    doc: 'how long a region with too many store files puts its flush off',
    source: 'hbase-default.xml',
  },
  'hbase.hstore.flush.retries.number': {
    type: 'int',
    value: 10,
    min: 1,
    doc: 'attempts at writing a flush’s HFile before the region server aborts',
    source: 'HStore',
  },
  'hbase.server.pause': {
    type: 'ms',
    value: 1000,
    min: 0,
    doc: 'pause between attempts at writing a flush’s HFile',
    source: 'HConstants',
  },
} satisfies Properties
