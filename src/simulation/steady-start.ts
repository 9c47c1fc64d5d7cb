import { uniformKeys } from '../hbase/client/key-chooser.js'
import type { Memstores } from '../hbase/regionserver/memstores.js'
import { maxLogs } from '../hbase/wal/max-logs.js'
import { walSettings } from '../hbase/wal/wal-settings.js'
import { distribution } from '../kernel/distribution.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { memstoreLimits } from './region-builder.js'
import { isSentEdits } from './replica-edits.js'
import type { RegionMap } from './workload.js'
import { buildPhases, usualRate } from './workload-phases.js'

/** For so long the cluster has run when a steady run begins; sequence ids count from there. */
const HISTORY_US = 3 * 86_400_000_000
const QUANTILES = 10_000

/** What a region is written, on average, by the workload that is there when the run begins. */
interface Writes {
  readonly putsPerUs: Float64Array
  readonly bytesPerUs: Float64Array
}

/**
 * The past of a cluster with `cluster.start: steady`: the workload with which the run begins has
 * been there for days, evenly. So a region is flushed in cycles: when its memstore is full, its
 * oldest edit too old, or its WAL too many rolls ago, whatever comes first; where it stands in its
 * cycle is drawn. Everything else follows from that: what its memstore holds, which of its edits
 * are in HFiles, and what of them is in which WAL. A table that is not written at first has no past
 * but its size; hbase:meta has been flushed since a region was moved last.
 */
export class SteadyStart {
  readonly #writes: Writes
  readonly #cycleUs: Float64Array
  readonly #flushedUs: Float64Array

  constructor(model: Model, map: RegionMap) {
    this.#writes = writesOf(model, map)
    this.#cycleUs = new Float64Array(map.regions)
    this.#flushedUs = new Float64Array(map.regions)
    const { regionServers } = model.scenario.cluster
    const heapBytes = Array.from({ length: regionServers }, (_, host) => {
      return this.#beginCycles(model, map, host)
    })
    this.#relievePressure(model, map, heapBytes)
  }

  /** Sequence id of the region's last put by then; times are 0 or negative. */
  sequenceIdAt(region: number, timeUs: number): number {
    const sinceUs = Math.max(0, timeUs + HISTORY_US)
    return Math.floor(sinceUs * (this.#writes.putsPerUs[region] as number))
  }

  /** Of the puts in that time. */
  bytesIn(region: number, fromUs: number, untilUs: number): number {
    const puts = this.sequenceIdAt(region, untilUs) - this.sequenceIdAt(region, fromUs)
    const { putsPerUs, bytesPerUs } = this.#writes
    return puts === 0
      ? 0
      : Math.round((puts * (bytesPerUs[region] as number)) / (putsPerUs[region] as number))
  }

  /** When the region was flushed last. */
  flushedUs(region: number): number {
    return this.#flushedUs[region] as number
  }

  /** Time from one flush of the region to the next; Infinity if nobody writes to it. */
  flushCycleUs(region: number): number {
    return this.#cycleUs[region] as number
  }

  /** From one roll of a WAL with these regions to the next. */
  walCycleUs(model: Model, regions: readonly number[], rollSize: number): number {
    const periodUs = model.ms('hbase.regionserver.logroll.period')
    const { bytesPerUs } = this.#writes
    const bytes = regions.reduce((sum, region) => sum + (bytesPerUs[region] as number), 0)
    return Math.min(periodUs, Math.ceil(rollSize / bytes))
  }

  /** The memstores hold what was written since the last flush. */
  fill(memstores: Memstores): void {
    for (let region = 0; region < this.#cycleUs.length; region++) {
      const flushedUs = this.flushedUs(region)
      const flushed = this.sequenceIdAt(region, flushedUs)
      const cells = this.sequenceIdAt(region, 0) - flushed
      memstores.goOnBehind(region, flushed, cells)
      if (cells > 0) memstores.prefill(region, this.bytesIn(region, flushedUs, 0), flushedUs, cells)
    }
  }

  /** @returns what the server's own regions then have in memory, in bytes of heap */
  #beginCycles(model: Model, map: RegionMap, host: number): number {
    const { rollSize, groups } = walSettings(model.configuration, model.number('dfs.blocksize'))
    const { upper } = memstoreLimits(model)
    const maxWals = maxLogs(model.configuration, rollSize, upper)
    let heapBytes = 0
    const hosted = map.regionsOf(host)
    for (let group = 0; group < groups; group++) {
      const regions = regionsOfGroup(hosted, group, groups)
      const longestUs = maxWals * this.walCycleUs(model, regions, rollSize)
      for (const region of regions) {
        const cycleUs = Math.min(longestUs, this.#ownCycleUs(model, map, region))
        this.#cycleUs[region] = cycleUs
        if (cycleUs === Number.POSITIVE_INFINITY) continue
        const place = model.luck.stream(purposes.memstoreFill, map.tableOf(region))
        this.#flushedUs[region] = -Math.floor(place.uniform(map.placeOf(region)) * cycleUs)
        heapBytes -= this.flushedUs(region) * this.#heapPerUs(model, map, region)
      }
    }
    return heapBytes
  }

  /**
   * Servers under pressure are so all the time: regions are flushed as often as that wants. A flush
   * frees what the region's secondaries hold, too, so the fullest server of them all decides.
   */
  #relievePressure(model: Model, map: RegionMap, heapBytes: number[]): void {
    const { lower } = memstoreLimits(model)
    const { replicas } = map
    const sent = replicas.secondaries.filter((region) => {
      return replicas.primaryOf(region) < map.regions && isSentEdits(model, map.tableOf(region))
    })
    for (const secondary of sent) {
      const region = replicas.primaryOf(secondary)
      heapBytes[replicas.serverOf(secondary)] -=
        this.flushedUs(region) * this.#heapPerUs(model, map, region)
    }
    const scales = heapBytes.map((bytes) => (bytes > lower ? lower / bytes : 1))
    const scaleOf = Array.from(this.#flushedUs, (_, region) => scales[map.serverOf(region)])
    for (const secondary of sent) {
      const region = replicas.primaryOf(secondary)
      scaleOf[region] = Math.min(scaleOf[region], scales[replicas.serverOf(secondary)])
    }
    scaleOf.forEach((scale, region) => {
      this.#flushedUs[region] = Math.ceil(this.flushedUs(region) * scale)
    })
  }

  /** Without regard to what else the server has. */
  #ownCycleUs(model: Model, map: RegionMap, region: number): number {
    const heapPerUs = this.#heapPerUs(model, map, region)
    if (heapPerUs === 0) return Number.POSITIVE_INFINITY
    const flushSize = model.number('hbase.hregion.memstore.flush.size')
    const intervalUs = model.ms('hbase.regionserver.optionalcacheflushinterval')
    const delay = model.number('hbase.regionserver.periodicmemstoreflusher.rangeofdelayseconds')
    const oldestUs = intervalUs > 0 ? intervalUs + delay * 500_000 : Number.POSITIVE_INFINITY
    return Math.min(flushSize / heapPerUs, oldestUs, HISTORY_US)
  }

  #heapPerUs(model: Model, map: RegionMap, region: number): number {
    const { putsPerUs, bytesPerUs } = this.#writes
    const overhead = map.familiesOf(region).length * model.parameter('memstoreCellOverhead')
    return (bytesPerUs[region] as number) + overhead * (putsPerUs[region] as number)
  }
}

/** Regions get their WAL groups in turn (BoundedGroupingStrategy). */
export function regionsOfGroup(hosted: readonly number[], group: number, groups: number): number[] {
  return hosted.filter((_, n) => n % groups === group)
}

/** Keys may be of unequal weight, hence regions: each quantile of the keys counts alike. */
function writesOf(model: Model, map: RegionMap): Writes {
  const putsPerUs = new Float64Array(map.regions)
  const bytesPerUs = new Float64Array(map.regions)
  const phases = buildPhases(model, map)
  model.scenario.workload.forEach((spec, p) => {
    const { fromUs, mix, valueSize } = spec
    if (fromUs > 0) return
    const { keys, keyCount, firstRegion, regions } = phases[p]
    const written = mix.put + mix.increment + mix.readModifyWrite
    const writes = (usualRate(model, spec) * written) / 1e6
    // New rows are spread evenly over the key space.
    const chooser = keys.insert === undefined ? keys : uniformKeys(keyCount)
    const count = Math.ceil(QUANTILES / regions) * regions
    const size = distribution(valueSize).mean
    for (let i = 0; i < count; i++) {
      const key = chooser.key((i + 0.5) / count)
      const region = firstRegion + Math.floor((key * regions) / keyCount)
      putsPerUs[region] = (putsPerUs[region] as number) + writes / count
      bytesPerUs[region] = (bytesPerUs[region] as number) + (writes * size) / count
    }
  })
  return { putsPerUs, bytesPerUs }
}
