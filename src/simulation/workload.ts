import type { Scenario } from '../scenario/scenario.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { ReplicaMap } from './replica-map.js'

/** TableName.META_TABLE_NAME */
export const META_TABLE = 'hbase:meta'

/** Sets the names of replicas of neighbouring regions apart. */
const REPLICA_STRIDE = 7_919
const NO_FAMILIES: readonly number[] = []

/** A table's regions: `count` of them, beginning with number `first`. */
export interface TableRegions {
  readonly table: string
  /** What share of a put's bytes each family takes. */
  readonly families: readonly number[]
  readonly first: number
  readonly count: number
}

/**
 * Regions of all tables, numbered through in order of the tables' names. Each table's are dealt to
 * the servers in turn, so that no table's place depends on what other tables there are. Behind all
 * of them comes the only region of hbase:meta.
 *
 * Simplification: hbase:meta has one family, `info`; those for replication barriers and for the
 * namespaces are left out, for next to nothing is written to them.
 */
export class RegionMap {
  /** The users'. */
  readonly tables: readonly TableRegions[]
  /** Of the users' tables. */
  readonly regions: number
  /** Number of hbase:meta's region. */
  readonly metaRegion: number
  /** The server that carries it at first. */
  readonly metaServer: number
  /** Secondary replicas of all of them. */
  readonly replicas: ReplicaMap
  readonly #servers: Int32Array
  readonly #meta: TableRegions

  /**
   * @param firstServer the server that holds a table's first region
   * @param racks servers are on racks in turn
   * @param metaReplicas `hbase.meta.replica.count`
   */
  constructor(
    tables: Scenario['tables'],
    servers: number,
    firstServer: (table: string) => number,
    racks = 1,
    metaReplicas = 1,
  ) {
    const found: TableRegions[] = []
    let next = 0
    for (const table of Object.keys(tables).sort()) {
      const count = tables[table]?.regions ?? 0
      const families = Object.values(tables[table]?.families ?? {})
      found.push({ table, families, first: next, count })
      next += count
    }
    this.tables = found
    this.regions = next
    this.metaRegion = next
    this.metaServer = firstServer(META_TABLE)
    this.#meta = { table: META_TABLE, families: [1], first: next, count: 1 }
    this.#servers = new Int32Array(next)
    for (const { table, first, count } of found) {
      const start = firstServer(table)
      for (let i = 0; i < count; i++) this.#servers[first + i] = (start + i) % servers
    }
    const replicated = found.map(({ table, first, count }) => {
      return { first, count, replication: tables[table]?.regionReplication ?? 1 }
    })
    this.replicas = new ReplicaMap({
      regions: [...replicated, { first: next, count: 1, replication: metaReplicas }],
      firstSecondary: next + 1,
      servers,
      rackOf: (server) => server % racks,
      primaryServer: (region) => (region === next ? this.metaServer : this.serverOf(region)),
    })
  }

  firstRegion(table: string): number {
    const found = this.tables.find((regions) => regions.table === table)
    if (found === undefined) throw new RangeError(`no table "${table}"`)
    return found.first
  }

  /** Regions with that of hbase:meta and all secondary replicas. */
  get allRegions(): number {
    return this.replicas.numbers
  }

  tableOf(region: number): string {
    return this.#tableRegions(region).table
  }

  /** Shares of a put's bytes, by family of the region; none of a secondary, which has no files. */
  familiesOf(region: number): readonly number[] {
    return this.replicas.isSecondary(region) ? NO_FAMILIES : this.#tableRegions(region).families
  }

  /** A number below 65,536 that the region keeps whatever other tables there are. */
  nameOf(region: number): number {
    let hash = this.placeOf(region)
    for (const letter of this.tableOf(region)) hash = (hash * 31 + letter.charCodeAt(0)) & 0xffff
    return (hash + this.replicas.replicaIdOf(region) * REPLICA_STRIDE) & 0xffff
  }

  /** Place of the region in its table. */
  placeOf(region: number): number {
    return this.replicas.primaryOf(region) - this.#tableRegions(region).first
  }

  /** Of a user's region, at first. */
  serverOf(region: number): number {
    return this.#servers[region] as number
  }

  #tableRegions(region: number): TableRegions {
    const primary = this.replicas.primaryOf(region)
    const found = this.tables.findLast(({ first }) => first <= primary)
    return found === undefined || primary === this.metaRegion ? this.#meta : found
  }

  /** Users' regions that the server has at first. */
  regionsOf(server: number): number[] {
    const regions: number[] = []
    for (let region = 0; region < this.regions; region++) {
      if (this.serverOf(region) === server) regions.push(region)
    }
    return regions
  }
}

/** Where a table's regions begin is a matter of luck, as after years of balancing. */
export function buildRegionMap(model: Model): RegionMap {
  const { tables, cluster } = model.scenario
  const { regionServers, racks } = cluster
  const firstServer = (table: string) =>
    Math.floor(model.once(purposes.assignment, table) * regionServers)
  const metaReplicas = model.number('hbase.meta.replica.count')
  return new RegionMap(tables, regionServers, firstServer, racks, metaReplicas)
}
