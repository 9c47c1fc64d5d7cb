import { Progress, peerProgress } from '../../src/hbase/progress.js'
import type { Acknowledgements } from '../../src/measure/acknowledgements.js'
import type { WrittenStream } from '../../src/measure/open-streams.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import { WalCover } from '../../src/measure/wal-cover.js'
import type { Extent } from '../../src/storage/extent.js'
import type { StoredObject } from '../../src/storage/s3/external-store.js'
import { acknowledgementsOf, steadyEdits } from './edits.js'
import { FakeFile } from './fake-files.js'

interface ToldOptions {
  readonly logs?: number
  readonly edits?: number
  readonly fromUs?: number
  readonly wants?: (region: number) => boolean
}

/**
 * A ledger of logs of ten edits each (see `steadyEdits`), all of them in WALs that survive
 * everything but the loss of HDFS, told what happens as by a script.
 */
export class Told {
  nowUs = 0
  readonly wals = new WalCover()
  readonly ledger: PeerLedger
  readonly logs: Acknowledgements[]
  readonly walFiles: FakeFile[] = []

  constructor({ logs = 1, edits = 10, fromUs = 0, wants }: ToldOptions = {}) {
    this.logs = Array.from({ length: logs }, (_, log) =>
      acknowledgementsOf(steadyEdits(edits), log),
    )
    this.ledger = new PeerLedger({
      window: { fromUs, untilUs: 1000 },
      now: () => this.nowUs,
      wals: this.wals,
      wants: wants ?? null,
    })
    this.logs.forEach((log, i) => {
      const wal = new FakeFile()
        .append(extent([0, edits, i]))
        .flush()
        .sync()
      this.walFiles.push(wal)
      this.wals.addLog(log.source)
      this.wals.addWal(i, wal)
      this.ledger.addLog(log, { server: `rs${i + 1}`, rack: i })
    })
  }

  at(us: number): this {
    this.nowUs = us
    return this
  }

  told(progress: number, from: number, to: number, log = 0): this {
    this.ledger.progress(peerProgress(progress, 3), this.nowUs, log, from, to)
    return this
  }

  confirmed(from: number, to: number, log = 0): this {
    return this.told(Progress.confirmed, from, to, log)
  }

  stored(...ranges: [from: number, to: number, log?: number][]): this {
    this.ledger.stored(objectOf(ranges.map(extent)))
    return this
  }

  /** A staged file that holds these edits, of which `flushed` bytes are safe. */
  staged(from: number, to: number, flushedBytes = 100 * (to - from)): FakeFile {
    const file = new FakeFile()
      .append(extent([from, to]))
      .flush(flushedBytes)
      .sync()
    this.ledger.stagingWatcher.changed(file)
    return file
  }

  delete(file: FakeFile): this {
    file.deleted = true
    this.ledger.stagingWatcher.changed(file)
    return this
  }

  stream(server: string, ...ranges: [from: number, to: number, log?: number][]) {
    return this.open(server, { extents: ranges.map(extent), closedAtStop: true })
  }

  open(server: string, stream: WrittenStream) {
    this.ledger.streamWatcher(server).changed(stream, 'written')
    return {
      end: () => {
        this.ledger.streamWatcher(server).changed(stream, 'gone')
        return this
      },
    }
  }

  /** What a crash of the region server would take now, and the holes there are. */
  get exposure() {
    return { rpoUs: this.ledger.rpoUs('region-server-crash'), ...this.ledger.holes() }
  }
}

export function extent([from, to, log = 0]: [number, number, number?]): Extent {
  return { log, from, to, bytes: 100 * (to - from) }
}

export function objectOf(extents: readonly Extent[]): StoredObject {
  const bytes = extents.reduce((sum, part) => sum + part.bytes, 0)
  return { key: 'backup/rs1/wal_file.0', extents, bytes, createdAtUs: 0 }
}
