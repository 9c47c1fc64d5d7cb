import type { RowsRead } from '../hbase/client/read-observer.js'
import { TableKeys } from '../hbase/client/table-keys.js'
import { NO_KEY } from '../hbase/regionserver/call-kind.js'
import type { DrawStream } from '../kernel/draws.js'
import { ReplicaProbes } from '../measure/replica-probes.js'
import { ReplicaReads } from '../measure/replica-reads.js'
import type { ProbesResult, ReadsResult } from '../measure/replica-result.js'
import { VersionHistory } from '../measure/version-history.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'
import type { ClusterReplicas } from './region-replicas.js'
import { buildPhases } from './workload-phases.js'

/** Reads of every table at drawn instants; staleReadProbability is known to 1 / (2 √ this). */
export const PROBES = 2_000
/** Writes whose versions are remembered, per table. */
export const WRITES = 262_144
/** Operations of an open-loop phase are those of so many clients in turn. */
export const CLIENTS = 100

interface TableVersions {
  readonly keys: TableKeys
  readonly history: VersionHistory
  readonly reads: ReplicaReads
  readonly probes: ReplicaProbes
}

/**
 * The versions of rows of replicated tables: which one a read of a replica returned, and which one
 * it should have.
 *
 * Simplification: phases of one table have the same rows only if their `keyCount` is the same. Those of
 * the first phase are followed; a key of another counts if it is in the same region as there.
 */
export class ReplicaVersions {
  readonly #cluster: Cluster
  readonly #replicas: ClusterReplicas
  readonly #tables = new Map<string, TableVersions>()
  /** Of each region, primaries and secondaries alike. */
  readonly #ofRegion: (TableVersions | null)[]

  constructor(cluster: Cluster, replicas: ClusterReplicas) {
    const { model, map } = cluster
    this.#cluster = cluster
    this.#replicas = replicas
    model.scenario.workload.forEach(({ table, keyCount }) => {
      const replication = model.scenario.tables[table]?.regionReplication ?? 1
      if (replication > 1 && !this.#tables.has(table)) this.#follow(table, keyCount, replication)
    })
    this.#ofRegion = Array.from({ length: map.allRegions }, (_, region) => {
      return this.#tables.get(map.tableOf(region)) ?? null
    })
  }

  /** A put of a primary is visible. */
  write(region: number, key: number, sequenceId: number, acknowledgedUs: number): void {
    this.#tableOf(region, key)?.history.write(key, sequenceId, acknowledgedUs)
  }

  /** Sequence id of what a replica has of a row now; 0 if none is known. */
  versionOf(region: number, key: number): number {
    const table = this.#tableOf(region, key)
    if (table === null) return 0
    return table.history.newestReadable(key, this.#isReadable(region))
  }

  /** A client has an answer of a replica. */
  rowsRead({ operation, region, replicaId, key, sentUs, version }: RowsRead): void {
    const table = this.#tableOf(region, key)
    if (table === null) return
    const expected = table.history.newestAt(key, sentUs)
    const isFresh = expected === null || version >= expected.sequenceId
    const staleAgeUs = isFresh ? null : sentUs - expected.acknowledgedUs
    const closedLoop = this.#cluster.closedLoop?.clientOf(operation) ?? null
    const client = closedLoop === null ? operation % CLIENTS : CLIENTS + closedLoop
    table.reads.answered({ client, key, replicaId, sentUs, sequenceId: version, staleAgeUs })
  }

  /** Reads of the run's clients from replica `replicaId` of the table. */
  reads(table: string, replicaId: number): ReadsResult | null {
    return this.#tables.get(table)?.reads.result(replicaId) ?? null
  }

  /** @param replicaId from 1 */
  probes(table: string, replicaId: number): ProbesResult | null {
    return this.#tables.get(table)?.probes.result(replicaId) ?? null
  }

  /** Reads that take no time, at uniform instants of the window, of keys that the workload chooses. */
  scheduleProbes(): void {
    const { model, scheduler, map } = this.#cluster
    const { warmupUs, durationUs } = model.scenario
    const phases = buildPhases(model, map)
    for (const [name, table] of this.#tables) {
      const phase = phases.find(({ firstRegion }) => firstRegion === table.keys.firstRegion)
      if (phase === undefined) continue
      const draws: DrawStream = model.luck.stream(purposes.replicaProbe, name)
      const handler = scheduler.handler((n) => {
        this.#probe(table, phase.keys.key(draws.uniform(n, 0, 1)))
      })
      for (let n = 0; n < PROBES; n++) {
        const atUs = warmupUs + Math.floor(draws.uniform(n) * (durationUs - warmupUs))
        scheduler.schedule(atUs, handler, n)
      }
    }
  }

  #probe(table: TableVersions, key: number): void {
    const { scheduler, map, locations } = this.#cluster
    const region = table.keys.regionOf(key)
    for (const replica of map.replicas.replicasOf(region)) locations.serverOf(replica)?.advance()
    const secondaries = this.#replicas.secondariesOf(region).map((replica) => ({
      isAvailable: this.#replicas.tracker.isAvailable(replica),
      isReadable: this.#isReadable(replica),
    }))
    table.probes.probe(key, scheduler.now, secondaries)
  }

  /** Null of a row that is not followed. */
  #tableOf(region: number, key: number): TableVersions | null {
    const table = this.#ofRegion[region]
    if (table == null || key === NO_KEY || key >= table.keys.keyCount) return null
    const primary = this.#cluster.map.replicas.primaryOf(region)
    return table.keys.regionOf(key) === primary ? table : null
  }

  #isReadable(region: number): (sequenceId: number) => boolean {
    if (!this.#cluster.map.replicas.isSecondary(region)) return () => true
    const secondary = this.#replicas.secondary(region)
    return (sequenceId) => secondary.readable(sequenceId - 1, sequenceId)
  }

  #follow(table: string, keyCount: number, replication: number): void {
    const { map, model } = this.#cluster
    const history = new VersionHistory(keyCount, WRITES)
    const regions = model.scenario.tables[table]?.regions ?? 1
    this.#tables.set(table, {
      keys: new TableKeys(keyCount, map.firstRegion(table), regions),
      history,
      reads: new ReplicaReads(replication),
      probes: new ReplicaProbes(history, replication),
    })
  }
}
