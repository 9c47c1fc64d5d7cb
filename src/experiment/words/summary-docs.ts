import { closedLoopDocs } from '../../simulation/docs/closed-loop-docs.js'
import type { Doc } from '../../simulation/docs/doc.js'
import { peerDocs } from '../../simulation/docs/peer-docs.js'
import { recoveryDocs, regionServersDocs } from '../../simulation/docs/region-server-docs.js'
import { readDocs, replicaDocs } from '../../simulation/docs/replica-docs.js'
import { faultDoc, latencyDocs, lostDocs } from '../../simulation/docs/shared-docs.js'
import type {
  Assumption,
  ClusterLossResult,
  FaultWindow,
  HdfsResult,
  RunResult,
} from '../../simulation/result.js'
import type { ExpectationResult, SharedAssumption, Summary, SummaryRun } from '../summary.js'
import { comparisonDocs } from './comparison-docs.js'
import { sensitivityDocs } from './sensitivity-docs.js'

const assumptionDocs: Readonly<Record<keyof (Assumption & SharedAssumption), Doc>> = {
  parameter: { text: 'Its name: a parameter of the model or a property of HBase.' },
  value: { text: 'Its value as a scenario would write it.' },
  source: { text: 'Where the value comes from; an estimate is called so.' },
  variants: { text: 'The variants that rest on it; absent if all do.', each: '[]' },
}

const editDocs: Readonly<Record<keyof RunResult['edits'], Doc>> = {
  submitted: { text: 'Edits that clients sent.', unit: 'edits' },
  acknowledged: {
    text: 'Edits that clients have an answer for.',
    unit: 'edits',
    see: ['acknowledged'],
  },
  failed: { text: 'Edits that clients gave up after their last retry.', unit: 'edits' },
  bytes: { text: 'Bytes of the acknowledged edits.', unit: 'bytes' },
}

const clusterLossDocs: Readonly<Record<keyof ClusterLossResult, Doc>> = {
  kind: { text: 'Kind of the fault that was the disaster.' },
  atUs: { text: 'When it struck.' },
  ...lostDocs,
  byDurability: {
    text: 'The same by durability of the tables; absent if all have the default.',
    each: '.<durability>',
    of: lostDocs,
    see: ['durability'],
  },
}

const faultDocs: Readonly<Record<keyof FaultWindow, Doc>> = {
  kind: { text: 'Kind of the fault; region-server-abort for a server that aborted by itself.' },
  label: { text: 'What happened to whom.' },
  atUs: { text: 'When it struck.' },
  untilUs: { text: 'When it ended; null if it never did.' },
}

const hdfsDocs: Readonly<Record<keyof HdfsResult, Doc>> = {
  capacityBytes: { text: 'Room on all disks together.' },
  maxUsedBytes: { text: 'Most that was used at one instant, replicas counted.' },
  fillsUs: {
    text: 'How long each fault of a store could have lasted until HDFS was full.',
    each: '[]',
    of: {
      fault: faultDoc,
      us: { text: 'That time; null if use did not grow.', unit: 'us' },
    },
  },
}

const expectationDocs: Readonly<Record<keyof ExpectationResult, Doc>> = {
  that: { text: 'The comparison, as the scenario has it.' },
  verdict: { text: 'held, violated or undecided.', see: ['undecided'] },
  value: { text: 'What its left side came to; null if undecided.' },
}

const runDocs: Readonly<Record<keyof SummaryRun, Doc>> = {
  variant: { text: 'Name of the variant.' },
  seed: { text: 'Seed of all chance of the run.', unit: 'number' },
  durationUs: { text: 'When the workload stopped.' },
  endedUs: {
    text: 'When the run ended: at quiescence, at the limit of drain, or with the last request.',
  },
  traceHash: { text: 'Hash over every event of the run: equal runs have equal hashes.' },
  events: { text: 'Events that the scheduler executed.', unit: 'events' },
  edits: { text: 'What clients sent and what became of it.', of: editDocs },
  writeLatencyUs: {
    text: 'From sending a write to its answer, retries included.',
    of: latencyDocs,
  },
  peers: { text: 'What became of edits on their way to each peer.', each: '.<peer>', of: peerDocs },
  clusterLoss: {
    text: 'What the cluster itself lost (no copy left anywhere) in each disaster.',
    each: '[]',
    of: clusterLossDocs,
  },
  faults: { text: 'Faults as they happened in this run.', each: '[]', of: faultDocs },
  recoveries: { text: 'What became of servers that died.', each: '[]', of: recoveryDocs },
  regionServers: {
    text: 'What the region servers did in the measured window, all of them together.',
    of: regionServersDocs,
  },
  replicas: {
    text: 'Secondary replicas, by table; absent without any.',
    each: '.<table>[]',
    of: replicaDocs,
  },
  reads: { text: 'What clients read, by consistency; absent if nothing was read.', of: readDocs },
  closedLoop: {
    text: 'What closed-loop clients got done, by phase that has them; absent if none has.',
    each: '[]',
    of: closedLoopDocs,
  },
  hdfs: { text: 'The room that HDFS has, and what filled it.', of: hdfsDocs },
  conservation: {
    text: 'Conservation laws: what went in came out, was lost, or is still there.',
    each: '.<law>',
    of: {
      expected: { text: 'What went in.' },
      actual: { text: 'What is accounted for.' },
      verdict: { text: 'held if both are equal.' },
    },
  },
  invariants: {
    text: 'What must be true in every run: held, violated or undecided.',
    each: '.<invariant>',
    see: ['undecided'],
  },
  expectations: {
    text: 'What the scenario expects of the run.',
    each: '[]',
    of: expectationDocs,
  },
}

/** `summary.json`, member by member; paths inside of `runs[]` are those of expectations. */
export const summaryDocs: Readonly<Record<keyof Summary | 'sensitivity', Doc>> = {
  schema: { text: 'Version of the shape of summary.json.' },
  hbsim: { text: 'Version of the simulator.' },
  scenario: {
    text: 'What was run.',
    of: {
      name: { text: 'Name of the scenario.' },
      hash: { text: 'SHA-256 of the scenario after defaults and overrides.' },
    },
  },
  assumptions: {
    text: 'Every parameter and property that the runs rest on, with its source.',
    each: '[]',
    of: assumptionDocs,
  },
  runs: { text: 'One entry for each variant and seed.', each: '[]', of: runDocs },
  comparison: {
    text: 'Paired differences of variants over seeds; null for a single run.',
    of: comparisonDocs,
  },
  sensitivity: {
    text: 'What estimated parameters do to the figures; only with --sensitivity.',
    of: sensitivityDocs,
  },
}
