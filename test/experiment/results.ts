import type { MeasuredRun } from '../../src/experiment/metric.js'
import type { PeerResult, RegionServersResult, RunResult } from '../../src/simulation/result.js'

/** What a test wants to say about the peer `backup` of a run; the rest is at rest. */
export interface PeerFigures {
  rpoP99Us?: number
  lostEdits?: number
  oldestLostAgeUs?: number
  confirmedNotStored?: number
  usd?: number
  storeP99Us?: number
  objects?: number
}

export interface RunFigures {
  variant: string
  seed: number
  /** No peer at all if null. */
  backup: PeerFigures | null
  writeP99Us?: number
  /** Edits that the cluster itself lost; no disaster strikes if absent. */
  clusterLost?: number
  lossAtUs?: number
}

export function runResult(figures: RunFigures): RunResult {
  const struck = figures.clusterLost !== undefined
  const atUs = figures.lossAtUs ?? 0
  return {
    variant: figures.variant,
    seed: figures.seed,
    durationUs: 1_800_000_000,
    endedUs: 1_800_000_000,
    traceHash: `${figures.variant}-${figures.seed}`,
    events: 1000,
    edits: { submitted: 100, acknowledged: 100, failed: 0, bytes: 102_400 },
    writeLatencyUs: latency(figures.writeP99Us ?? null),
    peers: figures.backup === null ? {} : { backup: peerResult(figures.backup, struck, atUs) },
    clusterLoss: struck
      ? [{ kind: 'cluster-loss', atUs, lostEdits: figures.clusterLost ?? 0, lostBytes: 0 }]
      : [],
    faults: [],
    recoveries: [],
    regionServers: idleRegionServers(),
    hdfs: { capacityBytes: 1_099_511_627_776, maxUsedBytes: 0, fillsUs: [] },
    conservation: {},
    invariants: {},
    assumptions: [],
    series: [{ metric: 'rpo', unit: 'us', labels: {}, timesUs: [0], values: [0] }],
    distributions: [],
    busiestServer: null,
    outcomes: {
      submitted: 100,
      unacknowledged: new Float64Array(),
      lost: figures.backup === null ? {} : { backup: new Float64Array() },
    },
  }
}

/** What a comparison needs of a run. */
export function measuredRun(figures: RunFigures): MeasuredRun & Pick<RunResult, 'outcomes'> {
  const { series: _s, distributions: _d, busiestServer: _b, ...rest } = runResult(figures)
  const { assumptions: _a, ...measured } = rest
  return measured
}

/** Region servers that have nothing to flush. */
export function idleRegionServers(): RegionServersResult {
  const none = { count: 0, p50: null, p99: null, p999: null, max: null }
  return {
    flushes: {
      count: 0,
      bytes: 0,
      byReason: { size: 0, age: 0, pressure: 0 },
      stallUs: none,
      durationUs: none,
      writeP999Us: { stalled: null, calm: null },
    },
    compactions: { count: 0, major: 0, inputFiles: 0, bytes: 0, durationUs: none },
    rolls: { size: 0, period: 0, 'slow sync': 0 },
    refused: { 'region too busy': 0, 'call queue too big': 0, 'not serving': 0 },
    memstoreBytes: { max: 0 },
    storeFiles: { max: 0 },
    wals: { maxFiles: 0 },
  }
}

function peerResult(figures: PeerFigures, struck: boolean, atUs: number): PeerResult {
  const usd = figures.usd
  const rpo = {
    p50Us: 0,
    p99Us: figures.rpoP99Us ?? 0,
    maxUs: 0,
    maxEdits: 0,
    maxBytes: 0,
    timeShareAboveZero: 0,
  }
  const disaster = {
    kind: 'cluster-loss',
    atUs,
    lostEdits: figures.lostEdits ?? 0,
    lostBytes: 0,
    oldestLostAgeUs: figures.oldestLostAgeUs ?? null,
  }
  return {
    endpoint: 'direct',
    claims: [],
    brokenClaims: {},
    acceptedEdits: 100,
    confirmedEdits: 100,
    storedEdits: 100,
    duplicateEdits: {},
    confirmedNotStoredEdits: { max: figures.confirmedNotStored ?? 0, timeShare: 0 },
    missingAfterQuiescence: 0,
    holes: { edits: 0, bytes: 0, firstUs: null },
    confirmLatencyUs: latency(null),
    storeLatencyUs: latency(figures.storeP99Us ?? null),
    rpo: figures.rpoP99Us === undefined ? {} : { 'cluster-loss': rpo },
    disasters: struck ? [disaster] : [],
    drainUs: [],
    pendingUploads: { maxBytes: 0, endBytes: 0 },
    oldWALs: { maxBytes: 0 },
    objects: { count: figures.objects ?? 0, p50Bytes: null, maxBytes: null },
    requests: {},
    costUsdPerMonth:
      usd === undefined ? null : { requests: 0, storage: usd, pendingUploads: 0, total: usd },
    hbaseMetrics: {},
  }
}

function latency(p99: number | null) {
  return { count: p99 === null ? 0 : 100, p50: p99, p99, p999: p99, max: p99 }
}
