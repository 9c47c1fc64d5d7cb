import { walPath } from '../hbase/wal/wal-group.js'
import type { PastWal, PastWals } from '../hbase/wal/wal-group-options.js'
import { walSettings } from '../hbase/wal/wal-settings.js'
import type { Node } from '../storage/node.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'
import { regionsOfGroup, type SteadyStart } from './steady-start.js'

/** What a WAL group of a steady cluster begins with. */
export interface GroupPast extends PastWals {
  /** Age of the WAL being written. */
  readonly walAgeUs: number
}

/**
 * The WALs that group number `group` of a server has when a steady run begins, back to the oldest
 * edit that is in no HFile. They were rolled by size or age at the rate at which the server is
 * written.
 *
 * Simplifications: what the WAL being written would hold already is in a file of its own, so there
 * may be one more; markers, which are few, are left out; oldWALs begins empty.
 *
 * @param entity of the group, in draws
 */
export function groupPast(
  cluster: Cluster,
  steady: SteadyStart,
  writer: { readonly server: string; readonly host: number; readonly node: Node },
  group: number,
  entity: string,
): GroupPast {
  const { model, hdfs, map } = cluster
  const { groups, blockSize, rollSize } = walSettings(model.configuration, hdfs.blockSize)
  const regions = regionsOfGroup(map.regionsOf(writer.host), group, groups)
  const cycleUs = steady.walCycleUs(model, regions, rollSize)
  const walAgeUs = Math.floor(model.once(purposes.walAge, entity) * cycleUs)

  const unflushed = regions.flatMap((region) => {
    const flushed = steady.sequenceIdAt(region, steady.flushedUs(region))
    const isFlushed = steady.sequenceIdAt(region, 0) === flushed
    return isFlushed ? [] : [[region, flushed + 1] as const]
  })
  const oldestUs = Math.min(0, ...unflushed.map(([region]) => steady.flushedUs(region)))
  const wals: PastWal[] = []
  let closedUs = 0
  let createdUs = -walAgeUs
  for (; closedUs > oldestUs; closedUs = createdUs, createdUs -= cycleUs) {
    const edits = editsIn(steady, regions, createdUs, closedUs)
    if (edits.length === 0) continue
    const path = walPath(writer.server, group, groups, Math.floor(createdUs / 1000))
    const bytes = edits.reduce((sum, entries) => sum + entries.bytes, 0)
    const of = { node: writer.node, luckEntity: `wal/${entity}/past`, ordinal: wals.length }
    const file = hdfs.existing(path, of, bytes, blockSize)
    wals.push({ file, createdUs, closedUs, regions: edits })
  }
  return { walAgeUs, wals: wals.reverse(), unflushed }
}

function editsIn(
  steady: SteadyStart,
  regions: readonly number[],
  fromUs: number,
  untilUs: number,
): PastWal['regions'] {
  return regions.flatMap((region) => {
    const minSequenceId = steady.sequenceIdAt(region, fromUs) + 1
    const maxSequenceId = steady.sequenceIdAt(region, untilUs)
    const bytes = steady.bytesIn(region, fromUs, untilUs)
    return maxSequenceId < minSequenceId ? [] : { region, minSequenceId, maxSequenceId, bytes }
  })
}
