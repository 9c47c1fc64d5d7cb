import type {
  FaultWindow,
  LatencyQuantiles,
  PeerResult,
  RecoveryResult,
  RunResult,
  Series,
} from '../../src/simulation/result.js'
import { idleRegionServers } from '../experiment/results.js'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const TIB = 1_099_511_627_776

export const OUTAGE: FaultWindow = frozen({
  kind: 'store-outage',
  label: 'store-outage backup (500)',
  atUs: 8 * MINUTE,
  untilUs: 14 * MINUTE,
})

export const LOSS: FaultWindow = frozen({
  kind: 'cluster-loss',
  label: 'cluster-loss',
  atUs: 28 * MINUTE,
  untilUs: null,
})

/** A server that was killed and back within a minute and a half. */
export const RECOVERY: RecoveryResult = frozen({
  server: 'rs2',
  diedUs: 20 * MINUTE,
  how: 'killed',
  regions: 4,
  splitBytes: 120 << 20,
  replayedBytes: 90 << 20,
  carriesMeta: false,
  maxUnavailableRegions: 4,
  unavailableRegionUs: 4 * 42 * SECOND,
  assignedUs: 20 * MINUTE + 42 * SECOND,
  phases: [
    { name: 'detect', fromUs: 20 * MINUTE, untilUs: 20 * MINUTE + 30 * SECOND },
    { name: 'split WALs', fromUs: 20 * MINUTE + 30 * SECOND, untilUs: 20 * MINUTE + 42 * SECOND },
    { name: 'claim queues', fromUs: 20 * MINUTE + 42 * SECOND, untilUs: null },
  ],
  phaseUs: { detect: 30 * SECOND, 'split WALs': 12 * SECOND },
})

/** All test files of a worker see these: who wants another one copies it. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part) frozen(part)
  return Object.freeze(value)
}

/** A run of half an hour through an outage and the loss of the cluster, as simulate() returns it. */
export function run(variant: string, seed: number, changes: Partial<RunResult> = {}): RunResult {
  const staged = variant.startsWith('option-1')
  return {
    variant,
    seed,
    durationUs: 30 * MINUTE,
    endedUs: 30 * MINUTE,
    traceHash: `hash-${variant}-${seed}`,
    events: 1_000,
    edits: { submitted: 540_000, acknowledged: 539_990, failed: 10, bytes: 5_529_600_000 },
    writeLatencyUs: quantiles(1_200),
    peers: { backup: peer(staged) },
    clusterLoss: [{ kind: 'cluster-loss', atUs: LOSS.atUs, lostEdits: 0, lostBytes: 0 }],
    faults: [OUTAGE, LOSS],
    recoveries: [],
    regionServers: idleRegionServers(),
    busiestServer: null,
    hdfs: {
      capacityBytes: 4 * TIB,
      maxUsedBytes: 2_100_000_000,
      fillsUs: [{ fault: OUTAGE.label, us: staged ? 900 * MINUTE : 300 * MINUTE }],
    },
    conservation: {},
    invariants: { 'confirmed edits are restorable': 'held' },
    assumptions: [
      { parameter: 's3-standard.put', value: 'lognormal(45 ms, 0.4)', source: 'estimate (D)' },
    ],
    series: staged ? stagedSeries() : directSeries(),
    distributions: [],
    outcomes: {
      submitted: 540_000,
      unacknowledged: Float64Array.of(539_999),
      lost: { backup: lastOperations(staged ? 49_000 : 210) },
    },
    ...changes,
  }
}

/** The `count` operations before the last. */
function lastOperations(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => 539_999 - count + i)
}

function quantiles(p50: number): LatencyQuantiles {
  return { count: 1_000, p50, p99: p50 * 4, p999: p50 * 9, max: p50 * 20 }
}

const NO_EXPOSURE = {
  p50Us: 0,
  p99Us: 0,
  maxUs: 0,
  maxEdits: 0,
  maxBytes: 0,
  timeShareAboveZero: 0,
}

function peer(staged: boolean): PeerResult {
  const rpo = {
    p50Us: staged ? 150 * SECOND : 800_000,
    p99Us: staged ? 640 * SECOND : 340 * SECOND,
    maxUs: staged ? 660 * SECOND : 361 * SECOND,
    maxEdits: 190_000,
    maxBytes: 1_945_600_000,
    timeShareAboveZero: 1,
  }
  return {
    endpoint: staged ? 'staged-copy' : 'direct',
    claims: staged ? ['region-server-crash'] : ['region-server-crash', 'cluster-loss'],
    brokenClaims: {},
    acceptedEdits: 530_000,
    confirmedEdits: 529_000,
    storedEdits: 480_000,
    duplicateEdits: { retry: 12 },
    confirmedNotStoredEdits: { max: 49_000, timeShare: 1 },
    missingAfterQuiescence: null,
    holes: { edits: 0, bytes: 0, firstUs: null },
    confirmLatencyUs: quantiles(9_000),
    storeLatencyUs: quantiles(staged ? 150 * SECOND : 600_000),
    rpo: { 'cluster-loss': rpo, 'region-server-crash': NO_EXPOSURE },
    disasters: [
      {
        kind: 'cluster-loss',
        atUs: LOSS.atUs,
        lostEdits: staged ? 49_000 : 210,
        lostBytes: staged ? 501_760_000 : 2_150_400,
        oldestLostAgeUs: staged ? 163 * SECOND : 700_000,
      },
    ],
    drainUs: [{ fault: OUTAGE.label, us: 42 * SECOND }],
    ...(staged ? { staging: { maxBytes: 1_900_000_000, maxFiles: 17 } } : {}),
    pendingUploads: { maxBytes: staged ? 0 : 5_000_000, endBytes: 0 },
    oldWALs: { maxBytes: 2_000_000_000 },
    objects: { count: staged ? 60 : 21_000, p50Bytes: 128 << 20, maxBytes: 134_300_000 },
    requests: { PUT: staged ? 60 : 21_000 },
    costUsdPerMonth: {
      requests: staged ? 0.02 : 4.2,
      storage: 3.1,
      pendingUploads: 0,
      total: staged ? 3.12 : 7.3,
    },
    hbaseMetrics: { sizeOfLogQueue: 1 },
  }
}

/** Sawtooth of five minutes; nothing is stored during the outage, the backlog drains after it. */
function stagedSeries(): Series[] {
  const rpo = sampled((at) => {
    const outage = at >= OUTAGE.atUs && at < 15 * MINUTE
    return outage ? at - 5 * MINUTE : 4 * SECOND + (at % (5 * MINUTE))
  })
  const backlog = sampled((at) => {
    const rate = 3_072_000 / SECOND
    if (at < OUTAGE.atUs) return (at % (5 * MINUTE)) * rate
    if (at < 14 * MINUTE) return (at - 5 * MINUTE) * rate
    return Math.max((at % (5 * MINUTE)) * rate, (14.6 * MINUTE - at) * 40 * rate)
  })
  return [
    series('stagingBacklogBytes', 'bytes', backlog, { peer: 'backup' }),
    series(
      'lagUs',
      'us',
      sampled(() => 9_000),
      { peer: 'backup' },
    ),
    series('oldWALsBytes', 'bytes', archived(1), {}),
    series('rpoUs', 'us', rpo, { peer: 'backup', class: 'cluster-loss' }),
    series(
      'rpoUs',
      'us',
      sampled(() => 0),
      { peer: 'backup', class: 'region-server-crash' },
    ),
  ]
}

/** A file for each batch: sub-second, but nothing gets through during the outage. */
function directSeries(): Series[] {
  const lag = sampled((at) => {
    const outage = at >= OUTAGE.atUs && at < 14 * MINUTE + 20 * SECOND
    return outage ? at - OUTAGE.atUs : 300_000 + (at % 700_000)
  })
  return [
    series('lagUs', 'us', lag, { peer: 'backup' }),
    series(
      'replicationLagUs',
      'us',
      { ...lag, values: lag.values.map(() => 0) },
      { peer: 'backup' },
    ),
    series('oldWALsBytes', 'bytes', archived(9), {}),
    series('rpoUs', 'us', lag, { peer: 'backup', class: 'cluster-loss' }),
    series(
      'rpoUs',
      'us',
      sampled(() => 0),
      { peer: 'backup', class: 'region-server-crash' },
    ),
  ]
}

function archived(times: number) {
  return sampled((at) => times * (64 << 20) * (1 + Math.floor(at / MINUTE / 10)))
}

function sampled(value: (atUs: number) => number): { timesUs: number[]; values: number[] } {
  const timesUs = Array.from({ length: 28 * 60 }, (_, i) => i * SECOND)
  return { timesUs, values: timesUs.map((at) => Math.round(value(at))) }
}

function series(
  metric: string,
  unit: string,
  points: { timesUs: number[]; values: number[] },
  labels: Record<string, string>,
): Series {
  return { metric, unit, labels, ...points }
}
