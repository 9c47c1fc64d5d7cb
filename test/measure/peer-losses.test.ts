import { describe, expect, test } from 'vitest'
import { Progress, peerProgress } from '../../src/hbase/progress.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import { extent, objectOf, Told } from './told-ledger.js'

const NO_HOLES = { rpoUs: 0, edits: 0, bytes: 0, firstUs: null }
const NONE = { edits: 0, bytes: 0 }

describe('a disaster that strikes', () => {
  test('takes what nobody has any more; what is left is measured on', () => {
    const told = new Told({ logs: 2 }).at(200)
    const stream = told.stream('rs1', [0, 6, 0])
    told.confirmed(0, 6, 0).at(300)
    stream.end()
    told.ledger.strike('region-server-crash', 'rs1')
    expect(told.ledger.losses()).toEqual([
      {
        ...{ kind: 'region-server-crash', target: 'rs1', atUs: 300 },
        ...{ lostEdits: 6, lostBytes: 600, oldestLostAgeUs: 300 - 15, lostToCluster: 0 },
      },
    ])
    expect(told.at(400).exposure).toEqual(NO_HOLES)
    expect(told.ledger.missing()).toBe(4 + 10)
    expect(told.ledger.lostOperations()).toEqual(new Float64Array([0, 1, 2, 3, 4, 5]))
    expect(told.ledger.oldestAtRiskUs('cluster-loss')).toBe(15)
    expect(told.ledger.firstNeeded(0)).toBe(6)
  })

  test('takes no blame for a hole that was there before', () => {
    const told = new Told().at(200).confirmed(0, 2).at(300)
    told.ledger.strike('region-server-crash', 'rs1')
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 0 }])
    expect(told.at(400).ledger.holes()).toEqual({ edits: 2, bytes: 200, firstUs: 200 })
    expect(told.ledger.missing()).toBe(10)
    expect(told.ledger.lostOperations()).toEqual(new Float64Array([0, 1]))
  })

  test('takes from the cluster what was in its WAL alone', () => {
    const told = new Told().at(90)
    told.staged(0, 4)
    told.stored([4, 5])
    const [wal] = told.walFiles
    told.wals.changing()
    wal.deleted = true
    told.wals.changed(wal)
    told.ledger.strike('cluster-power-loss')
    // Edits 8 and 9 are answered and on their way to the client.
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 3, lostToCluster: 3 }])
    told.at(200)
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 5, lostToCluster: 5 }])
    expect(told.ledger.missing()).toBe(4)
  })

  test('leaves to the store what a request under way still brings there', () => {
    const told = new Told().at(200).stored([0, 2])
    told.ledger.close()
    for (const log of told.logs) log.stopAt(200)
    told.ledger.strike('cluster-loss')
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 8, lostToCluster: 8 }])
    told.at(250).stored([2, 5])
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 5, oldestLostAgeUs: 200 - 65 }])
    expect(told.ledger.storedEdits).toBe(5)
    expect(told.ledger.objects.duplicates.total).toBe(0)
    expect(told.ledger.lostOperations()).toEqual(new Float64Array([5, 6, 7, 8, 9]))
  })

  test('of the store takes what the cluster has let go; the rest is sent once more', () => {
    const told = new Told().at(200)
    const file = told.staged(4, 6)
    told.stored([0, 8]).confirmed(0, 6)
    expect(told.ledger.atRisk('store-loss')).toEqual({ edits: 4, bytes: 400 })
    expect(told.ledger.rpoUs('store-loss')).toBe(200 - 15)
    told.at(300)
    told.ledger.strike('store-loss')
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 4, oldestLostAgeUs: 300 - 15 }])
    expect(told.ledger.rpoUs('store-loss')).toBe(0)
    // Edits 4 and 5 are staged; 6 and 7 were stored, and no offset has passed them.
    expect(told.ledger.missing()).toBe(6)
    expect(told.ledger.holes()).toMatchObject(NONE)
    told.at(400).stored([4, 10]).delete(file)
    expect(told.ledger.missing()).toBe(0)
    expect(told.ledger.objects.duplicates.total).toBe(0)
    expect(told.ledger.atRisk('store-loss')).toEqual({ edits: 2, bytes: 200 })
    expect(told.ledger.lostOperations()).toBe(null)
  })

  test('of the store takes what is only in streams to it', () => {
    const told = new Told().at(200).stored([0, 2])
    const stream = told.stream('rs1', [2, 6])
    told.confirmed(0, 4)
    expect(told.ledger.atRisk('store-loss')).toEqual({ edits: 4, bytes: 400 })
    told.at(300)
    told.ledger.strike('store-loss')
    const loss = { lostEdits: 4, lostBytes: 400, oldestLostAgeUs: 300 - 15, lostToCluster: 0 }
    expect(told.ledger.losses()).toMatchObject([loss])
    stream.end()
    expect(told.at(400).ledger.holes()).toEqual({ ...NONE, firstUs: null })
    expect([told.ledger.storedEdits, told.ledger.missing()]).toEqual([0, 6])
  })

  test('of the store takes what the cluster is about to let go', () => {
    const told = new Told().at(200)
    const file = told.staged(2, 4)
    told.confirmed(2, 4).stored([0, 6]).at(300)
    told.ledger.strike('store-loss')
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 0, oldestLostAgeUs: null }])
    told.at(310).delete(file).at(320).confirmed(0, 1)
    const loss = { lostEdits: 3, lostBytes: 300, oldestLostAgeUs: 300 - 15 }
    expect(told.at(400).ledger.losses()).toMatchObject([loss])
    expect(told.ledger.holes()).toEqual({ ...NONE, firstUs: null })
    expect(told.ledger.brokenClaim('region-server-crash')).toBe(null)
    expect([told.ledger.storedEdits, told.ledger.missing()]).toEqual([0, 7])
    // What has reached another store is not let go by that.
    told.stored([1, 2]).confirmed(1, 2)
    expect(told.at(500).ledger.losses()).toMatchObject([loss])
  })

  test('of the store strikes once', () => {
    const told = new Told().at(200).stored([0, 4]).confirmed(0, 5)
    told.ledger.strike('store-loss')
    told.at(300).ledger.strike('store-loss')
    expect(told.ledger.losses()).toMatchObject([{ lostEdits: 4 }, { lostEdits: 0, lostBytes: 0 }])
  })
})

describe('the store', () => {
  test('loses what an object of the same key replaces, unless another one has it', () => {
    const told = new Told().at(200).confirmed(0, 6)
    const first = objectOf([extent([0, 4])])
    told.ledger.stored(first)
    told.stored([0, 1])
    told.at(300).ledger.stored(objectOf([extent([3, 6])]), first)
    expect(told.ledger.storedEdits).toBe(4)
    expect(told.at(301).ledger.holes()).toEqual({ edits: 2, bytes: 200, firstUs: 200 })
  })

  test('may hold edits whose clients have no answer', () => {
    const told = new Told().at(80).stored([0, 8])
    expect(told.ledger.unacknowledgedStored()).toBe(1)
    expect(told.at(200).ledger.unacknowledgedStored()).toBe(0)
  })
})

test('a peer that is added later owes nothing of what came before', () => {
  const told = new Told().at(100)
  const late = new PeerLedger({
    window: { fromUs: 0, untilUs: 1000 },
    now: () => told.nowUs,
    wals: told.wals,
  })
  late.addLog(told.logs[0], { server: 'rs1', rack: 0 })
  late.progress(peerProgress(Progress.filtered, 4), 100, 0, 0, 6)
  told.at(200)
  expect(late.missing()).toBe(4)
  expect(late.holes()).toEqual({ ...NONE, firstUs: null })
  expect(late.atRisk('region-server-crash')).toEqual(NONE)
  expect(late.firstNeeded(0)).toBe(6)
})

test('a log is recycled up to what is not done, and measured on', () => {
  const edits = 20_000
  const told = new Told({ edits }).at(300_000).stored([0, 9000]).confirmed(0, 9000)
  const file = told.staged(9000, 10_000)
  told.confirmed(9000, 10_000).stored([9000, 9500])
  const [{ source }] = told.logs
  expect(told.ledger.firstNeeded(0)).toBe(9000)
  source.log.release(told.ledger.firstNeeded(0))
  told.at(310_000).stored([9500, 10_000]).delete(file)
  source.log.release(told.ledger.firstNeeded(0))
  expect(source.log.firstRetained).toBe(8192)
  expect(told.ledger.atRisk('store-loss')).toEqual({ edits: 10_000, bytes: 1_000_000 })
  expect(told.ledger.rpoUs('store-loss')).toBe(310_000 - 15)
  expect(told.ledger.atRisk('cluster-loss')).toEqual({ edits: 10_000, bytes: 1_000_000 })
  const [wal] = told.walFiles
  wal.deleted = true
  told.wals.changing()
  told.wals.changed(wal)
  expect(told.ledger.holes().edits).toBe(10_000)
})
