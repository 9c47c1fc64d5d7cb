import type { Opposite } from './opposites.js'

const site = (key: string, value: number | boolean) => ({ [`site["${key}"]`]: value })
const every = (ms: number) => site('hbase.regionserver.storefile.refresh.period', ms)
const metaEvery = (ms: number) => site('hbase.regionserver.meta.storefile.refresh.period', ms)
const sent = (on: boolean) => site('hbase.region.replica.replication.enabled', on)
const catalogSent = (on: boolean) => {
  return site('hbase.region.replica.replication.catalog.enabled', on)
}
const memstore = (bytes: number) => site('hbase.hregion.memstore.flush.size', bytes)
const filesLive = (ms: number) => site('hbase.master.hfilecleaner.ttl', ms)
const session = (ms: number) => site('zookeeper.session.timeout', ms)
const hedgedAfterUs = (us: number) => site('hbase.client.primaryCallTimeout.get', us)
const flushesApart = (seconds: number) => {
  return site('hbase.region.read-replica.sink.flush.min-interval.secs', seconds)
}
const sendsEdits = (on: boolean) => ({ 'tables.usertable.memstoreReplication': on })
const hbase2 = { hbase: '2.6' }
const hbase3 = { hbase: '3.0' }
const noFault = { faults: [] }
const noOperation = { operations: [] }
const peer = 'region_replica_replication'
const disabled = { operations: [{ at: '4 min', do: 'disable-peer', peer }] }
const enabledAgain = {
  operations: [...disabled.operations, { at: '5 min', do: 'enable-peer', peer }],
}
const alone = {
  'tables.usertable.regionReplication': 1,
  ...site('hbase.client.operation.timeout', 30_000),
}
const written = {
  'tables.archive.readOnly': false,
  'workload[0].mix': { get: 0.5, put: 0.5 },
  'workload[0].keyCount': 100,
}

const first = 'replicas.usertable[0]'
const metas = 'replicas["hbase:meta"][1]'
const archives = 'replicas.archive[0]'
const notFound = 'regionServers.refused["file not found"]'
const byPressure = 'regionServers.flushes.byReason.pressure'
const forReplicas = 'regionServers.flushes.byReason.replica'
const timelineGets = 'reads.timeline.get'

type Row = readonly [variant: string, that: string, instead: Opposite['instead']]

function expecting(...rows: Row[]): Opposite[] {
  return rows.map(([variant, that, instead]) => ({ variant, that, instead }))
}

/** `opposites` of the scenarios about region replicas. */
export const replicaOpposites: Readonly<Record<string, readonly Opposite[]>> = {
  'refresher-vs-wal': expecting(
    ['nothing', `${first}.stalenessUs.mean > 12 min`, every(30_000)],
    ['refresher-30s', `${first}.stalenessUs.mean > 110 s`, sent(true)],
    ['refresher-30s', `${first}.stalenessUs.mean < 180 s`, every(0)],
    ['refresher-30s', `${first}.stalenessUs.max < 6 min`, every(0)],
    ['refresher-150s', `${first}.stalenessUs.mean > 165 s`, every(30_000)],
    ['often-flushed', `${first}.stalenessUs.mean < 40 s`, memstore(134_217_728)],
    ['refresher-30s', `${first}.staleReadProbability.probability > 0.08`, sent(true)],
    ['wal', `${first}.stalenessUs.p99 < 100 ms`, sent(false)],
    ['wal', `${first}.staleReadProbability.probability < 0.005`, sent(false)],
    ['wal-2x', `${first}.stalenessUs.mean > 300 ms`, hbase3],
    ['wal-2x', `${first}.stalenessUs.p99 < 5 s`, sent(false)],
    ['wal', `peers.backup.rpo["cluster-loss"].p50Us > ${first}.stalenessUs.p99`, sent(false)],
    ['wal', `${first}.memstoreBytes.mean > 150 MiB`, sent(false)],
    ['refresher-30s', `${first}.memstoreBytes.max == 0 B`, sent(true)],
  ),
  'replicas-2x-vs-3x': expecting(
    ['slow-2x', `${first}.stalenessUs.max > 4 s`, noFault],
    ['dead-2x', `${first}.stalenessUs.max > 90 s`, hbase3],
    ['dead-2x', `${first}.stalenessUs.mean > 2 s`, hbase3],
    ['dead-3x', `${first}.stalenessUs.max < 10 s`, hbase2],
    ['dead-3x', `${first}.stalenessUs.p50 < 50 ms`, hbase2],
    ['slow-3x', `${first}.stalenessUs.max > 15 s`, noFault],
    ['slow-3x', `${first}.stalenessUs.max < 60 s`, flushesApart(300)],
    ['dead-3x', `${forReplicas} > 24`, hbase2],
    ['dead-2x', `${forReplicas} < 16`, hbase3],
    ['dead-3x', `${first}.unavailableUs > 5 min`, session(10_000)],
  ),
  'primary-crash-timeline-reads': expecting(
    ['strong', 'reads.strong.whilePrimaryDown.latencyUs.max > 90 s', session(10_000)],
    ['strong', 'reads.strong.whilePrimaryDown.latencyUs.p50 > 30 s', session(10_000)],
    ['strong', 'writeLatencyUs.max > 90 s', session(10_000)],
    ['timeline', 'reads.timeline.whilePrimaryDown.latencyUs.p50 >= 10 ms', hedgedAfterUs(1000)],
    ['timeline', 'reads.timeline.whilePrimaryDown.latencyUs.p99 < 100 ms', alone],
    ['timeline', `${timelineGets}.failed == 0`, alone],
    ['timeline', `${timelineGets}.extraRpcs > ${timelineGets}.hedged`, alone],
    ['timeline', `${timelineGets}.staleRows > ${first}.reads.stale`, alone],
    ['strong', 'reads.strong.get.stale == 0', { 'workload[1].consistency': 'timeline' }],
    ['timeline', `${first}.staleReadProbability.probability < 0.05`, sent(false)],
    ['timeline-refresher', `${first}.staleReadProbability.probability > 0.2`, sent(true)],
    ['strong', `${first}.unavailableUs > 5 min`, session(10_000)],
  ),
  'storefile-ttl': expecting(
    ['nobody-refreshes', `${notFound} > 1000`, every(60_000)],
    ['nobody-refreshes', `${timelineGets}.failed > 1000`, every(60_000)],
    ['ttl-1h', `${notFound} == 0`, filesLive(300_000)],
    ['ttl-1h', `${first}.stalenessUs.max > 20 min`, every(60_000)],
    ['refresher-60s', `${notFound} == 0`, every(0)],
    ['refresher-60s', `${first}.stalenessUs.max < 4 min`, every(0)],
    ['wal', `${notFound} == 0`, sent(false)],
    ['ttl-1h', `${timelineGets}.failed == 0`, filesLive(300_000)],
  ),
  'meta-replicas': expecting(
    ['nothing', `${metas}.stalenessUs.max > 20 min`, metaEvery(30_000)],
    [
      'refresher-150s',
      `${metas}.stalenessUs.max > 5 min`,
      { ...hbase3, ...sent(true), ...catalogSent(true) },
    ],
    ['refresher-150s', `${metas}.stalenessUs.max < 13 min`, metaEvery(0)],
    ['refresher-30s', `${metas}.stalenessUs.max < 11 min`, metaEvery(0)],
    ['wal-3x', `${metas}.stalenessUs.max < 10 s`, catalogSent(false)],
  ),
  'replica-memory': expecting(
    ['two', `${first}.memstoreBytes.mean > 900 MiB`, sendsEdits(false)],
    ['two', `${first}.memstoreBytes.mean < 1400 MiB`, memstore(268_435_456)],
    ['two', `${byPressure} == 0`, { 'cluster.heap': '2 GiB' }],
    ['three', `${byPressure} > 0`, sendsEdits(false)],
    ['three-markers-only', 'replicas.usertable[1].memstoreBytes.max == 0 B', sendsEdits(true)],
    ['three-markers-only', `${byPressure} == 0`, sendsEdits(true)],
    ['three-markers-only', `${first}.stalenessUs.mean > 4 min`, sendsEdits(true)],
    ['three', `${first}.stalenessUs.mean < 1 s`, sendsEdits(false)],
  ),
  'read-only-table': expecting(
    ['timeline', `${archives}.stalenessUs.max == 0 us`, written],
    ['timeline', `${archives}.memstoreBytes.max == 0 B`, { ...written, ...sent(true) }],
    [
      'timeline',
      'reads.timeline.whilePrimaryDown.latencyUs.p99 < 100 ms',
      { 'tables.archive.regionReplication': 1 },
    ],
    ['strong', 'reads.strong.whilePrimaryDown.latencyUs.max > 90 s', session(10_000)],
    ['timeline', `${timelineGets}.stale > 0`, { 'tables.archive.regionReplication': 1 }],
    ['timeline', `${archives}.reads.stale == 0`, written],
  ),
  'switching-replication-off': expecting(
    ['disable-peer-only', `${first}.unavailableUs > 33 min`, sent(false)],
    ['on', `${first}.unavailableUs < 5 min`, disabled],
    ['on', `${first}.stalenessUs.p50 < 2 s`, disabled],
    ['configuration-only', `${first}.traffic.edits > 20000`, disabled],
    ['configuration-only', `${first}.gapUs.total > 1 s`, sent(true)],
    ['on', `${first}.gapUs.total < 1 s`, { ...enabledAgain, ...sent(false) }],
    ['disable-peer-only', `${first}.stalenessUs.max > 15 min`, noOperation],
    ['disable-peer-only', 'peers.backup.oldWALs.maxBytes > 1000 MiB', noOperation],
    ['on', 'peers.backup.oldWALs.maxBytes < 700 MiB', disabled],
  ),
  'bulk-load-replicas': expecting(
    ['nothing', `${first}.stalenessUs.max > 14 min`, every(60_000)],
    ['refresher-60s', `${first}.stalenessUs.max < 545 s`, noOperation],
    ['markers-2x', `${first}.stalenessUs.max < 490 s`, noOperation],
    ['markers-2x', `${first}.traffic.markers >= 27`, noOperation],
    ['markers-2x', `${first}.traffic.bytes < 1 MiB`, sendsEdits(true)],
    ['wal-3x', `${first}.stalenessUs.max < 5 s`, sent(false)],
  ),
  'refresher-and-wal-both': expecting(
    ['both', `${first}.stalenessUs.p50 < 50 ms`, sent(false)],
    ['both', `${first}.stalenessUs.mean < 2 s`, sent(false)],
    ['refresher', `${first}.stalenessUs.mean > 1 min`, sent(true)],
    ['both', `${first}.stalenessUs.max > 15 s`, noFault],
    ['both', `${first}.stalenessUs.max < 60 s`, sent(false)],
    ['both-2x-disabled', `${first}.stalenessUs.max < 270 s`, every(0)],
    ['wal-2x-disabled', `${first}.stalenessUs.max > 7 min`, every(10_000)],
  ),
}
