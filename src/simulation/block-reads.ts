import { phaseOf } from '../hbase/client/clients.js'
import { CallKind } from '../hbase/regionserver/call-kind.js'
import { distribution } from '../kernel/distribution.js'
import type { Parameter } from '../storage/parameter.js'
import type { Cluster } from './cluster.js'
import { specOf } from './model.js'
import { purposes } from './purposes.js'

/** Bytes of a block of an HFile (BLOCKSIZE of a family). */
const HFILE_BLOCK_BYTES = 65_536

/**
 * What a read waits for: nothing for blocks that are cached, the others come from HDFS one after
 * another. A get needs one block, a multiget one for each row, a scan those that its rows fill; the
 * handler computes for each row of the latter two. The cache holds the same share of every region
 * that is open, and all blocks are asked for alike.
 *
 * Simplifications: Bloom filters spare a get all files but one, and a scan finds its rows in one
 * file, too, however many it has to merge; it does not read ahead.
 */
export function blockReads({ model, locations, files, map }: Cluster) {
  const cacheBytes = model.parameter('heap') * model.number('hfile.block.cache.size')
  const rowUs = model.parameter('scanRow')
  const luck = model.luck.stream(purposes.blockCache, 'all')
  const firstByte = model.variate(model.hdfs, 'readFirstByte', purposes.blockRead, 'all')
  const bytesPerSecond = distribution(specOf(model.hdfs.streamRead as Parameter)).mean
  const transferUs = Math.round((HFILE_BLOCK_BYTES * 1e6) / bytesPerSecond)
  const rowBytes = model.scenario.workload.map(({ valueSize }) => distribution(valueSize).mean)
  const isUsers = (region: number) => region !== map.metaRegion

  const cachedShare = (region: number) => {
    const server = locations.serverOf(region)
    const regions = server === null ? 1 : locations.regionsOf(server).filter(isUsers).length
    const bytes = files.stores
      .of(map.replicas.primaryOf(region))
      .reduce((sum, store) => sum + store.bytes, 0)
    return bytes === 0 ? 1 : cacheBytes / regions / bytes
  }
  const blocksOf = (operation: number, kind: CallKind, rows: number) => {
    if (kind === CallKind.multiget) return rows
    if (kind !== CallKind.scan) return 1
    return Math.ceil((rows * (rowBytes[phaseOf(operation)] ?? 0)) / HFILE_BLOCK_BYTES) || 1
  }
  return (region: number, operation: number, attempt: number, kind: CallKind, rows: number) => {
    const cached = cachedShare(region)
    const blocks = blocksOf(operation, kind, rows)
    const isMany = kind === CallKind.multiget || kind === CallKind.scan
    let us = isMany ? Math.round(rows * rowUs) : 0
    for (let block = 0; block < blocks; block++) {
      if (luck.uniform(operation, attempt, block) < cached) continue
      us += firstByte.draw(operation, attempt, block) + transferUs
    }
    return us
  }
}
