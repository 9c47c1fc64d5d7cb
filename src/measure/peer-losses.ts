import { IntervalSet } from '../kernel/interval-set.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { EditCount } from './acknowledgements.js'
import { type Loss, LostEdits } from './lost-edits.js'
import { LostStore } from './lost-store.js'
import type { PeerRisks } from './peer-risks.js'
import type { PeerHolders } from './restorable.js'

const EVERYTHING = Number.MAX_SAFE_INTEGER

/** What the disasters that struck have taken from one peer, and what was lost without any. */
export class PeerLosses {
  readonly #holders: PeerHolders
  readonly #risks: PeerRisks
  readonly #lost: LostEdits[] = []
  readonly #losses: ((nowUs: number) => Loss)[] = []
  readonly #lostStores: LostStore[] = []
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
  loseStore(nowUs: number): readonly IntervalSet[] {
    const { logs } = this.#holders
    const { storeLoss } = this.#risks
    const { edits, bytes } = storeLoss.atRisk(nowUs)
    const notStored = this.#releasedAndNotStored(nowUs)
    const released = {
      edits: edits - notStored.edits,
      bytes: bytes - notStored.bytes,
      oldestUs: storeLoss.recoveryPoint.oldestUs(nowUs),
    }
    const owed = logs.map((_, log) => this.#storedAndHere(log))
    const lost = new LostStore(nowUs, released, owed)
    logs.forEach((_, log) => {
      this.#destroyAll(lost.edits, log, this.#onlyInStreams(log), nowUs)
    })
    this.#lostStores.push(lost)
    this.#lost.push(lost.edits)
    this.#losses.push((us) => lost.loss(us))
    storeLoss.loseAll(nowUs)
    return owed
  }

  /** The cluster has let edits go: those owed to a lost store are lost with it. */
  letGo(nowUs: number): void {
    for (const { owed, edits } of this.#lostStores) {
      this.#risks.noDisaster.lostNow().forEach((gone, log) => {
        const taken = new IntervalSet()
        owed[log]?.forEachIn(0, EVERYTHING, (from, to) => {
          gone.forEachIn(from, to, (start, end) => {
            taken.add(start, end)
          })
        })
        this.#destroyAll(edits, log, taken, nowUs)
      })
    }
  }

  /** Edits that were lost come to the store after all: they are not settled before they are there. */
  found(log: number, from: number, to: number): void {
    const peerLog = this.#holders.logs[log]
    for (const { owed } of this.#lostStores) owed[log]?.remove(from, to)
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
    if (this.#lostStores.length > 0) return null
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

  /** Those that were released and are in an open stream. */
  #onlyInStreams(log: number): IntervalSet {
    const released = this.#risks.storeLoss.released(log)
    const unsafe = this.#risks.clusterLoss.unsafe(log)
    const only = new IntervalSet()
    this.#holders.streams.edits(log).forEachIn(0, EVERYTHING, (from, to) => {
      unsafe.forEachIn(from, to, (a, b) => {
        released.forEachIn(a, b, (start, end) => {
          only.add(start, end)
        })
      })
    })
    return only
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

  #destroyAll(lost: LostEdits, log: number, edits: IntervalSet, nowUs: number): void {
    edits.forEachIn(0, EVERYTHING, (from, to) => this.#destroy(lost, log, from, to, false, nowUs))
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
