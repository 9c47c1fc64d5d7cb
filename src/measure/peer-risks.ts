import type { IntervalSet } from '../kernel/interval-set.js'
import type { DisasterClass } from '../storage/disaster.js'
import { FILE_CLASSES, type FileClass } from './covered-file.js'
import type { StreamSurvival } from './open-streams.js'
import type { PeerLog } from './peer-log.js'
import type { MeasuredWindow } from './recovery-point.js'
import { type PeerHolders, Restorable, type Survival } from './restorable.js'
import { StoreLoss } from './store-loss.js'

/**
 * A disaster class as RPO is reported for it. `hdfs-loss` counts open streams as lost;
 * `hdfs-loss-clean-abort` counts those kept that a stopping endpoint closes, while the store answers.
 */
export type RiskClass = DisasterClass | 'hdfs-loss-clean-abort'

type Survivals = Exclude<RiskClass, 'hdfs-loss' | 'store-loss'>

const survivals: Readonly<Record<Survivals, Survival>> = {
  'region-server-crash': { files: 'region-server-crash', streams: null, strikes: 'server' },
  'data-node-crash': { files: 'data-node-crash', streams: 'open', strikes: null },
  'rack-power-loss': { files: 'rack-power-loss', streams: null, strikes: 'rack' },
  'cluster-power-loss': { files: 'cluster-power-loss', streams: null, strikes: null },
  'hdfs-loss-clean-abort': { files: null, streams: 'closed at stop', strikes: null },
  'cluster-loss': { files: null, streams: null, strikes: null },
}

/** No disaster at all: a flushed byte is there, and every process lives. */
const nothingStrikes: Survival = { files: 'region-server-crash', streams: 'open', strikes: null }

/** What each disaster would take from one peer at any instant. */
export class PeerRisks {
  /** Only the store is left: what it has is safe, everything else is not. */
  readonly clusterLoss: Restorable
  /** What is unrestorable without any disaster: holes. Over the whole run. */
  readonly noDisaster: Restorable
  readonly storeLoss: StoreLoss
  readonly #cleanAbort: Restorable
  readonly #byClass = new Map<RiskClass, Restorable>()
  readonly #all: Restorable[] = []
  readonly #byFiles = new Map<FileClass, Restorable[]>()

  constructor(
    private readonly holders: PeerHolders,
    window: MeasuredWindow,
  ) {
    for (const [name, survival] of Object.entries(survivals)) {
      const restorable = new Restorable(survival, holders, window)
      this.#byClass.set(name as Survivals, restorable)
      this.#all.push(restorable)
    }
    this.clusterLoss = this.#byClass.get('cluster-loss') as Restorable
    this.#cleanAbort = this.#byClass.get('hdfs-loss-clean-abort') as Restorable
    this.#byClass.set('hdfs-loss', this.clusterLoss)
    const wholeRun = { fromUs: 0, untilUs: Number.POSITIVE_INFINITY }
    this.noDisaster = new Restorable(nothingStrikes, holders, wholeRun)
    this.#all.push(this.noDisaster)
    this.storeLoss = new StoreLoss(window)
    for (const survival of FILE_CLASSES) {
      this.#byFiles.set(
        survival,
        this.#all.filter((restorable) => restorable.survival.files === survival),
      )
    }
  }

  of(risk: RiskClass): Restorable | StoreLoss {
    return this.#byClass.get(risk) ?? this.storeLoss
  }

  addLog(log: PeerLog): void {
    for (const restorable of this.#all) restorable.addLog(log)
    this.storeLoss.addLog(log)
  }

  close(nowUs: number): void {
    for (const restorable of this.#byClass.values()) restorable.recoveryPoint.close(nowUs)
    this.storeLoss.recoveryPoint.close(nowUs)
  }

  /** Nothing happened from `sinceUs` until now. */
  noteClaims(sinceUs: number): void {
    for (const restorable of this.#all) restorable.noteClaim(sinceUs)
  }

  /** Edits are settled. */
  settle(log: number, from: number, to: number, nowUs: number): void {
    for (const restorable of this.#all) restorable.keep(log, from, to, nowUs)
  }

  /** Edits are settled that nobody had an answer to when they were last looked at. */
  settleTail(log: number, from: number, to: number): void {
    for (const restorable of this.#all) restorable.unsafe(log).add(from, to)
  }

  /** Edits that were settled are not: the store has lost them. */
  unsettle(log: number, from: number, to: number, nowUs: number): void {
    for (const restorable of this.#all) restorable.loosen(log, from, to, nowUs)
  }

  /** A persisted offset has passed edits that it had not passed. */
  confirm(log: number, from: number, to: number, nowUs: number): void {
    for (const restorable of this.#all) restorable.confirm(log, from, to, nowUs)
    this.#release(log, from, to, nowUs)
  }

  /** Staged files that survive so hold these edits from now on, or none does any more. */
  staged(
    survival: FileClass,
    log: number,
    from: number,
    to: number,
    covered: boolean,
    nowUs: number,
  ): void {
    for (const restorable of this.#keptBy(survival)) {
      if (covered) restorable.keep(log, from, to, nowUs)
      else restorable.loosen(log, from, to, nowUs)
    }
    if (covered || survival !== 'region-server-crash') return
    const confirmed = rangesIn(this.holders.logs[log].confirmed, from, to)
    for (const [start, end] of confirmed) this.#release(log, start, end, nowUs)
  }

  /** The same of WALs. */
  inWal(
    survival: FileClass,
    log: number,
    from: number,
    to: number,
    covered: boolean,
    nowUs: number,
  ): void {
    const { confirmed } = this.holders.logs[log]
    for (const restorable of this.#keptBy(survival)) {
      if (!covered) restorable.loosen(log, from, to, nowUs)
      else confirmed.forEachGapIn(from, to, (a, b) => restorable.keep(log, a, b, nowUs))
    }
    if (!covered && survival === 'region-server-crash') this.#releaseUnread(log, from, to, nowUs)
  }

  /** The tail of a WAL has grown by edits that nobody had an answer to before. */
  tailGrown(survival: FileClass, log: number, from: number, to: number): void {
    for (const restorable of this.#keptBy(survival)) restorable.keepTail(log, from, to)
  }

  streamsChanging(nowUs: number): void {
    for (const restorable of this.#all) restorable.streamsChanging(nowUs)
  }

  /** Open streams hold these edits from now on, or none does any more. */
  inStream(
    survival: StreamSurvival,
    log: number,
    from: number,
    to: number,
    held: boolean,
    nowUs: number,
  ): void {
    for (const restorable of this.#all) {
      if (restorable.streams !== survival) continue
      if (held) restorable.keep(log, from, to, nowUs)
      else restorable.loosen(log, from, to, nowUs)
    }
  }

  storeAnswers(answers: boolean, nowUs: number): void {
    this.#cleanAbort.keepStreams(answers, nowUs)
  }

  /** What depends on the files that survive so. */
  #keptBy(survival: FileClass): readonly Restorable[] {
    return this.#byFiles.get(survival) ?? []
  }

  /** A WAL is gone before every source has read it; the unanswered will be written once more. */
  #releaseUnread(log: number, from: number, to: number, nowUs: number): void {
    const peerLog = this.holders.logs[log]
    const inWal = this.holders.wals.edits('region-server-crash', log)
    peerLog.confirmed.forEachGapIn(from, to, (start, end) => {
      inWal.forEachGapIn(start, end, (a, b) => {
        for (let edit = a; edit < b; edit++) {
          if (peerLog.isAnswered(edit)) this.#release(log, edit, edit + 1, nowUs)
        }
      })
    })
  }

  /** The store alone has what is no source reads again and no staged file holds. */
  #release(log: number, from: number, to: number, nowUs: number): void {
    const staged = this.holders.staging.edits('region-server-crash', log)
    staged.forEachGapIn(from, to, (a, b) => this.storeLoss.release(log, a, b, nowUs))
  }
}

function rangesIn(set: IntervalSet, from: number, to: number): [from: number, to: number][] {
  const ranges: [number, number][] = []
  set.forEachIn(from, to, (start, end) => ranges.push([start, end]))
  return ranges
}
