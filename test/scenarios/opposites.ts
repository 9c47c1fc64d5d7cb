import { replicaOpposites } from './replica-opposites.js'

/**
 * For every expectation of the scenarios that make a claim of HBase or its storage: a variant that it
 * is for, and overrides that turn what the claim rests on into its opposite.
 */
export interface Opposite {
  readonly variant: string
  readonly that: string
  readonly instead: Readonly<Record<string, unknown>>
}

const enforce = 'site["hbase.unsafe.stream.capability.enforce"]'
const stagedCopy = { 'peers.backup.endpoint': 'staged-copy' }
const dualWrite = { 'peers.backup.endpoint': 'dual-write' }
const direct = { 'peers.backup.endpoint': 'direct' }
const deferredOffset = { 'peers.backup.endpoint': 'deferred-offset' }
const unsafeFlush = { 'peers.backup.endpoint': 'unsafe-flush', [enforce]: false }
const everyRequest = { 'site["fs.s3a.create.performance"]': false }
const as = (answer: string) => ({ 'faults[0].as': answer })
const every = (flushInterval: string) => ({ 'peers.backup.flushInterval': flushInterval })
const quota = (bytes: number) => ({ 'site["replication.total.buffer.quota"]': bytes })
const autorecovery = (on: boolean) => ({ 'site["replication.source.eof.autorecovery"]': on })
const walHsync = (on: boolean) => ({ 'site["hbase.wal.hsync"]': on })
const sync = (how: string) => ({ 'peers.backup.sync': how })
const walProvider = (name: string) => ({ 'site["hbase.wal.provider"]': name })
const unfixed = (...issues: string[]) => ({ unfixed: issues })
const disabled = { at: '5 min', do: 'disable-peer', peer: 'backup' }
const enabled = { at: '13 min', do: 'enable-peer', peer: 'backup' }
const away = { at: '5 min', for: '1 h', kind: 'store-outage', store: 'backup', as: 'refuse' }
const site = (key: string, value: number | string | boolean) => ({ [`site["${key}"]`]: value })
const heap = (bytes: number) => ({ 'cluster.heap': `${bytes} B` })
const handlers = (count: number) => site('hbase.regionserver.handler.count', count)
const lowerBound = (bytes: number) => site('hbase.hstore.compaction.throughput.lower.bound', bytes)
const slowCompactions = {
  ...lowerBound(13_107_200),
  ...site('hbase.hstore.compaction.throughput.higher.bound', 26_214_400),
}
const fastCompactions = lowerBound(104_857_600)
const blockingFiles = (count: number) => site('hbase.hstore.blockingStoreFiles', count)
const memstore = (bytes: number) => site('hbase.hregion.memstore.flush.size', bytes)
const blockingWait = (ms: number) => site('hbase.hstore.blockingWaitTime', ms)
const maxLogs = (count: number) => site('hbase.regionserver.maxlogs', count)
const session = (ms: number) => site('zookeeper.session.timeout', ms)
const operationTimeout = (ms: number) => site('hbase.client.operation.timeout', ms)
const splitToHFile = (on: boolean) => site('hbase.wal.split.to.hfile', on)
const paused = (forHow: string) => ({ 'faults[0].for': forHow })
const hdfsLoss = { at: 'uniform(13 min, 18 min)', kind: 'hdfs-loss' }

const often = { table: 'usertable', rate: '150/s', valueSize: '64 KiB', keys: 'uniform' }
const rarely = [often, { table: 'rare', rate: '1/s', valueSize: '1 KiB', keys: 'uniform' }]
const oneFamily = { usertable: { regions: 4 }, rare: { regions: 1 } }
const fewRegions = { 'tables.usertable.regions': 16 }
const stopped = { at: '2 min', kind: 'stop-region-server', server: 'rs1' }
const killed = { at: '2 min', kind: 'kill-region-server', server: 'rs1' }
const gaveUp = { faults: [killed], ...operationTimeout(30_000) }
const closesItsWal = { faults: [stopped] }

const notLost = 'invariants["no edit of backup is lost without a disaster"]'
const claimsKept = 'invariants["confirmed edits of backup survive what backup claims"]'
const queueTooBig = 'regionServers.refused["call queue too big"]'
const regionTooBusy = 'regionServers.refused["region too busy"]'
const byMaxLogs = 'regionServers.flushes.byReason["max-logs"]'
const bufferGivenBack = 'invariants["the buffer of every server is given back"]'

/** Paths that do not begin at the peer. */
const OF_RUN = /^(?:clusterLoss|edits|faults|invariants|recoveries|regionServers|write)/

type Row = readonly [variant: string, that: string, instead: Opposite['instead']]

/** Figures are those of the peer `backup`, unless they are the run's. */
function expecting(...rows: Row[]): Opposite[] {
  return rows.map(([variant, that, instead]) => {
    const ofRun = OF_RUN.test(that)
    return { variant, that: ofRun ? that : `peers.backup.${that}`, instead }
  })
}

export const opposites: Readonly<Record<string, readonly Opposite[]>> = {
  's3-outage': expecting(
    ['option-1-500', 'confirmLatencyUs.max < 10 s', dualWrite],
    ['option-1-500', 'staging.maxBytes > 600 MiB', dualWrite],
    ['option-2-500', 'confirmLatencyUs.max > 8 min', stagedCopy],
    ['option-2-500', 'oldWALs.maxBytes > 400 MiB', stagedCopy],
    ['option-2-500', 'rpo["region-server-crash"].maxUs == 0 us', unsafeFlush],
    ['option-1-500', 'drainUs[0].us < 3 min', as('503')],
    ['option-1-503', 'drainUs[0].us > 3 min', as('500')],
    ['option-2-timeout', 'duplicateEdits.retry > 0', as('500')],
  ),
  's3-throttling': expecting(
    ['direct', 'requests.PUT > peers.backup.objects.count', { 'faults[0].limit': '3500/s' }],
    ['direct', 'rpo["cluster-loss"].maxUs > 2 min', stagedCopy],
    ['option-1', 'rpo["cluster-loss"].maxUs < 100 s', direct],
    ['option-1', 'confirmLatencyUs.max < 10 s', direct],
    ['direct-no-list', 'requests.LIST == 0', everyRequest],
  ),
  'small-files': expecting(
    ['option-1', 'costUsdPerMonth.requests < 0.05', every('1 min')],
    ['option-1-per-minute', 'costUsdPerMonth.requests > 0.21', every('5 min')],
    ['option-1-per-minute', 'costUsdPerMonth.requests < 0.23', everyRequest],
    ['option-1-per-10-s', 'costUsdPerMonth.requests > 1.28', every('1 min')],
    ['option-1-per-10-s', 'costUsdPerMonth.requests < 1.32', everyRequest],
    ['direct', 'costUsdPerMonth.requests > 5', stagedCopy],
    ['deferred-offset', 'objects.count < 12', direct],
    ['interval-only', 'objects.count > 500', { 'peers.backup.configuration': {} }],
    ['one-table', 'objects.count > 100', { 'peers.backup.form': 'feature-branch' }],
    ['one-table-feature-branch', 'objects.count < 12', { 'peers.backup.form': 'hbase-29823' }],
  ),
  'hdfs-loss': expecting(
    ['option-1', 'rpo["hdfs-loss-clean-abort"].p50Us > 1 min', dualWrite],
    ['option-1', 'disasters[0].oldestLostAgeUs > 20 s', direct],
    ['option-2', 'rpo["hdfs-loss"].p50Us > 1 min', direct],
    ['option-2', 'rpo["hdfs-loss-clean-abort"].p99Us < 10 s', stagedCopy],
    ['deferred-offset', 'disasters[0].lostEdits < 100 edits', stagedCopy],
    ['option-2-killed', 'disasters[0].oldestLostAgeUs > 20 s', { faults: [hdfsLoss] }],
    ['option-2-s3-away', 'disasters[0].oldestLostAgeUs > 20 s', { faults: [hdfsLoss] }],
    ['direct', 'rpo["hdfs-loss"].p99Us < 10 s', stagedCopy],
  ),
  'server-crash': expecting(
    ['option-1', 'disasters[0].lostEdits == 0 edits', unsafeFlush],
    ['option-2', 'rpo["region-server-crash"].maxUs == 0 us', unsafeFlush],
    ['direct', 'confirmLatencyUs.max > 100 s', { 'site["replication.sleep.before.failover"]': 0 }],
    ['deferred-offset', 'hbaseMetrics.shippedOps > edits.acknowledged', stagedCopy],
    ['deferred-offset-stopped', 'duplicateEdits.claim > 0 edits', stagedCopy],
    ['option-2', 'pendingUploads.endBytes > 0 B', stagedCopy],
  ),
  'false-durability': expecting(
    ['unsafe-flush', 'disasters[0].lostEdits > 0 edits', deferredOffset],
    ['unsafe-flush', `${claimsKept} == violated`, deferredOffset],
    ['unsafe-flush', 'confirmLatencyUs.p99 < 10 s', deferredOffset],
    ['enforced', 'acceptedEdits == 0 edits', { [enforce]: false }],
    ['enforced', 'hbaseMetrics.numInitializing > 0', { [enforce]: false }],
    ['enforced', 'rpo["region-server-crash"].maxUs == 0 us', { [enforce]: false }],
    ['option-1', 'disasters[0].lostEdits == 0 edits', unsafeFlush],
    ['option-1', 'rpo["region-server-crash"].maxUs == 0 us', unsafeFlush],
  ),
  'old-wals-pile-up': expecting(
    ['healthy', 'oldWALs.maxBytes < 250 MiB', { 'peers.backup.bandwidth': '128 KiB/s' }],
    ['disabled', 'oldWALs.maxBytes > 1000 MiB', { operations: [] }],
    ['slow', 'oldWALs.maxBytes > 800 MiB', { operations: [] }],
    ['removed', 'oldWALs.maxBytes < 600 MiB', { operations: [disabled] }],
    ['filtered', 'oldWALs.maxBytes < 250 MiB', unfixed('HBASE-23205')],
    ['filtered-unfixed', 'oldWALs.maxBytes > 1000 MiB', unfixed()],
    ['deferred-offset', 'oldWALs.maxBytes > 400 MiB', direct],
  ),
  'stuck-empty-wal': expecting(
    ['stuck', 'missingAfterQuiescence > 100 edits', autorecovery(true)],
    ['stuck', 'rpo["cluster-loss"].maxUs > 5 min', autorecovery(true)],
    ['stuck', 'hbaseMetrics.sizeOfLogQueue > 8', autorecovery(true)],
    ['stuck', 'oldWALs.maxBytes > 150 MiB', autorecovery(true)],
    ['autorecovery', 'missingAfterQuiescence == 0 edits', autorecovery(false)],
    ['autorecovery', 'rpo["cluster-loss"].maxUs < 30 s', autorecovery(false)],
    ['autorecovery', 'hbaseMetrics.sizeOfLogQueue <= 2', autorecovery(false)],
  ),
  'quota-starvation': expecting(
    ['starved', 'confirmLatencyUs.max > 1 min', quota(268_435_456)],
    ['starved', 'rpo["cluster-loss"].maxUs > 1 min', quota(268_435_456)],
    ['roomy', 'confirmLatencyUs.max < 10 s', quota(67_108_864)],
    ['disabled', 'missingAfterQuiescence == 0 edits', unfixed('HBASE-28620')],
    ['disabled', `${bufferGivenBack} == held`, unfixed('HBASE-28620')],
    ['leaked', 'missingAfterQuiescence > 1000 edits', unfixed()],
    ['leaked', `${bufferGivenBack} == violated`, unfixed()],
  ),
  'power-loss': expecting(
    ['hflush', 'disasters[0].oldestLostAgeUs > 25 s', sync('hsync')],
    ['hflush', 'rpo["cluster-power-loss"].p50Us > 25 s', sync('hsync')],
    ['hflush', 'rpo["rack-power-loss"].maxUs == 0 us', { 'cluster.racks': 1 }],
    ['hsync', 'disasters[0].lostEdits < 100 edits', sync('hflush')],
    ['hsync', 'rpo["cluster-power-loss"].p99Us < 10 s', sync('hflush')],
    ['hsync', 'clusterLoss[0].lostEdits > 100 edits', walHsync(true)],
    ['hsync-wal-too', 'rpo["cluster-power-loss"].maxUs == 0 us', walHsync(false)],
    ['hsync-wal-too', 'disasters[0].lostEdits == 0 edits', walHsync(false)],
    [
      'many-blocks',
      'rpo["cluster-power-loss"].maxUs > 30 s',
      { 'site["dfs.blocksize"]': 134_217_728 },
    ],
  ),
  'lag-metrics-lie': expecting(
    ['outage', 'rpo["cluster-loss"].maxUs > 5 min', { faults: [] }],
    ['outage', 'hbaseMetrics.replicationLagUs > 5 min', { faults: [], operations: [disabled] }],
    ['disabled', 'hbaseMetrics.replicationLagUs == 0 us', { faults: [away], operations: [] }],
    ['disabled', 'hbaseMetrics.ageOfLastShippedOpUs < 10 s', { operations: [disabled, enabled] }],
    ['enabled-again', 'hbaseMetrics.ageOfLastShippedOpUs > 5 min', { operations: [] }],
    ['stuck', 'hbaseMetrics.timestampOfLastShippedOpUs < 10 min', walProvider('multiwal')],
    [
      'stuck-beside-another',
      'hbaseMetrics.timestampOfLastShippedOpUs > 14 min',
      walProvider('asyncfs'),
    ],
    ['stuck', 'hbaseMetrics.sizeOfLogQueue > 8', autorecovery(true)],
  ),
  'what-hbase-built': expecting(
    ['direct', 'confirmedNotStoredEdits.max == 0 edits', stagedCopy],
    ['deferred-offset', 'confirmLatencyUs.p50 > 1 min', direct],
    ['option-1', 'confirmedNotStoredEdits.max > 100 edits', direct],
    ['option-1', 'confirmLatencyUs.p50 < 5 s', deferredOffset],
    ['option-1', 'rpo["region-server-crash"].maxUs == 0 us', unsafeFlush],
    ['deferred-offset', `${notLost} == violated`, as('503')],
    ['deferred-offset', `${claimsKept} == violated`, as('503')],
    ['feature-branch', `${notLost} == violated`, as('503')],
    ['feature-branch', `${claimsKept} == violated`, as('503')],
    ['deferred-offset-503', `${notLost} == held`, as('500')],
    ['one-table-before-29441', `${claimsKept} == violated`, unfixed()],
    ['one-table-before-29441', 'confirmedNotStoredEdits.max > 100 edits', unfixed()],
    ['unsafe-flush', `${notLost} == violated`, direct],
    ['unsafe-flush', `${claimsKept} == violated`, direct],
    ['unsafe-flush', 'disasters[0].lostEdits > 0 edits', direct],
    ['direct', 'rpo["cluster-loss"].p50Us < 5 s', stagedCopy],
    ['direct', 'costUsdPerMonth.requests > 10', stagedCopy],
  ),
  'flush-storm': expecting(
    ['together', 'regionServers.flushes.byReason.pressure > 0', heap(3e9)],
    ['more-heap', 'regionServers.flushes.byReason.pressure == 0', heap(1e9)],
    ['together', 'writeLatencyUs.p999 > 300 ms', heap(3e9)],
    ['together', 'writeLatencyUs.p99 > 150 ms', { 'cluster.start': 'steady' }],
    ['more-heap', 'writeLatencyUs.p999 < 250 ms', heap(1.8e9)],
    ['more-heap', 'writeLatencyUs.p99 < 100 ms', heap(1.8e9)],
    ['together', 'regionServers.readLatencyUs.p99 > 150 ms', handlers(300)],
    ['together', `${queueTooBig} > 0`, handlers(300)],
    ['more-handlers', `${queueTooBig} == 0`, handlers(30)],
    ['more-handlers', 'regionServers.readLatencyUs.p99 < 200 ms', handlers(30)],
  ),
  'compaction-debt': expecting(
    ['default', 'regionServers.storeFiles.max >= 16', memstore(536_870_912)],
    ['default', 'regionServers.memstoreBytes.max > 150 MiB', blockingFiles(100)],
    ['default', 'regionServers.memstoreBytes.max < 272 MiB', memstore(134_217_728)],
    ['default', `${regionTooBusy} > 10000`, blockingWait(5000)],
    ['default', 'writeLatencyUs.p99 > 3 s', blockingWait(5000)],
    ['more-throughput', `${regionTooBusy} == 0`, slowCompactions],
    ['larger-memstore', 'writeLatencyUs.p99 < 6 s', memstore(33_554_432)],
    ['more-files', `${regionTooBusy} == 0`, blockingFiles(16)],
    ['more-files', 'regionServers.storeFiles.max > 40', fastCompactions],
    ['short-wait', `${regionTooBusy} == 0`, blockingWait(90_000)],
    ['short-wait', 'regionServers.storeFiles.max > 17', blockingWait(90_000)],
  ),
  'max-logs': expecting(
    ['default', 'regionServers.wals.maxFiles > 150', maxLogs(32)],
    ['no-rare-region', 'regionServers.wals.maxFiles < 20', { workload: rarely, ...maxLogs(32) }],
    ['no-rare-region', `${byMaxLogs} == 0`, { workload: rarely }],
    ['maxlogs-32', 'regionServers.wals.maxFiles <= 35', maxLogs(100)],
    ['maxlogs-32', `${byMaxLogs} > 3`, maxLogs(819)],
    ['maxlogs-8', 'regionServers.wals.maxFiles <= 11', maxLogs(32)],
    ['maxlogs-8', `${byMaxLogs} > 15`, maxLogs(32)],
    ['rare-family', `${byMaxLogs} > 20`, { tables: oneFamily }],
  ),
  'server-crash-recovery': expecting(
    [
      'session-40s',
      'recoveries[0].phaseUs.detection > recoveries[0].phaseUs["WAL splitting"]',
      session(5000),
    ],
    ['session-90s', 'recoveries[0].phaseUs.detection >= 85 s', session(40_000)],
    ['session-10s', 'recoveries[0].unavailableRegionUs < 320 s', session(40_000)],
    ['small-memstores', 'recoveries[0].phaseUs["WAL splitting"] > 4 s', closesItsWal],
    ['session-90s', 'recoveries[0].replayedBytes > 300 MiB', memstore(8_388_608)],
    ['session-90s', 'recoveries[0].phaseUs.assignment > 2 s', splitToHFile(true)],
    ['small-memstores', 'recoveries[0].replayedBytes < 100 MiB', memstore(134_217_728)],
    ['split-to-hfile', 'recoveries[0].replayedBytes == 0 B', splitToHFile(false)],
    ['split-to-hfile', 'recoveries[0].phaseUs.assignment < 2 s', splitToHFile(false)],
    ['many-regions', 'recoveries[0].phaseUs["WAL splitting"] > 25 s', fewRegions],
    ['many-regions', 'recoveries[0].phaseUs.assignment > 8 s', fewRegions],
    ['session-90s', 'writeLatencyUs.max > 95 s', session(10_000)],
    ['session-90s', 'edits.failed == 0', operationTimeout(60_000)],
  ),
  'gc-pause-zombie': expecting(
    ['one-minute', 'duplicateEdits.claim == 0 edits', session(40_000)],
    ['one-minute', 'writeLatencyUs.max > 1 min', paused('30 s')],
    ['one-minute', `${queueTooBig} > 0`, paused('1 s')],
    ['two-minutes', 'recoveries[0].phaseUs.detection >= 85 s', session(40_000)],
    ['two-minutes', 'faults[1].atUs > recoveries[0].assignedUs', paused('95 s')],
    ['one-minute-short-session', 'recoveries[0].phaseUs.detection < 45 s', session(90_000)],
    ['one-minute-short-session', 'duplicateEdits.claim > 0 edits', session(90_000)],
    ['one-minute', 'edits.acknowledged == edits.submitted', gaveUp],
    ['two-minutes', 'rpo["region-server-crash"].maxUs == 0 us', unsafeFlush],
  ),
  ...replicaOpposites,
}
