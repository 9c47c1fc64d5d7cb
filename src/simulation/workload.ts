import { Clients, type WorkloadPhase } from '../hbase/clients.js'
import { distribution } from '../kernel/distribution.js'
import { tabulated } from '../kernel/tabulated-distribution.js'
import { uniformKeys, zipfianKeys } from '../hbase/key-chooser.js'
import type { Scenario, WorkloadSpec } from '../scenario/scenario.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'

/** Regions of all tables, numbered through in order of the tables' names. */
export class RegionMap {
  readonly #first = new Map<string, number>()
  readonly regions: number

  constructor(
    tables: Scenario['tables'],
    readonly servers: number,
  ) {
    let next = 0
    for (const name of Object.keys(tables).sort()) {
      this.#first.set(name, next)
      next += tables[name]?.regions ?? 0
    }
    this.regions = next
  }

  firstRegion(table: string): number {
    const first = this.#first.get(table)
    if (first === undefined) throw new RangeError(`no table "${table}"`)
    return first
  }

  /** Regions are dealt to the servers in turn. */
  serverOf(region: number): number {
    return region % this.servers
  }

  regionsOf(server: number): number[] {
    const regions: number[] = []
    for (let region = server; region < this.regions; region += this.servers) regions.push(region)
    return regions
  }
}

export function buildClients(model: Model, map: RegionMap): Clients {
  return new Clients(model.scenario.workload.map((spec, p) => buildPhase(model, spec, p, map)))
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
    valueSize: model.variateOf(spec.valueSize, purposes.valueSize, entity),
    firstRegion: map.firstRegion(spec.table),
    regions: scenario.tables[spec.table]?.regions ?? 1,
  }
}
