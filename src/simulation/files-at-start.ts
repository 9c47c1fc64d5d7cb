import type { SortedCompactionPolicy } from '../hbase/compactions/sorted-compaction-policy.js'
import { Memstores } from '../hbase/regionserver/memstores.js'
import { bytesIn, type StoreFile, storeFile } from '../hbase/regionserver/store-file.js'
import type { Stores } from '../hbase/regionserver/stores.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { compactionPolicy } from './region-builder.js'
import type { SteadyStart } from './steady-start.js'
import type { RegionMap } from './workload.js'

/** Memstores of all regions, empty if the cluster has no past. */
export function buildMemstores(
  model: Model,
  map: RegionMap,
  steady: SteadyStart | null,
): Memstores {
  const memstores = new Memstores(
    map.allRegions,
    model.number('hbase.hregion.memstore.flush.size'),
    model.parameter('memstoreCellOverhead'),
    (region) => map.familiesOf(region),
  )
  steady?.fill(memstores)
  return memstores
}

/** More flushes than this since the last major compaction are merged with what was before. */
const FLUSHES = 40

/**
 * The HFiles of tables that have a size when the run begins. In a steady cluster the last major
 * compaction of a store was at a drawn time in its period; what was flushed since has been compacted
 * as the policy wants it. Flushes come to half of the store's bytes at most.
 */
export function fillStores(
  model: Model,
  stores: Stores,
  map: RegionMap,
  steady: SteadyStart | null,
): void {
  const policy = compactionPolicy(model)
  stores.store(map.metaRegion, 0).add(metaFile(model, map))
  for (const { table, families, first, count } of map.tables) {
    const size = model.scenario.tables[table]?.size ?? 0
    if (size === 0) continue
    const age = model.luck.stream(purposes.storeFill, table)
    for (let i = 0; i < count; i++) {
      families.forEach((share, family) => {
        const store = stores.store(first + i, family)
        const bytes = Math.round((size / count) * share)
        const name = `before/${table}/${i}/${family}`
        const files =
          steady === null
            ? [fileOf(name, { region: first + i, family, bytes, from: -1, id: -1, createdUs: 0 })]
            : filesOf(name, steady, policy, {
                region: first + i,
                family,
                share,
                bytes,
                place: age.uniform(i, 0, family),
              })
        for (const file of files) store.add(file)
      })
    }
  }
}

/** hbase:meta has a row for each region, in one file. */
function metaFile(model: Model, { metaRegion, regions }: RegionMap): StoreFile {
  const bytes = regions * model.parameter('metaEdit')
  const at = { region: metaRegion, family: 0, bytes, from: 0, id: 0, createdUs: 0 }
  return { ...fileOf('before/hbase:meta', at), isMajorCompacted: true }
}

interface StorePast {
  readonly region: number
  readonly family: number
  /** Of the bytes of a put. */
  readonly share: number
  readonly bytes: number
  /** In the period of major compactions. */
  readonly place: number
}

function filesOf(
  name: string,
  steady: SteadyStart,
  policy: SortedCompactionPolicy,
  { region, family, share, bytes, place }: StorePast,
): StoreFile[] {
  const cycleUs = steady.flushCycleUs(region)
  const lastUs = steady.flushedUs(region)
  const flushBytes = Math.floor(
    steady.bytesIn(region, lastUs - Math.min(cycleUs, 1e15), lastUs) * share,
  )
  const oldest = { region, family, bytes, from: 0, id: 0, createdUs: 0 }
  const majorAgeUs = Math.floor(place * policy.nextMajorCompactUs([fileOf(`${name}/0`, oldest)]))
  const most = flushBytes === 0 ? 0 : Math.floor(bytes / 2 / flushBytes)
  const flushes = Math.min(FLUSHES, most, Math.floor(majorAgeUs / cycleUs))
  const idAt = (timeUs: number) => steady.sequenceIdAt(region, timeUs)

  const firstUs = flushes === 0 ? lastUs : Math.floor(lastUs - flushes * cycleUs)
  const big = {
    ...oldest,
    bytes: bytes - flushes * flushBytes,
    id: idAt(firstUs),
    createdUs: Math.min(-majorAgeUs, firstUs),
  }
  let files = [{ ...fileOf(`${name}/0`, big), isMajorCompacted: true }]
  for (let n = 1; n <= flushes; n++) {
    const createdUs = Math.floor(lastUs - (flushes - n) * cycleUs)
    const from = (files.at(-1)?.maxSequenceId ?? -1) + 1
    const id = Math.max(from, idAt(createdUs))
    files.push(fileOf(`${name}/${n}`, { region, family, bytes: flushBytes, from, id, createdUs }))
    files = compacted(files, policy, createdUs)
  }
  return files
}

/** Compactions take no time here. */
function compacted(files: StoreFile[], policy: SortedCompactionPolicy, nowUs: number): StoreFile[] {
  const demand = { user: false, forceMajor: false, mayUseOffPeak: false, nowUs }
  let left = files
  while (policy.needsCompaction(left, [])) {
    const selected = policy.selectCompaction(left, [], demand)
    const last = selected.files.at(-1)
    if (last === undefined || selected.files.length < 2) break
    const output = {
      ...last,
      name: `${last.name}+`,
      bytes: bytesIn(selected.files),
      entries: selected.files.reduce((sum, { entries }) => sum + entries, 0),
      minSequenceId: selected.files[0].minSequenceId,
      oldestCellUs: Math.min(...selected.files.map(({ oldestCellUs }) => oldestCellUs)),
      isMajorCompacted: selected.isAllFiles,
    }
    left = left.flatMap((file) =>
      file === last ? output : selected.files.includes(file) ? [] : file,
    )
  }
  return left
}

interface FileParts {
  readonly region: number
  readonly family: number
  readonly bytes: number
  /** Its lowest sequence id and its highest. */
  readonly from: number
  readonly id: number
  readonly createdUs: number
}

function fileOf(
  name: string,
  { region, family, bytes, from, id, createdUs }: FileParts,
): StoreFile {
  return storeFile({
    name,
    region,
    family,
    bytes,
    entries: Math.ceil(bytes / 1000),
    minSequenceId: from,
    maxSequenceId: id,
    createdUs,
    file: null,
  })
}
