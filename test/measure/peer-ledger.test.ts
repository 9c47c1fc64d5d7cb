import { describe, expect, test } from 'vitest'
import { Progress } from '../../src/hbase/progress.js'
import { FakeFile } from './fake-files.js'
import { extent, Told } from './told-ledger.js'

const NO_HOLES = { rpoUs: 0, edits: 0, bytes: 0, firstUs: null }
const NONE = { edits: 0, bytes: 0 }

describe('what is stored', () => {
  test('counts each edit once, however often and in whatever order it is stored', () => {
    const told = new Told().at(200).stored([6, 10]).at(300).stored([2, 7])
    expect(told.ledger.storedEdits).toBe(8)
    expect(told.ledger.objects.duplicates.total).toBe(1)
    expect(told.ledger.oldestAtRiskUs('cluster-loss')).toBe(15)
    told.at(400).stored([0, 10])
    expect(told.ledger.storedEdits).toBe(10)
    expect(told.ledger.objects.duplicates.total).toBe(9)
    expect(told.ledger.rpoUs('cluster-loss')).toBe(0)
    expect(told.ledger.objects.bytes.count).toBe(3)
    expect(told.ledger.objects.bytes.max).toBe(1000)
  })

  test('is timed from the write of each edit to the first object that holds it', () => {
    const told = new Told().at(200).stored([8, 10]).at(500).stored([0, 10])
    expect(told.ledger.storeLatency.count).toBe(10)
    expect(told.ledger.storeLatency.min).toBe(200 - 100)
    expect(told.ledger.storeLatency.max).toBe(500 - 10)
  })

  test('an object may hold edits of several servers', () => {
    const told = new Told({ logs: 3 }).at(200).stored([0, 10, 2], [0, 4, 0])
    expect(told.ledger.storedEdits).toBe(14)
    expect(told.ledger.atRisk('cluster-loss')).toEqual({ edits: 16, bytes: 1600 })
    expect(told.ledger.oldestAtRiskUs('cluster-loss')).toBe(15)
    told.at(300).stored([0, 10, 1])
    expect(told.ledger.oldestAtRiskUs('cluster-loss')).toBe(55)
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
    const told = new Told()
      .at(200)
      .told(Progress.accepted, 0, 4)
      .told(Progress.accepted, 2, 6)
      .at(210)
      .confirmed(0, 4)
    told.at(220).confirmed(0, 6)
    expect(told.ledger.acceptedEdits).toBe(6)
    expect(told.ledger.confirmedEdits).toBe(6)
    expect(told.ledger.confirmLatency.count).toBe(6)
    expect(told.ledger.confirmLatency.min).toBe(220 - 60)
    expect(told.ledger.confirmLatency.max).toBe(210 - 10)
  })

  test('lag is that of the oldest write that no offset has passed', () => {
    const told = new Told({ logs: 2 }).at(200)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(10)
    told.confirmed(0, 4, 0).confirmed(0, 7, 1)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(50)
    told.confirmed(4, 10, 0)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(80)
    told.confirmed(7, 10, 1)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(null)
  })

  test('edits written before the window are counted and not timed', () => {
    const told = new Told({ fromUs: 50 }).at(200).confirmed(0, 10).stored([0, 10])
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
    const told = new Told().at(200).told(Progress.accepted, 0, 10)
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
    expect(told.at(310).exposure).toEqual({
      rpoUs: 310 - 45,
      edits: 5,
      bytes: 500,
      firstUs: 300,
    })
    told.at(1000).ledger.close()
    expect(told.ledger.recoveryPoint('region-server-crash').histogram.timeShareAboveZero).toBe(0.7)
    expect(told.ledger.recoveryPoint('region-server-crash').maxEdits).toBe(5)
  })

  test('a copy that arrives after all closes the hole, which is not forgotten', () => {
    const told = new Told().at(200)
    const file = told.staged(0, 4)
    told.confirmed(0, 4).at(300).delete(file).at(400).stored([0, 4])
    expect(told.exposure).toEqual({ rpoUs: 0, edits: 0, bytes: 0, firstUs: 300 })
    expect(told.ledger.mostHoles()).toEqual({ edits: 4, bytes: 400, firstUs: 300 })
    told.at(1000).ledger.close()
    expect(told.ledger.recoveryPoint('region-server-crash').histogram.maxUs).toBe(400 - 15)
  })

  test('nothing of what another staged file still holds', () => {
    const told = new Told().at(200)
    const first = told.staged(0, 6)
    told.staged(4, 10)
    told.confirmed(0, 10).at(300).delete(first)
    expect(told.ledger.holes()).toMatchObject({ edits: 4, bytes: 400 })
  })

  test('what is confirmed beyond the flushed length of its staged file', () => {
    const told = new Told().at(200)
    told.staged(0, 10, 650)
    told.confirmed(0, 10)
    expect(told.at(210).exposure).toEqual({
      rpoUs: 210 - 75,
      edits: 4,
      bytes: 400,
      firstUs: 200,
    })
  })

  test('what is confirmed and nowhere, at once', () => {
    const told = new Told().at(200).confirmed(2, 5)
    expect(told.at(210).exposure).toEqual({
      rpoUs: 210 - 35,
      edits: 3,
      bytes: 300,
      firstUs: 200,
    })
  })
})

describe('what open streams hold', () => {
  test('is lost with the one server that has them, and with no DataNode', () => {
    const told = new Told({ logs: 2 }).at(200)
    told.stream('rs1', [0, 6, 0])
    told.stream('rs2', [2, 5, 1])
    told.confirmed(0, 6, 0).confirmed(2, 5, 1)
    expect(told.ledger.atRisk('region-server-crash').edits).toBe(6)
    expect(told.ledger.atRisk('rack-power-loss').edits).toBe(6)
    expect(told.ledger.atRisk('cluster-power-loss').edits).toBe(9)
    expect(told.ledger.atRisk('data-node-crash')).toEqual(NONE)
    expect(told.ledger.rpoUs('region-server-crash')).toBe(200 - 15)
    expect(told.ledger.holes()).toMatchObject(NONE)
  })

  test('is a hole when it comes to nothing', () => {
    const told = new Told().at(200)
    const stream = told.stream('rs1', [0, 6])
    told.confirmed(0, 6).at(300)
    stream.end()
    expect(told.at(301).ledger.holes()).toEqual({ edits: 6, bytes: 600, firstUs: 300 })
  })

  test('is no hole when its object is visible at the same instant', () => {
    const told = new Told().at(200)
    const stream = told.stream('rs1', [0, 6])
    told.confirmed(0, 6).at(300)
    stream.end()
    told.stored([0, 6])
    expect(told.at(301).exposure).toEqual(NO_HOLES)
    expect(told.ledger.brokenClaim('data-node-crash')).toBe(null)
  })

  test('is kept by a clean abort while the store answers', () => {
    const told = new Told().at(200)
    const { ledger } = told
    told.stream('rs1', [0, 4])
    expect(ledger.atRisk('hdfs-loss').edits).toBe(10)
    expect(ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(6)
    ledger.storeAnswers(false)
    expect(ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(10)
    told.stream('rs1', [4, 5])
    ledger.storeAnswers(true)
    expect(ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(5)
  })

  test('is not, if its writer gives it up when it stops', () => {
    const told = new Told().at(200)
    const copy = told.open('rs1', { extents: [extent([0, 4])], closedAtStop: false })
    expect(told.ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(10)
    told.confirmed(0, 4)
    expect(told.ledger.atRisk('data-node-crash').edits).toBe(0)
    told.stream('rs1', [2, 6])
    expect(told.ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(6)
    copy.end()
    expect(told.ledger.atRisk('hdfs-loss-clean-abort').edits).toBe(6)
    expect(told.ledger.atRisk('data-node-crash').edits).toBe(2)
  })
})

describe('claims', () => {
  test('hold while every confirmed edit would survive', () => {
    const told = new Told().at(200)
    told.staged(0, 5)
    told.confirmed(0, 5).at(300).stored([0, 5])
    expect(told.at(400).ledger.brokenClaim('cluster-power-loss')).toBe(null)
  })

  test('are broken from the instant at which one would not', () => {
    const told = new Told().at(200)
    const file = new FakeFile().append(extent([0, 5])).flush()
    told.ledger.stagingWatcher.changed(file)
    told.confirmed(0, 3).at(250).confirmed(3, 5).at(300)
    told.ledger.stagingWatcher.changed(file.sync())
    told.at(400)
    expect(told.ledger.brokenClaim('cluster-power-loss')).toEqual({ firstUs: 200, maxEdits: 5 })
    expect(told.ledger.brokenClaim('region-server-crash')).toBe(null)
    expect(told.ledger.brokenClaim('cluster-loss')).toEqual({ firstUs: 200, maxEdits: 5 })
  })

  test('are about one disaster, not about the next while files are short of replicas', () => {
    const told = new Told().at(200)
    const file = new FakeFile(true, false).append(extent([0, 5])).flush()
    file.shortOfReplicas = true
    told.ledger.stagingWatcher.changed(file)
    told.confirmed(0, 5).at(300)
    expect(told.ledger.atRisk('data-node-crash').edits).toBe(5)
    expect(told.ledger.brokenClaim('data-node-crash')).toBe(null)
    expect(told.ledger.brokenClaim('cluster-loss')).toEqual({ firstUs: 200, maxEdits: 5 })
    file.shortOfReplicas = false
    told.ledger.stagingWatcher.changed(file)
    told.at(400)
    expect(told.ledger.brokenClaim('data-node-crash')).toEqual({ firstUs: 300, maxEdits: 5 })
  })

  test('of one server count what one server takes', () => {
    const told = new Told({ logs: 2 }).at(200)
    told.stream('rs1', [0, 6, 0])
    told.stream('rs2', [2, 5, 1])
    told.confirmed(2, 5, 1).at(210).confirmed(0, 6, 0)
    told.at(220)
    expect(told.ledger.brokenClaim('region-server-crash')).toEqual({ firstUs: 200, maxEdits: 6 })
  })
})

describe('edits that the peer does not want', () => {
  const unwanted = () => new Told({ wants: () => false }).at(200)

  test('are never at risk, read or not', () => {
    const told = unwanted()
    expect(told.ledger.atRisk('cluster-loss')).toEqual(NONE)
    expect(told.ledger.rpoUs('cluster-loss')).toBe(0)
    expect(told.ledger.oldestUnconfirmedUs()).toBe(null)
  })

  test('are done with when a filter has passed them over, and counted nowhere', () => {
    const told = unwanted().told(Progress.filtered, 0, 10).at(300).confirmed(0, 10)
    expect(told.ledger.firstNeeded(0)).toBe(10)
    expect([told.ledger.confirmedEdits, told.ledger.confirmLatency.count]).toEqual([0, 0])
    expect(told.ledger.confirmedNotStored.value).toBe(0)
    expect(told.ledger.atRisk('store-loss')).toEqual(NONE)
    expect(told.at(400).ledger.brokenClaim('cluster-loss')).toBe(null)
  })
})
