import type { Parameters } from '../../storage/parameter.js'

const reference = 'estimate (storage reference, section 10)'

/** Parameters of the recovery of a crashed region server. */
export const recoveryParameters = {
  walSplit: {
    quantity: 'rate',
    value: { kind: 'constant', value: 30e6 },
    doc: 'rate at which one splitter decodes a WAL and sorts it by region; HDFS may be slower',
    source: reference,
    grade: 'D',
  },
  regionOpen: {
    quantity: 'duration',
    value: { kind: 'lognormal', median: 300_000, sigma: 0.5 },
    doc: 'time to open a region, without its HFiles and the replay of its recovered edits',
    source: reference,
    grade: 'D',
  },
  hfileOpen: {
    quantity: 'duration',
    value: { kind: 'lognormal', median: 5_000, sigma: 0.6 },
    doc: 'time to open one HFile: block locations, trailer and the blocks read on open',
    source: 'estimate: a call to the NameNode and two or three small reads of HDFS',
    grade: 'D',
  },
  recoveredEditsReplay: {
    quantity: 'rate',
    value: { kind: 'constant', value: 50e6 },
    doc: 'rate at which a region that opens decodes and applies its recovered edits',
    source: reference,
    grade: 'D',
  },
  metaEdit: {
    quantity: 'size',
    value: { kind: 'constant', value: 500 },
    doc: 'bytes of a put to hbase:meta in its WAL: state, server and sequence id of one region',
    source: 'estimate: RegionStateStore writes 3 to 5 cells of about 120 bytes',
    grade: 'D',
  },
} satisfies Parameters
