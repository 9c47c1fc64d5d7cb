import { describe, expect, test } from 'vitest'
import { FlushedSequenceIds } from '../../../src/hbase/master/flushed-sequence-ids.js'
import {
  type RegionEntries,
  splitWal,
  type WALSplitterOptions,
  type WalSplit,
} from '../../../src/hbase/master/wal-splitter.js'
import { RecoveredEdits } from '../../../src/hbase/regionserver/recovered-edits.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { Node } from '../../../src/storage/node.js'
import { FakeStorage } from '../regionserver/fake-storage.js'

const MB = 1_000_000
const SECOND = 1_000_000

/** A WAL of a dead server, and a worker that splits it at 30 MB/s; regions have two equal families. */
class SplitWorld {
  readonly scheduler = new Scheduler()
  worker = new Host(this.scheduler, 'rs2')
  readonly node = new Node(this.scheduler, 'rs2', 0, 1e12)
  readonly namesystem = new FSNamesystem(1e15, 3, 3)
  readonly storage = new FakeStorage(this.namesystem)
  readonly recoveredEdits = new RecoveredEdits()
  readonly flushed = new FlushedSequenceIds()
  readonly file: HdfsFile
  entries: RegionEntries[] = []
  toHFile = false

  constructor(bytes: number) {
    this.file = new HdfsFile('wal', this.namesystem, 1e9)
    this.file.addBlock()
    this.file.append({ log: 0, from: 0, to: 1, bytes })
    this.file.acknowledge(bytes, 0)
    this.file.markClosed()
  }

  region(region: number, minSequenceId: number, maxSequenceId: number, bytes: number): void {
    this.entries.push({ region, minSequenceId, maxSequenceId, bytes })
  }

  start(name = 'wal'): WalSplit[] {
    const { file, node, worker: host } = this
    const entries = () => this.entries
    const task = { file, name, host, node, bytesPerSecond: 30 * MB, entries }
    const options: WALSplitterOptions = {
      storage: this.storage,
      recoveredEdits: this.recoveredEdits,
      flushed: this.flushed,
      familyShares: () => [0.5, 0.5],
      writerThreads: 3,
      splitToHFile: this.toHFile,
    }
    const splits: WalSplit[] = []
    function* run(): Protocol {
      splits.push(yield* splitWal(task, options))
    }
    host.spawn('split', run())
    return splits
  }

  split(): WalSplit {
    const splits = this.start()
    this.scheduler.run()
    return splits[0]
  }

  /** Ids and bytes by family of what was recovered of a region. */
  recovered(region: number): string[] {
    return this.recoveredEdits
      .filesOf(region)
      .map(({ kind, families }) =>
        [kind, ...families.map((f) => `${f.minSequenceId}-${f.maxSequenceId}:${f.bytes}`)].join(
          ' ',
        ),
      )
  }
}

describe('what is recovered', () => {
  test('edits up to the flushed id that the master knows are skipped, family by family', () => {
    const world = new SplitWorld(60 * MB)
    world.region(7, 101, 200, 20_000)
    world.flushed.report(7, [150, 180])
    const split = world.split()
    expect(world.recovered(7)).toEqual(['edits 151-200:5000 181-200:2000'])
    expect(split).toMatchObject({ recoveredBytes: 7000, recoveredFiles: 1, bytes: 60 * MB })
  })

  test('an edit whose id is the flushed one is skipped, the next one is not', () => {
    const world = new SplitWorld(1000)
    world.region(1, 5, 6, 400)
    world.flushed.report(1, [5, 6])
    world.split()
    expect(world.recovered(1)).toEqual(['edits 6-6:100'])
  })

  test('a region of which the master knows nothing is recovered whole', () => {
    const world = new SplitWorld(1000)
    world.region(1, 5, 6, 401)
    world.split()
    // The families' parts add up to the whole.
    expect(world.recovered(1)).toEqual(['edits 5-6:201 5-6:200'])
  })

  test('edits count by their ids, even if rounding leaves them no bytes', () => {
    const world = new SplitWorld(1000)
    world.region(1, 5, 6, 0)
    world.split()
    expect(world.recovered(1)).toEqual(['edits 5-6:0 5-6:0'])
  })

  test('a region that is flushed leaves no file', () => {
    const world = new SplitWorld(1000)
    world.region(1, 5, 6, 400)
    world.flushed.report(1, [6, 9])
    const split = world.split()
    expect(world.storage.done).toEqual(['read wal'])
    expect(split).toMatchObject({ recoveredBytes: 0, recoveredFiles: 0 })
  })

  test('with hbase.wal.split.to.hfile each family has an HFile', () => {
    const world = new SplitWorld(1000)
    world.toHFile = true
    world.region(1, 5, 6, 400)
    world.split()
    expect(world.recovered(1)).toEqual(['hfile 5-6:200', 'hfile 5-6:200'])
  })
})

describe('how long it takes', () => {
  test('decoding bounds a split where HDFS is faster', () => {
    const world = new SplitWorld(60 * MB)
    world.storage.readBytesPerSecond = 600 * MB
    expect(world.split().finishedUs).toBe(2 * SECOND)
  })

  test('HDFS bounds it where that is slower', () => {
    const world = new SplitWorld(60 * MB)
    world.storage.readBytesPerSecond = 20 * MB
    expect(world.split().finishedUs).toBe(3 * SECOND)
  })

  test('recovered.edits are written while the WAL is read, and closed when it is', () => {
    const world = new SplitWorld(60 * MB)
    for (let region = 0; region < 6; region++) world.region(region, 1, 10, 10 * MB)
    world.storage.operationUs = 100_000
    world.storage.writeBytesPerSecond = 20 * MB
    // Each of three threads creates and writes two files in 1.2 s; then it closes two in 0.2 s.
    expect(world.split().finishedUs).toBe(2.2 * SECOND)
  })

  test('writers that are slower than reading are waited for', () => {
    const world = new SplitWorld(60 * MB)
    for (let region = 0; region < 6; region++) world.region(region, 1, 10, 10 * MB)
    world.storage.operationUs = 100_000
    world.storage.writeBytesPerSecond = 5 * MB
    expect(world.split().finishedUs).toBe(4.2 * SECOND + 0.2 * SECOND)
  })

  test('HFiles are written when the WAL is read', () => {
    const world = new SplitWorld(60 * MB)
    world.toHFile = true
    for (let region = 0; region < 3; region++) world.region(region, 1, 10, 20 * MB)
    world.storage.operationUs = 100_000
    world.storage.writeBytesPerSecond = 20 * MB
    // Six HFiles of 10 MB, two for each of three threads: created, written, closed.
    expect(world.split().finishedUs).toBe(2 * SECOND + 2 * 0.7 * SECOND)
  })
})

describe('a split that fails', () => {
  test('while it writes leaves nothing behind', () => {
    const world = new SplitWorld(60 * MB)
    world.region(1, 1, 10, MB)
    world.storage.create = function* (): Protocol<never> {
      yield 1000
      throw new IOException('no-space', 'full')
    }
    expect(() => world.split()).toThrow('full')
    expect(world.recovered(1)).toEqual([])
  })

  test('with its worker leaves nothing behind, and the next one all', () => {
    const world = new SplitWorld(60 * MB)
    world.region(1, 1, 10, MB)
    world.region(2, 1, 10, MB)
    world.storage.operationUs = 100_000
    world.start()
    world.scheduler.run(2_050_000)
    world.worker.kill()
    world.scheduler.run()
    expect(world.recovered(1)).toEqual([])
    world.worker = new Host(world.scheduler, 'rs3')
    world.split()
    expect(world.recovered(1)).toHaveLength(1)
    expect(world.recovered(2)).toHaveLength(1)
  })

  test('splitting a WAL twice recovers it once', () => {
    const world = new SplitWorld(60 * MB)
    world.region(1, 1, 10, MB)
    world.split()
    world.split()
    expect(world.recovered(1)).toHaveLength(1)
  })
})
