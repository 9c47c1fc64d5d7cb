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
