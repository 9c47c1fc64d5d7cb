import type { Parameters } from '../storage/parameter.js'

const reference = 'estimate (storage reference, section 10)'

/** Parameters of the cluster itself; every one can be overridden under `cluster`. */
export const clusterParameters = {
  network: {
    quantity: 'duration',
    value: { kind: 'lognormal', median: 100, sigma: 0.3 },
    doc: 'one-way latency between two machines of the cluster, clients included',
    source: reference,
    grade: 'D',
  },
  putCpu: {
    quantity: 'duration',
    value: { kind: 'constant', value: 50 },
    doc: 'time that a handler computes per put before it appends to the WAL',
    source: reference,
    grade: 'D',
  },
  getCpu: {
    quantity: 'duration',
    value: { kind: 'constant', value: 50 },
    doc: 'time that a handler computes per get, beside what it waits for blocks',
    source: reference,
    grade: 'D',
  },
  scanRow: {
    quantity: 'duration',
    value: { kind: 'constant', value: 5 },
    doc: 'time that a handler computes per row of a scan or multiget, beside getCpu for the call',
    source: 'estimate: 200,000 rows of 1 KiB per second and handler, from cached blocks',
    grade: 'D',
  },
  heap: {
    quantity: 'size',
    value: { kind: 'constant', value: 34_359_738_368 },
    doc: 'heap of a region server, of which memstores and block cache have their shares',
    source: 'estimate: 32 GiB',
    grade: 'D',
  },
  memstoreCellOverhead: {
    quantity: 'size',
    value: { kind: 'constant', value: 104 },
    doc: 'heap of a cell in a memstore beyond its bytes: KeyValue and skip-list entry',
    source: 'ClassSize, 8-byte references: ConcurrentSkipListMap entry 64, KeyValue 40 bytes',
    grade: 'A',
  },
  walAppend: {
    quantity: 'duration',
    value: { kind: 'constant', value: 3 },
    doc: 'time of the WAL consumer per entry',
    source: reference,
    grade: 'D',
  },
  memstoreApply: {
    quantity: 'duration',
    value: { kind: 'constant', value: 3 },
    doc: 'time to apply a synced edit to the memstore',
    source: reference,
    grade: 'D',
  },
  zookeeperWrite: {
    quantity: 'duration',
    value: { kind: 'lognormal', median: 3000, sigma: 0.5 },
    doc: 'a write to ZooKeeper: the replication offset of HBase 2.x, the znode of a new WAL',
    source: reference,
    grade: 'D',
  },
  walRead: {
    quantity: 'rate',
    value: { kind: 'constant', value: 200e6 },
    doc: 'rate at which a replication source reads a WAL, after the first byte',
    source: reference,
    grade: 'D',
  },
} satisfies Parameters
