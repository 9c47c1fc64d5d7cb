import type { DisasterClass } from '../../storage/disaster.js'
import type { EndpointName } from './create-endpoint.js'
import { SURVIVES_CLUSTER } from './survives-cluster.js'

/** What a design of a WAL backup does and promises. */
export interface EndpointDoc {
  readonly doc: string
  /** When the offset may pass an edit. */
  readonly confirmedAfter: string
  /** The most that it claims a confirmed edit survives. */
  readonly claims: readonly DisasterClass[]
  /** On what some of the claims depend. */
  readonly condition?: string
  /** Where an edit is that is not in the store yet. */
  readonly until: string
}

const STAGED: Pick<EndpointDoc, 'claims' | 'condition'> = {
  claims: ['region-server-crash', 'data-node-crash', 'rack-power-loss', 'cluster-power-loss'],
  condition:
    'power losses only with sync: hsync and while rollSize and one more batch fit into one block ' +
    'of a WAL (twice dfs.blocksize); data-node-crash with two replicas or more',
}

export const endpointDocs: Readonly<Record<EndpointName, EndpointDoc>> = {
  direct: {
    doc: 'an object per batch',
    confirmedAfter: 'the object of its batch is complete',
    claims: SURVIVES_CLUSTER,
    until: "in the cluster's WALs, also throughout an outage of the store",
  },
  'staged-copy': {
    doc: 'staged in HDFS, copied later (Option 1 of HBASE-28987)',
    confirmedAfter: 'hsync of a staged file in HDFS',
    ...STAGED,
    until: 'in staged files until copied; WALs go early',
  },
  'dual-write': {
    doc: 'staged in HDFS and written to the store together (Option 2)',
    confirmedAfter: 'hsync of a staged file in HDFS, and the write to an open object',
    ...STAGED,
    until: 'in the staged twin until the object is complete',
  },
  'unsafe-flush': {
    doc: 'an edit is confirmed by an hflush that S3A ignores (false durability)',
    confirmedAfter: 'hflush of an open object, which S3A ignores',
    claims: SURVIVES_CLUSTER,
    condition: 'so its author believes; it starts only without stream capability enforcement',
    until: 'in open objects alone, gone with their process',
  },
  'deferred-offset': {
    doc: 'not staged, offsets wait for the object (HBASE-28957, HBASE-29823)',
    confirmedAfter: 'every open object is complete',
    claims: SURVIVES_CLUSTER,
    until: "in the cluster's WALs, for a flush interval or an outage",
  },
}
