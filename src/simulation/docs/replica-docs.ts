import type { Consistency, ReadKind } from '../../hbase/client/read-observer.js'
import type { ReplicaResult } from '../../measure/replica-result.js'
import type { VisibleAfter } from '../../measure/replica-visibility.js'
import type { ConsistencyResult, ReadKindResult, ReadsWhileDownResult } from '../read-results.js'
import type { Doc } from './doc.js'
import { latencyDocs } from './shared-docs.js'

type Members<K extends keyof ReplicaResult> = Readonly<
  Record<keyof NonNullable<ReplicaResult[K]>, Doc>
>

const SHARE = 'share (0 to 1)'

const overTime = {
  p50: { text: 'Not exceeded during half of the region time in which replicas answered.' },
  p99: { text: 'Not exceeded during 99 % of the region time in which replicas answered.' },
  max: { text: 'Greatest at any instant at which a replica answered.' },
  mean: { text: 'Mean over the region time in which replicas answered.' },
} satisfies Record<string, Doc>

const stalenessDocs: Members<'stalenessUs'> = {
  ...overTime,
  timeShareAboveZero: {
    text: 'Share of that time with an edit that was not readable.',
    unit: SHARE,
  },
  worst: {
    text: 'Where the maximum was; null if nothing was ever stale.',
    of: {
      region: { text: 'Number of the primary region.', unit: 'number' },
      atUs: { text: 'When.' },
    },
  },
}

const gapDocs: Members<'gapUs'> = {
  total: { text: 'All such region time.' },
  longest: { text: 'The longest such stretch.' },
  timeShare: { text: 'Its share of the time in which replicas answered.', unit: SHARE },
}

const probeDocs: Members<'staleReadProbability'> = {
  probes: { text: 'Probes that the replica would have answered.', unit: 'reads' },
  stale: {
    text: 'Probes that would not have returned the newest acknowledged version.',
    unit: 'reads',
  },
  refused: { text: 'Probes that the replica would have refused.', unit: 'reads' },
  probability: {
    text: 'Share of answered probes that were stale; null without one.',
    unit: 'probability',
  },
  standardError: { text: 'Binomial: sqrt(p (1 - p) / n).', unit: 'probability' },
}

const readsDocs: Members<'reads'> = {
  reads: { text: "Answered reads of the scenario's clients.", unit: 'reads' },
  isStale: {
    text: 'Result.isStale(): answered by a secondary, whether or not the data was old.',
    unit: 'reads',
  },
  stale: {
    text: 'Reads that did not return the newest version acknowledged when sent.',
    unit: 'reads',
  },
  staleAgeUs: {
    text: 'When such reads were sent, less the acknowledgement of the newest version by then.',
    of: {
      p50: { text: 'Half of such reads are not older.' },
      p99: { text: '99 % of such reads are not older.' },
      max: { text: 'The oldest.' },
    },
  },
  backInTime: {
    text: 'Reads of a version older than one that the same client had read of that key before.',
    unit: 'reads',
  },
}

const trafficDocs: Members<'traffic'> = {
  rpcs: { text: 'Attempts at handing entries over.', unit: 'calls' },
  failedRpcs: { text: 'Those of them that failed.', unit: 'calls' },
  edits: { text: 'Edits that were taken, those taken before included.', unit: 'edits' },
  bytes: { text: 'Their bytes.', unit: 'bytes' },
  markers: { text: 'Flush, compaction, bulk load and region markers.', unit: 'entries' },
  duplicateEdits: { text: 'Edits that had been taken before.', unit: 'edits' },
}

const pbsDocs: Readonly<Record<keyof VisibleAfter, Doc>> = {
  afterUs: { text: "Time after the write's acknowledgement." },
  probability: { text: 'That a read then returns the write.', unit: 'probability' },
}

/** `replicas.<table>[]` of a result. */
export const replicaDocs: Readonly<Record<keyof ReplicaResult, Doc>> = {
  replicaId: {
    text: 'Id of the replicas: 1 for the first secondary of each region.',
    unit: 'number',
  },
  stalenessUs: {
    text:
      't less the acknowledgement time of the oldest edit acknowledged by t that the replica does not ' +
      'show, weighted by time over all regions of the table.',
    of: stalenessDocs,
    see: ['staleness'],
  },
  stalenessEdits: {
    text: 'Edits that a read of the primary sees and a read of the replica does not, per region.',
    unit: 'edits',
    of: overTime,
  },
  gapUs: {
    text: 'Region time in which a replica showed an edit and lacked an older one.',
    of: gapDocs,
  },
  unavailableUs: {
    text: 'Region time in which the replica refused reads or was closed; it is in no other figure.',
  },
  unavailableTimeShare: { text: 'The same as a share of all region time.', unit: SHARE },
  memstoreBytes: {
    text: 'Heap of the memstores of all these replicas together.',
    of: { mean: { text: 'Mean over time.' }, max: { text: 'Most at one instant.' } },
  },
  pbs: {
    text: 'How probably a read some time after the answer to a write returns it (probabilistically bounded staleness).',
    each: '[]',
    of: pbsDocs,
  },
  staleReadProbability: {
    text: 'What 2,000 reads at uniform instants of rows that the workload reads would have found.',
    of: probeDocs,
    see: ['staleness'],
  },
  reads: {
    text: "What the scenario's own reads found, by the replica that answered.",
    of: readsDocs,
  },
  traffic: { text: 'What was sent to these replicas over the whole run.', of: trafficDocs },
}

const readKindDocs: Readonly<Record<keyof ReadKindResult, Doc>> = {
  count: { text: 'All that are over.', unit: 'operations' },
  failed: { text: 'Those of them that failed for good.', unit: 'operations' },
  latencyUs: { text: 'From sending the operation to its last row.', of: latencyDocs },
  stale: {
    text: 'Answered ones of which a row was flagged stale (Result.isStale).',
    unit: 'operations',
  },
  rows: { text: 'Rows that were returned.', unit: 'rows' },
  staleRows: { text: 'Rows that were flagged stale.', unit: 'rows' },
  hedged: { text: 'Operations for which other replicas were called.', unit: 'operations' },
  extraRpcs: { text: 'Calls to other replicas.', unit: 'calls' },
  answeredBy: {
    text: 'Rows by the id of the replica that answered.',
    unit: 'rows',
    each: '.<replica>',
  },
}

const whileDownDocs: Readonly<Record<keyof ReadsWhileDownResult, Doc>> = {
  sent: { text: 'Operations that were sent then.', unit: 'operations' },
  answered: {
    text: 'Those of them that had an answer before hbase.client.operation.timeout.',
    unit: 'operations',
  },
  availability: { text: 'Share of them that had an answer.', unit: SHARE },
  latencyUs: { text: 'From sending the operation to its last row.', of: latencyDocs },
}

const kindDocs: Readonly<Record<ReadKind, Doc>> = {
  get: { text: 'Gets.', of: readKindDocs },
  multiget: { text: 'Gets of several rows at once.', of: readKindDocs },
  scan: { text: 'Scans.', of: readKindDocs },
}

const consistencyDocs: Readonly<Record<keyof ConsistencyResult, Doc>> = {
  ...kindDocs,
  whilePrimaryDown: {
    text: 'Operations that were sent while no server served the primary of their first row.',
    of: whileDownDocs,
  },
}

/** `reads` of a result. */
export const readDocs: Readonly<Record<Consistency, Doc>> = {
  strong: { text: 'Reads that ask primaries alone.', of: consistencyDocs },
  timeline: { text: 'Reads that any replica may answer.', of: consistencyDocs },
}
