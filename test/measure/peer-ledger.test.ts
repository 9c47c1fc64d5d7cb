import { describe, expect, test } from 'vitest'
import { Progress, peerProgress } from '../../src/hbase/progress.js'
import type { Acknowledgements } from '../../src/measure/acknowledgements.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import type { Extent } from '../../src/storage/extent.js'
import { FSNamesystem } from '../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../src/storage/hdfs/hdfs-file.js'
import { acknowledgementsOf, steadyEdits } from './edits.js'

const BLOCK = 1_000_000

/** A ledger of logs of ten edits each (see `steadyEdits`), told what happens as by a script. */
class Told {
  nowUs = 0
  readonly ledger: PeerLedger
  readonly logs: Acknowledgements[]
  readonly #files = new Set<HdfsFile>()
  readonly #namesystem = new FSNamesystem(1e12, 3, 2)

  constructor(logs = 1, window = { fromUs: 0, untilUs: 1000 }) {
    this.logs = Array.from({ length: logs }, (_, log) => acknowledgementsOf(steadyEdits(10), log))
    this.ledger = new PeerLedger(this.logs, window, () => this.nowUs)
  }

  at(us: number): this {
    this.nowUs = us
    return this
  }

  accepted(from: number, to: number, log = 0): this {
    this.ledger.progress(peerProgress(Progress.accepted, 3), this.nowUs, log, from, to)
    return this
  }

  confirmed(from: number, to: number, log = 0): this {
    this.ledger.progress(peerProgress(Progress.confirmed, 3), this.nowUs, log, from, to)
    return this
  }

  stored(...ranges: [from: number, to: number, log?: number][]): this {
    const extents = ranges.map(extent)
    const bytes = extents.reduce((sum, part) => sum + part.bytes, 0)
    this.ledger.stored({ key: 'backup/rs1/wal_file.0', extents, bytes, createdAtUs: this.nowUs })
    return this
  }

  /** A staged file that holds these edits, of which `flushed` bytes are safe. */
  staged(from: number, to: number, flushedBytes = 100 * (to - from)): HdfsFile {
    const file = new HdfsFile(`staging/${from}`, this.#namesystem, BLOCK)
    file.append(extent([from, to]))
    file.acknowledge(flushedBytes, flushedBytes)
    this.#files.add(file)
    this.ledger.stagedFileSynced(file)
    return file
  }

  delete(file: HdfsFile): this {
    this.#files.delete(file)
    file.remove()
    this.ledger.stagedFileDeleted(file.extents, this.#files)
    return this
  }

  /** What a crash of the region server would take now, and the holes there are. */
  get exposure() {
    const { regionServerCrash, holes, firstHoleUs } = this.ledger
    return { rpoUs: regionServerCrash.valueUs(this.nowUs), holes, firstHoleUs }
  }
}

function extent([from, to, log = 0]: [number, number, number?]): Extent {
  return { log, from, to, bytes: 100 * (to - from) }
}

const NO_HOLES = { rpoUs: 0, holes: { edits: 0, bytes: 0 }, firstHoleUs: null }

describe('what is stored', () => {
  test('counts each edit once, however often and in whatever order it is stored', () => {
    const told = new Told().at(200).stored([6, 10]).at(300).stored([2, 7])
    expect(told.ledger.storedEdits).toBe(8)
    expect(told.ledger.duplicateEdits).toBe(1)
    expect(told.ledger.clusterLoss.oldestUs(300)).toBe(15)
    told.at(400).stored([0, 10])
    expect(told.ledger.storedEdits).toBe(10)
    expect(told.ledger.duplicateEdits).toBe(9)
    expect(told.ledger.clusterLoss.valueUs(400)).toBe(0)
    expect(told.ledger.objectBytes.count).toBe(3)
    expect(told.ledger.objectBytes.max).toBe(1000)
  })

  test('is timed from the write of each edit to the first object that holds it', () => {
    const told = new Told().at(200).stored([8, 10]).at(500).stored([0, 10])
    expect(told.ledger.storeLatency.count).toBe(10)
    expect(told.ledger.storeLatency.min).toBe(200 - 100)
    expect(told.ledger.storeLatency.max).toBe(500 - 10)
  })

  test('an object may hold edits of several servers', () => {
    const told = new Told(3).at(200).stored([0, 10, 2], [0, 4, 0])
    expect(told.ledger.storedEdits).toBe(14)
    expect(told.ledger.clusterLoss.atRisk(200)).toEqual({ edits: 16, bytes: 1600 })
    expect(told.ledger.clusterLoss.oldestUs(200)).toBe(15)
    told.at(300).stored([0, 10, 1])
    expect(told.ledger.clusterLoss.oldestUs(300)).toBe(55)
  })

  test('is told to whoever waits for it, after it is accounted for', () => {
    const told = new Told()
    const seen: number[] = []
    told.ledger.onStored = () => seen.push(told.ledger.storedEdits)
    told.at(200).stored([0, 3]).stored([3, 5])
    expect(seen).toEqual([3, 5])
  })
})

describe('accepted and confirmed', () => {
  test('a range told again counts once', () => {
    const told = new Told().at(200).accepted(0, 4).accepted(2, 6).at(210).confirmed(0, 4)
    told.at(220).confirmed(0, 6)
    expect(told.ledger.acceptedEdits).toBe(6)
    expect(told.ledger.confirmedEdits).toBe(6)
    expect(told.ledger.confirmLatency.count).toBe(6)
    expect(told.ledger.confirmLatency.min).toBe(220 - 60)
    expect(told.ledger.confirmLatency.max).toBe(210 - 10)
  })

  test('lag is that of the oldest write that no offset has passed', () => {
    const told = new Told(2).at(200)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(10)
    told.confirmed(0, 4, 0).confirmed(0, 7, 1)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(50)
    told.confirmed(4, 10, 0)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(80)
    told.confirmed(7, 10, 1)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(null)
  })

  test('edits written before the window are counted and not timed', () => {
    const told = new Told(1, { fromUs: 50, untilUs: 1000 }).at(200).confirmed(0, 10).stored([0, 10])
    expect(told.ledger.confirmedEdits).toBe(10)
    expect(told.ledger.confirmLatency.count).toBe(6)
    expect(told.ledger.storeLatency.max).toBe(150)
  })

  test('confirmed and not stored: the most at once, and the share of the time', () => {
    const told = new Told().at(100).stored([0, 2]).at(200).confirmed(0, 6)
    expect(told.ledger.confirmedNotStored.value).toBe(4)
    told.at(250).stored([4, 10]).at(300).confirmed(6, 10).at(400).stored([2, 4])
    expect(told.ledger.confirmedNotStored.value).toBe(0)
    expect(told.ledger.confirmedNotStored.max).toBe(4)
    expect(told.ledger.confirmedNotStored.share(1000)).toBe(0.2)
  })

  test('columns are needed until an edit is both confirmed and stored', () => {
    const told = new Told().at(200).confirmed(0, 7).stored([0, 3], [4, 9])
    expect(told.ledger.firstNeeded(0)).toBe(3)
    told.stored([3, 4])
    expect(told.ledger.firstNeeded(0)).toBe(7)
    told.confirmed(7, 9)
    expect(told.ledger.firstNeeded(0)).toBe(9)
  })
})

describe('what a crash of the region server takes', () => {
  test('nothing while the WAL has it: an edit that is not confirmed is read again', () => {
    const told = new Told().at(200).accepted(0, 10)
    expect(told.exposure).toEqual(NO_HOLES)
  })

  test('nothing of what is confirmed and staged, or stored', () => {
    const told = new Told().at(200)
    told.staged(0, 5)
    told.stored([5, 10]).confirmed(0, 10)
    expect(told.exposure).toEqual(NO_HOLES)
  })

  test('a staged file that is deleted and not stored leaves holes, from its deletion on', () => {
    const told = new Told().at(200)
    const file = told.staged(0, 10)
    told.confirmed(0, 8).at(250).stored([0, 3]).at(300).delete(file)
    // Edits 3 to 7 are confirmed; 8 and 9 would be read again.
    expect(told.exposure).toEqual({
      rpoUs: 300 - 45,
      holes: { edits: 5, bytes: 500 },
      firstHoleUs: 300,
    })
    told.ledger.regionServerCrash.close(1000)
    expect(told.ledger.regionServerCrash.histogram.timeShareAboveZero).toBe(0.7)
    expect(told.ledger.regionServerCrash.maxEdits).toBe(5)
  })

  test('a copy that arrives after all closes the hole, which is not forgotten', () => {
    const told = new Told().at(200)
    const file = told.staged(0, 4)
    told.confirmed(0, 4).at(300).delete(file).at(400).stored([0, 4])
    expect(told.exposure).toEqual({ rpoUs: 0, holes: { edits: 0, bytes: 0 }, firstHoleUs: 300 })
    told.ledger.regionServerCrash.close(1000)
    expect(told.ledger.regionServerCrash.histogram.maxUs).toBe(400 - 15)
  })

  test('nothing of what another staged file still holds', () => {
    const told = new Told().at(200)
    const first = told.staged(0, 6)
    told.staged(4, 10)
    told.confirmed(0, 10).at(300).delete(first)
    expect(told.exposure.holes).toEqual({ edits: 4, bytes: 400 })
  })

  test('what is confirmed beyond the flushed length of its staged file', () => {
    const told = new Told().at(200)
    told.staged(0, 10, 650)
    told.confirmed(0, 10)
    expect(told.exposure).toEqual({
      rpoUs: 200 - 75,
      holes: { edits: 4, bytes: 400 },
      firstHoleUs: 200,
    })
  })

  test('what is confirmed and nowhere, at once', () => {
    const told = new Told().at(200).confirmed(2, 5)
    expect(told.exposure).toEqual({
      rpoUs: 200 - 35,
      holes: { edits: 3, bytes: 300 },
      firstHoleUs: 200,
    })
  })
})
