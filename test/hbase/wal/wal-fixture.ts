import type { WalGroupWrites } from '../../../src/hbase/regionserver/write-path-options.js'
import type { EditLog } from '../../../src/hbase/wal/edit-log.js'
import type { SequenceIdAccounting } from '../../../src/hbase/wal/sequence-id-accounting.js'
import { Wal } from '../../../src/hbase/wal/wal.js'
import { type DistributionSpec, distribution } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Variate } from '../../../src/kernel/variate.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'

/** A WAL in a file that nobody stores. */
export function walOf(log: EditLog, createdUs = 0, accounting?: SequenceIdAccounting): Wal {
  const file = new HdfsFile(`wal.${createdUs}`, new FSNamesystem(1e15, 3, 2), 1e12)
  const options = {
    name: file.path,
    createdUs,
    log,
    group: log.id,
    server: 'rs1',
    regions: 4,
    file,
  }
  return new Wal(accounting === undefined ? options : { ...options, accounting })
}

export function variateOf(spec: DistributionSpec, name: string, seed = 1): Variate {
  return new Variate(distribution(spec), new Luck(seed).stream({ name, sharing: 'own' }, 'rs1'))
}

export interface Heard {
  readonly rollsNeeded: string[]
  safePoints: number
}

/** The writes of a group of which somebody notes what they ask for. */
export function groupWrites(
  log: EditLog,
  sync: Variate,
  more: Partial<WalGroupWrites> = {},
): { writes: WalGroupWrites; heard: Heard } {
  const heard: Heard = { rollsNeeded: [], safePoints: 0 }
  const writes = {
    log,
    sync,
    firstWal: walOf(log),
    onRollNeeded: (reason: string) => {
      heard.rollsNeeded.push(reason)
    },
    onSafePoint: () => {
      heard.safePoints++
    },
    ...more,
  }
  return { writes, heard }
}
