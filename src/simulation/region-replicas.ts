import type { Refusal } from '../hbase/regionserver/refusal.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import { ReplicaRpc } from '../hbase/regionserver/regionreplication/replica-rpc.js'
import { RegionTooBusyException, SecondaryRegion } from '../hbase/regionserver/secondary-region.js'
import type { StoreFile } from '../hbase/regionserver/store-file.js'
import type { ReplicaHooks } from '../hbase/regionserver/write-path-options.js'
import type { ReplicaEntry } from '../hbase/wal/replica-entry.js'
import type { Variate } from '../kernel/variate.js'
import { ReplicaTracker } from '../measure/replica-tracker.js'
import { ReplicaTraffic } from '../replication/endpoints/region-replica/replica-traffic.js'
import { IOException } from '../storage/io-exception.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'
import { heapOfEntries, ReplayCosts } from './replay-costs.js'
import { isSentEdits, type ReplicationOfRegions, replicationOf } from './replica-edits.js'
import { ReplicaVersions } from './replica-versions.js'
import { META_TABLE, type RegionMap } from './workload.js'

/** Null if no region has replicas. */
export function buildRegionReplicas(cluster: Cluster): ClusterReplicas | null {
  return cluster.map.replicas.secondaries.length === 0 ? null : new ClusterReplicas(cluster)
}

/** All secondary replicas of a cluster: what they hold, how they are sent entries, how stale they are. */
export class ClusterReplicas {
  readonly tracker: ReplicaTracker
  readonly rpc: ReplicaRpc<RegionServer>
  readonly versions: ReplicaVersions
  /** What HBase 3 sends to secondaries; in HBase 2 the peer knows. */
  readonly traffic = new ReplicaTraffic()
  readonly version: '2.x' | '3.x'
  /** Called when a secondary has replayed the end of a flush of its primary. */
  onFlushed: (region: number) => void = () => {}
  readonly #cluster: Cluster
  readonly #map: RegionMap
  readonly #secondaries: readonly SecondaryRegion[]
  readonly #isReplicated: Uint8Array
  readonly #handsOn: boolean
  /** Whether a secondary has a file that is gone, as of so many deletions. */
  readonly #vanished = new Map<number, { deleted: number; vanished: boolean }>()
  readonly #network: Variate
  /** How often each secondary has had its primary flushed; names the draws of doing so. */
  readonly #flushRequests = new Map<number, number>()
  readonly #costs: ReplayCosts

  constructor(cluster: Cluster) {
    const { model, map, scheduler } = cluster
    this.#cluster = cluster
    this.#map = map
    this.version = model.scenario.hbase === '2.6' ? '2.x' : '3.x'
    this.#secondaries = map.replicas.secondaries.map((region) => this.#secondary(region))
    this.#isReplicated = Uint8Array.from({ length: map.allRegions }, (_, region) => {
      return map.replicas.replicasOf(region).length > 1 && !map.replicas.isSecondary(region) ? 1 : 0
    })
    this.#costs = new ReplayCosts(model)
    this.#network = model.variate(model.cluster, 'network', purposes.network, 'replicas')
    const names = Array.from({ length: map.allRegions }, (_, region) => map.nameOf(region))
    this.rpc = new ReplicaRpc({
      scheduler,
      network: this.#network,
      serverOf: (region) => cluster.locations.serverOf(region),
      regionName: (region) => names[region],
    })
    this.#handsOn = this.version === '3.x' && this.#anyReplicated()
    this.tracker = this.#buildTracker()
    this.versions = new ReplicaVersions(cluster, this)
  }

  /** How the table's secondaries get what is written between flushes. */
  replicationOf(table: string): ReplicationOfRegions {
    return replicationOf(this.#cluster.model, table)
  }

  /** Every secondary that is open and sent edits has all of them. */
  get settled(): boolean {
    return this.lacking().length === 0
  }

  /** Secondaries that are open, sent edits, and lack some. */
  lacking(): number[] {
    const { locations } = this.#cluster
    return this.secondaries.filter((region) => {
      if (locations.serverOf(region) === null) return false
      return this.isSentEdits(this.#map.tableOf(region)) && this.tracker.missingEdits(region) > 0
    })
  }

  /** A secondary of HBase 2 takes no edit beyond its limit; what would empty it comes behind one. */
  refusesEdits(region: number): boolean {
    const { model } = this.#cluster
    const multiplier = model.number('hbase.hregion.memstore.block.multiplier')
    const limitBytes = multiplier * model.number('hbase.hregion.memstore.flush.size')
    return this.version === '2.x' && this.heapBytes(region) > limitBytes
  }

  /** Edits of the table are sent, not markers alone. */
  isSentEdits(table: string): boolean {
    return isSentEdits(this.#cluster.model, table)
  }

  secondary(region: number): SecondaryRegion {
    return this.#secondaries[region - this.#map.replicas.firstSecondary]
  }

  /** How long a request for a flush travels to the primary of a secondary, and its answer back. */
  flushRequestUs(region: number): [number, number] {
    const n = this.#flushRequests.get(region) ?? 0
    this.#flushRequests.set(region, n + 1)
    const name = this.#map.nameOf(region)
    return [this.#network.draw(name, n, 0), this.#network.draw(name, n, 1)]
  }

  /** Region numbers of all secondaries. */
  get secondaries(): readonly number[] {
    return this.#map.replicas.secondaries
  }

  /** Of those that answer reads now, how old the oldest edit is that one of them lacks. */
  worstStalenessUs(nowUs: number): number {
    let worstUs = 0
    for (const region of this.secondaries) {
      if (!this.tracker.isAvailable(region)) continue
      worstUs = Math.max(worstUs, this.tracker.stalenessUs(region, nowUs))
    }
    return worstUs
  }

  /** Region numbers of the secondaries of a primary. */
  secondariesOf(primary: number): readonly number[] {
    return this.#map.replicas.replicasOf(primary).slice(1)
  }

  /** Whether the file is in its region's directory or in the archive. */
  exists(file: StoreFile): boolean {
    const { stores, archive } = this.#cluster.files
    const store = stores.store(file.region, file.family)
    return store.files.includes(file) || store.compactedFiles.includes(file) || archive.has(file)
  }

  /** The first file that the secondary would read and that is nowhere any more. */
  vanishedFile(region: number): StoreFile | undefined {
    const secondary = this.secondary(region)
    for (let family = 0; family < secondary.families; family++) {
      const file = secondary.files(family).find((of) => !this.exists(of))
      if (file !== undefined) return file
    }
    return undefined
  }

  /** Heap bytes of a secondary; 0 of a primary. */
  heapBytes(region: number): number {
    return this.#map.replicas.isSecondary(region) ? this.secondary(region).heapBytes : 0
  }

  /**
   * Why a region that is open does not answer reads; null if it does.
   *
   * Simplifications: a file that is gone fails every read of the region, where in HBase a get that
   * finds its block in the cache, or its row in other files, succeeds; and it stays so until the
   * secondary has other files, where HBase asks the master to unassign the region
   * (`hbase.hregion.unassign.for.fnfe`).
   */
  refusesReads(region: number): Refusal | null {
    if (!this.#map.replicas.isSecondary(region)) return null
    if (!this.secondary(region).readsEnabled) return 'reads disabled'
    return this.#hasVanishedFile(region) ? 'file not found' : null
  }

  /** Looked up anew only when files were deleted, or the secondary got others. */
  #hasVanishedFile(region: number): boolean {
    const { deleted } = this.#cluster.files.archive
    const known = this.#vanished.get(region)
    if (known?.deleted === deleted) return known.vanished
    const vanished = this.vanishedFile(region) !== undefined
    this.#vanished.set(region, { deleted, vanished })
    return vanished
  }

  /** What a secondary holds, or whether it answers, has changed other than by a delivery. */
  changed(region: number, nowUs: number): void {
    this.#advancePrimary(region)
    this.#vanished.delete(region)
    this.tracker.changed(region, nowUs)
    this.#tellMemstore(region, nowUs)
    this.#tellAvailability(region, this.secondary(region).readsEnabled, nowUs)
  }

  /** The secondary is open nowhere. */
  closed(region: number, nowUs: number): void {
    this.#advancePrimary(region)
    this.secondary(region).close()
    this.#tellAvailability(region, false, nowUs)
    this.tracker.changed(region, nowUs)
    this.#tellMemstore(region, nowUs)
  }

  /** A server's process has ended, with the memory of its secondaries. */
  serverGone(server: RegionServer): void {
    const { now } = this.#cluster.scheduler
    this.rpc.serverGone(server)
    for (const region of this.#cluster.locations.regionsOf(server)) {
      if (this.#map.replicas.isSecondary(region)) this.closed(region, now)
    }
  }

  /**
   * Acknowledged edits of a primary above `afterId` died with its server: no replica lacks them.
   *
   * Simplification: where a disaster in HDFS took some of a WAL's edits, those behind count as lost too.
   */
  lost(region: number, afterId: number): void {
    this.tracker.lost(region, afterId, this.#cluster.scheduler.now)
  }

  /** What the write path of a server does for replicas. */
  hooks(server: () => RegionServer | null): ReplicaHooks {
    return {
      isReplicated: this.#isReplicated,
      handsOn: this.#handsOn,
      visible: (region, sequenceId, bytes, key, acknowledgedUs, timeUs) => {
        this.tracker.edit(region, sequenceId, acknowledgedUs, timeUs)
        this.versions.write(region, key, sequenceId, acknowledgedUs)
        server()?.replicas?.replication?.edit(region, sequenceId, bytes)
      },
      markerAppended: (region, sequenceId, bytes, marker) => {
        const { kind } = marker
        // What files hold may end at both: recovered edits are flushed before a region is open.
        if (kind === 'START_FLUSH' || kind === 'REGION_OPEN') this.tracker.cut(region)
        if (kind !== 'START_FLUSH') return
        server()?.replicas?.replication?.marker(region, sequenceId, bytes, marker)
      },
      markerVisible: (region, sequenceId, bytes, marker) => {
        server()?.replicas?.replication?.marker(region, sequenceId, bytes, marker)
      },
      waitsForMemory: this.version === '2.x',
      replayUs: (call) => {
        return this.#costs.replayUs(this.rpc.entriesOf(call), this.rpc.workOf(call))
      },
      heapOf: (call, region) => {
        const families = this.#map.familiesOf(this.#map.replicas.primaryOf(region)).length
        const { cellOverhead } = this.#cluster.files.memstores
        return heapOfEntries(this.rpc.entriesOf(call), families * cellOverhead)
      },
      replay: (call, region, timeUs) => this.#replay(call, region, timeUs),
      refused: (call, why, timeUs) => this.rpc.ended(call, why, timeUs),
    }
  }

  #replay(call: number, region: number, timeUs: number): number {
    const secondary = this.secondary(region)
    const entries = this.rpc.entriesOf(call)
    const before = secondary.heapBytes
    let failure = null
    this.#advancePrimary(region)
    try {
      secondary.replay(entries)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      failure = error instanceof RegionTooBusyException ? ('region too busy' as const) : error.kind
    }
    this.#tellReplayed(region, entries, failure !== null, timeUs)
    this.rpc.ended(call, failure, timeUs)
    return secondary.heapBytes - before
  }

  /** A plain delivery is edits in their order; all else is looked at whole. */
  #tellReplayed(
    region: number,
    entries: readonly ReplicaEntry[],
    failed: boolean,
    timeUs: number,
  ): void {
    const first = entries[0]
    const last = entries[entries.length - 1]
    if (failed || !areEditsInOrder(entries)) {
      this.#vanished.delete(region)
      this.tracker.changed(region, timeUs)
      this.#tellAvailability(region, this.secondary(region).readsEnabled, timeUs)
      if (entries.some(({ marker }) => marker?.kind === 'COMMIT_FLUSH')) this.onFlushed(region)
    } else this.tracker.delivered(region, timeUs, first.after, last.sequenceId)
    this.#tellMemstore(region, timeUs)
  }

  #tellMemstore(region: number, nowUs: number): void {
    this.tracker.memstore(region, this.secondary(region).heapBytes, nowUs)
  }

  #tellAvailability(region: number, available: boolean, nowUs: number): void {
    if (available) this.tracker.available(region, nowUs)
    else this.tracker.unavailable(region, nowUs)
  }

  /**
   * The tracker must know of every edit that is visible by now. Where edits are handed on at once it
   * does; a server that has both replicas has played its own edits when it comes to the replay.
   */
  #advancePrimary(region: number): void {
    if (this.#handsOn) return
    const { locations } = this.#cluster
    const server = locations.serverOf(this.#map.replicas.primaryOf(region))
    if (server !== null && server !== locations.serverOf(region)) server.advance()
  }

  #anyReplicated(): boolean {
    const { tables } = this.#map
    return [...tables.map(({ table }) => table), META_TABLE].some((table) => {
      return this.replicationOf(table) !== 'none'
    })
  }

  #secondary(region: number): SecondaryRegion {
    const { model, files, map } = this.#cluster
    const primary = map.replicas.primaryOf(region)
    const flushSize = model.number('hbase.hregion.memstore.flush.size')
    return new SecondaryRegion({
      shares: map.familiesOf(primary),
      cellOverhead: files.memstores.cellOverhead,
      blockingMemstoreSize: flushSize * model.number('hbase.hregion.memstore.block.multiplier'),
      version: this.version,
      listing: (family) => {
        const store = files.stores.store(primary, family)
        return [...store.files, ...store.compactedFiles]
      },
      isCompacted: ({ region, family, name }) => {
        return files.stores.store(region, family).compactedFiles.some((file) => file.name === name)
      },
      exists: (file) => this.exists(file),
      onMemstoreChanged: () => {},
    })
  }

  #buildTracker(): ReplicaTracker {
    const { model, map } = this.#cluster
    const { replicas } = map
    const numbered = [...map.tables, { table: META_TABLE, first: map.metaRegion, count: 1 }]
    return new ReplicaTracker({
      tables: numbered.map(({ table, first, count }) => ({
        name: table,
        regions: Array.from({ length: count }, (_, i) => first + i),
        replication: replicas.replicasOf(first).length,
        isSentEdits: this.isSentEdits(table),
      })),
      replicasOf: (region) => replicas.replicasOf(region),
      content: {
        readable: (region, after, to) => this.secondary(region).readable(after, to),
        filesUpTo: (region) => this.secondary(region).filesUpTo,
      },
      window: { fromUs: model.scenario.warmupUs, untilUs: model.scenario.durationUs },
    })
  }
}

function areEditsInOrder(entries: readonly ReplicaEntry[]): boolean {
  let last = Number.NEGATIVE_INFINITY
  for (const { marker, firstSequenceId, sequenceId } of entries) {
    if (marker !== null || firstSequenceId <= last) return false
    last = sequenceId
  }
  return true
}
