import { recoveryParameters } from '../../../src/hbase/master/recovery-parameters.js'
import {
  type FamilyRange,
  RecoveredEdits,
  type RecoveredFile,
} from '../../../src/hbase/regionserver/recovered-edits.js'
import {
  openRegion,
  type RegionOpening,
  type RegionOpenOptions,
} from '../../../src/hbase/regionserver/region-open.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import { constant } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { override } from '../../../src/storage/parameter.js'
import { Sampler } from '../../../src/storage/sampler.js'
import { fileOf } from '../compactions/store-files.js'
import { FakeStorage } from './fake-storage.js'

export const MB = 1_000_000

/**
 * Region 0 of two families that a server opens in 300 ms, and 10 ms more for each HFile; replay goes
 * at 50 MB/s, a flush of it takes 100 ms, the sync of a marker 5 ms, HDFS no time.
 */
export class OpeningRegion {
  readonly scheduler = new Scheduler()
  host = new Host(this.scheduler, 'rs1')
  readonly namesystem = new FSNamesystem(1e15, 3, 3)
  readonly storage = new FakeStorage(this.namesystem)
  readonly recoveredEdits = new RecoveredEdits()
  /** Highest id in the HFiles of each family, and how many files there are. */
  readonly inHFiles = [0, 0]
  hFiles = 0
  readonly memstore = [0, 0]
  /** What happened, with times in milliseconds. */
  readonly history: string[] = []
  readonly openings: RegionOpening[] = []
  /** Of the last marker. */
  descriptor: MarkerDescriptor | null = null
  flushSize = 128 * MB
  flush: (sequenceId: number) => Protocol = (sequenceId) => this.flushMemstore(sequenceId)
  #opened = 0

  /** A WAL's split has left this of the region. */
  recovered(families: readonly FamilyRange[], kind: RecoveredFile['kind'] = 'edits'): void {
    const maxSequenceId = Math.max(...families.map((range) => range.maxSequenceId))
    const file = new HdfsFile(`recovered/${maxSequenceId}`, this.namesystem, 1e9)
    const bytes = families.reduce((sum, range) => sum + range.bytes, 0)
    file.addBlock()
    file.append({ log: 0, from: 0, to: 0, bytes })
    file.acknowledge(bytes, 0)
    file.markClosed()
    this.recoveredEdits.add({ region: 0, kind, maxSequenceId, families, file })
  }

  /** Edits of both families with these ids, equally large. */
  edits(minSequenceId: number, maxSequenceId: number, bytes: number): void {
    const range = { minSequenceId, maxSequenceId, bytes: bytes / 2 }
    this.recovered([
      { ...range, family: 0 },
      { ...range, family: 1 },
    ])
  }

  start(): void {
    const opened = openRegion(0, this.#opened++, this.#options())
    const { openings } = this
    function* run(): Protocol {
      openings.push(yield* opened)
    }
    this.host.spawn('open', run())
  }

  open(): RegionOpening | undefined {
    this.start()
    this.scheduler.run()
    return this.openings.at(-1)
  }

  *flushMemstore(sequenceId: number): Protocol {
    yield 100_000
    this.note(`flush ${this.memstore.join('+')} up to ${sequenceId}`)
    this.memstore.forEach((bytes, family) => {
      if (bytes === 0) return
      this.inHFiles[family] = sequenceId
      this.hFiles++
      this.memstore[family] = 0
    })
  }

  note(what: string): void {
    this.history.push(`${this.scheduler.now / 1000} ${what}`)
  }

  *#sync(): Protocol {
    yield 5000
    this.note('synced')
  }

  #options(): RegionOpenOptions {
    const { scheduler, storage, recoveredEdits, flushSize, memstore } = this
    const parameters = override(recoveryParameters, {
      regionOpen: constant(300_000),
      hfileOpen: constant(10_000),
    })
    return {
      scheduler,
      storage,
      recoveredEdits,
      flushSize,
      regionName: (region: number) => region,
      sampler: new Sampler(parameters, new Luck(1)),
      stores: {
        filesOf: () => Array.from({ length: this.hFiles }, (_, n) => fileOf(n, 10)),
        maxSequenceId: (_region, family) => this.inHFiles[family],
        addRecovered: ({ families: [{ family, maxSequenceId }] }) => {
          this.hFiles++
          this.inHFiles[family] = maxSequenceId
        },
      },
      memstore: {
        families: () => 2,
        heapBytes: () => memstore[0] + memstore[1],
        restore: (_region, family, bytes) => {
          memstore[family] += bytes
        },
        clear: () => memstore.fill(0),
      },
      nextSequenceId: () => 1000,
      wal: {
        appendMarker: (_region, bytes, descriptor) => {
          this.note(`REGION_OPEN of ${bytes} bytes`)
          this.descriptor = descriptor
        },
        sync: () => this.#sync(),
      },
      flushRecovered: (_region, sequenceId) => this.flush(sequenceId),
      requestCompaction: () => this.note('compaction check'),
      online: () => this.note('online'),
    }
  }
}
