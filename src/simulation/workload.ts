import type { OperationMix, WorkloadPhase } from '../hbase/client/clients.js'
import { uniformKeys, zipfianKeys } from '../hbase/client/key-chooser.js'
import { distribution } from '../kernel/distribution.js'
import { tabulated } from '../kernel/tabulated-distribution.js'
import type { Scenario, WorkloadSpec } from '../scenario/scenario.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'

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
 * the servers in turn, so that no table's place depends on what other tables there are.
 */
export class RegionMap {
  readonly tables: readonly TableRegions[]
  readonly regions: number
  readonly #servers: Int32Array

  /** @param firstServer the server that holds a table's first region */
  constructor(tables: Scenario['tables'], servers: number, firstServer: (table: string) => number) {
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
    this.#servers = new Int32Array(next)
    for (const { table, first, count } of found) {
      const start = firstServer(table)
      for (let i = 0; i < count; i++) this.#servers[first + i] = (start + i) % servers
    }
  }

  firstRegion(table: string): number {
    const found = this.tables.find((regions) => regions.table === table)
    if (found === undefined) throw new RangeError(`no table "${table}"`)
    return found.first
  }

  tableOf(region: number): string {
    return this.#tableRegions(region)?.table ?? ''
  }

  /** Shares of a put's bytes, by family of the region. */
  familiesOf(region: number): readonly number[] {
    return this.#tableRegions(region)?.families ?? []
  }

  /** A number below 65,536 that the region keeps whatever other tables there are. */
  nameOf(region: number): number {
    let hash = this.placeOf(region)
    for (const letter of this.tableOf(region)) hash = (hash * 31 + letter.charCodeAt(0)) & 0xffff
    return hash
  }

  /** Place of the region in its table. */
  placeOf(region: number): number {
    return region - (this.#tableRegions(region)?.first ?? 0)
  }

  serverOf(region: number): number {
    return this.#servers[region] as number
  }

  #tableRegions(region: number): TableRegions | undefined {
    return this.tables.findLast(({ first }) => first <= region)
  }

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
  const { regionServers } = cluster
  return new RegionMap(tables, regionServers, (table) =>
    Math.floor(model.once(purposes.assignment, table) * regionServers),
  )
}

export function buildPhases(model: Model, map: RegionMap): WorkloadPhase[] {
  return model.scenario.workload.map((spec, p) => buildPhase(model, spec, p, map))
}

function mixOf(model: Model, { mix }: WorkloadSpec, entity: string): OperationMix | null {
  if (mix.get === 0 && mix.increment === 0) return null
  return { ...mix, draws: model.luck.stream(purposes.mix, entity) }
}

function buildPhase(model: Model, spec: WorkloadSpec, p: number, map: RegionMap): WorkloadPhase {
  const { scenario, luck } = model
  const entity = `phase ${p}`
  const zipfian = spec.keys === 'zipfian'
  return {
    fromUs: spec.fromUs,
    untilUs: Math.min(spec.untilUs ?? scenario.durationUs, scenario.durationUs),
    interval:
      spec.arrivals === 'periodic'
        ? distribution({ kind: 'constant', value: 1e6 / spec.rate })
        : tabulated(distribution({ kind: 'exponential', mean: 1e6 / spec.rate })),
    arrivalDraws: luck.stream(purposes.arrival, entity),
    keyDraws: luck.stream(purposes.key, entity),
    keys: zipfian ? zipfianKeys(spec.keyCount) : uniformKeys(spec.keyCount),
    keyCount: spec.keyCount,
    mix: mixOf(model, spec, entity),
    valueSize: model.variateOf(spec.valueSize, purposes.valueSize, entity),
    firstRegion: map.firstRegion(spec.table),
    regions: scenario.tables[spec.table]?.regions ?? 1,
  }
}
