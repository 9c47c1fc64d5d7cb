import { IntervalSet } from '../kernel/interval-set.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { EditCount } from './acknowledgements.js'
import { type Loss, LostEdits } from './lost-edits.js'
import type { PeerRisks } from './peer-risks.js'
import type { PeerHolders } from './restorable.js'

const EVERYTHING = Number.MAX_SAFE_INTEGER

/** What the disasters that struck have taken from one peer, and what was lost without any. */
export class PeerLosses {
  readonly #holders: PeerHolders
  readonly #risks: PeerRisks
  readonly #lost: LostEdits[] = []
  readonly #losses: ((nowUs: number) => Loss)[] = []
  #storeLost = false
  /** Holes of each log, as they were before anything happened at this instant. */
  #holes: readonly IntervalSet[] = []

  constructor(holders: PeerHolders, risks: PeerRisks) {
    this.#holders = holders
    this.#risks = risks
  }

  /** A new instant begins. */
  noteHoles(): void {
    this.#holes = this.#risks.noDisaster.lostNow()
  }

  /** See `PeerLedger.strike`; not for the loss of a store. */
  strike(kind: DisasterClass, target: string | null, nowUs: number): void {
    const lost = new LostEdits(kind, target, nowUs)
    const { clusterLoss, noDisaster } = this.#risks
    const total = kind === 'cluster-loss' || kind === 'hdfs-loss'
    const all = total
      ? this.#holders.logs.map((_, log) => clusterLoss.unsafe(log).answered())
      : noDisaster.lostNow()
    all.forEach((edits, log) => {
      const holes = total ? undefined : this.#holes[log]
      const destroy = (from: number, to: number) => this.#destroy(lost, log, from, to, total, nowUs)
      edits.forEachIn(0, EVERYTHING, (from, to) => {
        if (holes === undefined) destroy(from, to)
        else holes.forEachGapIn(from, to, destroy)
      })
    })
    this.#lost.push(lost)
    this.#losses.push((us) => lost.loss(us))
  }

  /**
   * The store has lost its objects: gone is what the cluster has let go.
   *
   * @returns by log, the edits that the cluster still has and will send to the store once more
   */
  loseStore(nowUs: number): IntervalSet[] {
    const { storeLoss } = this.#risks
    const { edits, bytes } = storeLoss.atRisk(nowUs)
    const inStreams = this.#releasedAndNotStored(nowUs)
    const oldestUs = storeLoss.recoveryPoint.oldestUs(nowUs)
    const lostEdits = edits - inStreams.edits
    const loss: Loss = {
      kind: 'store-loss',
      target: null,
      atUs: nowUs,
      lostEdits,
      lostBytes: bytes - inStreams.bytes,
      oldestLostAgeUs: lostEdits > 0 ? nowUs - oldestUs : null,
      lostToCluster: 0,
    }
    this.#losses.push(() => loss)
    this.#storeLost = true
    storeLoss.loseAll(nowUs)
    return this.#holders.logs.map((_, log) => this.#storedAndHere(log))
  }

  /** Edits that were lost come to the store after all: they are not settled before they are there. */
  found(log: number, from: number, to: number): void {
    const peerLog = this.#holders.logs[log]
    for (const lost of this.#lost) {
      lost.found(peerLog, from, to, (start, end) => {
        peerLog.settled.remove(start, end)
      })
    }
  }

  losses(nowUs: number): Loss[] {
    return this.#losses.map((loss) => loss(nowUs))
  }

  /** See `PeerLedger.lostOperations`. */
  lostOperations(nowUs: number): Float64Array | null {
    if (this.#storeLost) return null
    const operations = this.#lost.flatMap((lost) => lost.operations(nowUs))
    this.#risks.noDisaster.lostNow().forEach((edits, i) => {
      const { acknowledgements, wanted } = this.#holders.logs[i]
      edits.forEachIn(0, EVERYTHING, (from, to) => {
        for (let edit = from; edit < to; edit++) {
          if (!acknowledgements.isAcknowledged(edit, nowUs) || !wanted.has(edit)) continue
          operations.push(acknowledgements.source.log.operation(edit))
        }
      })
    })
    return new Float64Array(new Set(operations)).sort()
  }

  /** Acknowledged edits that were released and are in an open stream, or nowhere. */
  #releasedAndNotStored(nowUs: number): EditCount {
    const sum = { edits: 0, bytes: 0 }
    this.#holders.logs.forEach(({ acknowledgements, wanted, length }, log) => {
      const released = this.#risks.storeLoss.released(log)
      this.#risks.clusterLoss.unsafe(log).forEachIn(0, length, (from, to) => {
        released.forEachIn(from, to, (start, end) => {
          const { edits, bytes } = acknowledgements.countIn(start, end, nowUs, wanted)
          sum.edits += edits
          sum.bytes += bytes
        })
      })
    })
    return sum
  }

  /** Stored edits that are in a staged file, or in a WAL and will be read again. */
  #storedAndHere(log: number): IntervalSet {
    const { staging, wals, logs } = this.#holders
    const { confirmed, settled } = logs[log]
    const both = new IntervalSet()
    const addStored = (from: number, to: number) => {
      settled.forEachIn(from, to, (start, end) => {
        both.add(start, end)
      })
    }
    staging.edits('region-server-crash', log).forEachIn(0, EVERYTHING, addStored)
    wals.edits('region-server-crash', log).forEachIn(0, EVERYTHING, (from, to) => {
      confirmed.forEachGapIn(from, to, addStored)
    })
    return both
  }

  #destroy(
    lost: LostEdits,
    log: number,
    from: number,
    to: number,
    total: boolean,
    nowUs: number,
  ): void {
    const peerLog = this.#holders.logs[log]
    const inWal = this.#holders.wals.edits('region-server-crash', log)
    for (let edit = from; edit < to; edit++) {
      if (peerLog.wanted.has(edit)) lost.add(peerLog, edit, total || !inWal.has(edit))
    }
    peerLog.settled.add(from, to)
    this.#risks.settle(log, from, to, nowUs)
    this.#risks.storeLoss.destroy(log, from, to, nowUs)
  }
}
