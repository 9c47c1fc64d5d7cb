import { Bursts } from '../hbase/client/bursts.js'
import type { OperationMix, PhaseReads, WorkloadPhase } from '../hbase/client/clients.js'
import type { ClosedLoop } from '../hbase/client/closed-loop-clients.js'
import {
  exponentialKeys,
  hotspotKeys,
  type KeyChooser,
  latestKeys,
  sequentialKeys,
  uniformKeys,
  zipfianKeys,
  zipfianLength,
} from '../hbase/client/key-chooser.js'
import { TableKeys } from '../hbase/client/table-keys.js'
import { type Distribution, distribution } from '../kernel/distribution.js'
import { TabulatedDistribution } from '../kernel/tabulated-distribution.js'
import type { WorkloadSpec } from '../scenario/scenario.js'
import { type Model, specOf } from './model.js'
import { purposes } from './purposes.js'
import type { RegionMap } from './workload.js'

/** The phases of a scenario's workload, with all that their clients draw. */
export function buildPhases(model: Model, map: RegionMap): WorkloadPhase[] {
  return model.scenario.workload.map((spec, p) => buildPhase(model, spec, p, map))
}

function buildPhase(model: Model, spec: WorkloadSpec, p: number, map: RegionMap): WorkloadPhase {
  const { scenario, luck } = model
  const entity = `phase ${p}`
  return {
    fromUs: spec.fromUs,
    untilUs: Math.min(spec.untilUs ?? scenario.durationUs, scenario.durationUs),
    interval: intervalOf(spec, spec.rate ?? 1),
    ...(spec.closedLoop && { closedLoop: closedLoopOf(model, spec, entity) }),
    ...burstsOf(spec),
    arrivalDraws: luck.stream(purposes.arrival, entity),
    keyDraws: luck.stream(purposes.key, entity),
    keys: keysOf(spec),
    keyCount: spec.keyCount,
    mix: mixOf(model, spec, entity),
    reads: readsOf(model, spec, entity, map),
    valueSize: model.variateOf(spec.valueSize, purposes.valueSize, entity),
    firstRegion: map.firstRegion(spec.table),
    regions: scenario.tables[spec.table]?.regions ?? 1,
    namesRows: (scenario.tables[spec.table]?.regionReplication ?? 1) > 1,
  }
}

/**
 * Operations per second of a phase, about: its rate; of closed-loop clients what they would send if
 * nobody had to queue, if that is less.
 */
export function usualRate(model: Model, { rate, closedLoop }: WorkloadSpec): number {
  if (closedLoop === undefined) return rate ?? 0
  const { clients, thinkTime } = closedLoop
  const { hflush } = model.hdfs
  const syncUs = hflush === undefined ? 0 : distribution(specOf(hflush)).mean
  const calmUs = 2 * model.parameter('network') + model.parameter('putCpu') + syncUs
  const perSecond = (clients * 1e6) / (distribution(thinkTime).mean + calmUs)
  return Math.min(rate ?? perSecond, perSecond)
}

function intervalOf({ arrivals }: WorkloadSpec, rate: number): Distribution {
  if (arrivals === 'periodic') return distribution({ kind: 'constant', value: 1e6 / rate })
  return new TabulatedDistribution(distribution({ kind: 'exponential', mean: 1e6 / rate }))
}

function burstsOf(spec: WorkloadSpec): Pick<WorkloadPhase, 'bursts' | 'burstInterval'> {
  if (spec.bursts === undefined) return {}
  const { fromUs, everyUs, forUs, times } = spec.bursts
  const bursts = new Bursts(fromUs, everyUs, forUs, times)
  const added = spec.closedLoop === undefined ? (spec.rate ?? 0) * (times - 1) : 0
  return added > 0 ? { bursts, burstInterval: intervalOf(spec, added) } : { bursts }
}

/**
 * With a target throughput clients begin within one tick, as YCSB's do; in a steady cluster without
 * one within the mean of their thinking, as if they had been there for long.
 */
function closedLoopOf(model: Model, { closedLoop, rate }: WorkloadSpec, entity: string) {
  const { clients, thinkTime } = closedLoop ?? { clients: 0, thinkTime: NO_TIME }
  const tickUs = rate === null ? 0 : (clients * 1e6) / rate
  const thinkUs = model.scenario.cluster.start === 'steady' ? distribution(thinkTime).mean : 0
  return {
    clients,
    thinkTime: model.variateOf(thinkTime, purposes.thinkTime, entity),
    tickUs,
    spreadUs: tickUs > 0 ? tickUs : thinkUs,
    startDraws: model.luck.stream(purposes.clientStart, entity),
  } satisfies ClosedLoop
}

const NO_TIME = { kind: 'constant', value: 0 } as const

function keysOf(spec: WorkloadSpec): KeyChooser {
  const { keys, keyCount, insertOrder = 'hashed', hotspot, exponential } = spec
  if (keys === 'uniform') return uniformKeys(keyCount)
  if (keys === 'latest') return latestKeys(keyCount, insertOrder)
  if (keys === 'sequential') return sequentialKeys(keyCount, insertOrder)
  if (hotspot !== undefined) return hotspotKeys(keyCount, hotspot, insertOrder)
  if (exponential !== undefined) return exponentialKeys(keyCount, exponential, insertOrder)
  return zipfianKeys(keyCount)
}

/** Null where each operation is a put whose key is drawn. */
function mixOf(model: Model, { mix, keys }: WorkloadSpec, entity: string): OperationMix | null {
  if (mix.put === 1 && keys !== 'latest' && keys !== 'sequential') return null
  return { ...mix, draws: model.luck.stream(purposes.mix, entity) }
}

function readsOf(
  { luck, scenario }: Model,
  spec: WorkloadSpec,
  entity: string,
  map: RegionMap,
): PhaseReads | null {
  const { table, mix, consistency, keyCount, scanRows } = spec
  const calls = mix.multiget + mix.scan + mix.readModifyWrite
  if (consistency === 'strong' && calls === 0) return null
  const regions = scenario.tables[table]?.regions ?? 1
  const uniformLength = (u: number) => 1 + Math.floor(u * scanRows)
  return {
    table: new TableKeys(keyCount, map.firstRegion(table), regions),
    consistency,
    replicaId: spec.replicaId,
    multigetKeys: spec.multigetKeys,
    scanRows: spec.scanLength === 'zipfian' ? zipfianLength(scanRows) : uniformLength,
    scanDraws: luck.stream(purposes.scanRows, entity),
    caching: spec.caching,
  }
}
