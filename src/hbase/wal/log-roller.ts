import { type Protocol, within } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import { IOException } from '../../storage/io-exception.js'
import type { RollReason } from './roll-record.js'
import type { WalGroup } from './wal-group.js'

export interface LogRollerOptions {
  readonly scheduler: Scheduler
  /** `hbase.regionserver.logroll.period` */
  readonly logRollPeriodUs: number
  /** `hbase.regionserver.logroll.retries` */
  readonly logRollRetries: number
  /** `hbase.regionserver.logroll.wait.timeout.ms` */
  readonly logRollWaitTimeoutUs: number
  /** `hbase.regionserver.hlog.check.lowreplication.interval` */
  readonly lowReplicationCheckUs: number
  /** `hbase.server.thread.wakefrequency` */
  readonly wakeFrequencyUs: number
  /** Phase of the server's periodic threads; 0: none. */
  readonly phaseUs: number
  /** Families of a region are to be flushed, so that a WAL can be archived. */
  scheduleFlush(region: number, families: readonly number[]): void
}

/** AbstractWALRoller: pause before a roll that failed is tried again. */
const RETRY_PAUSE_US = 1_000_000

/** What the roller knows of one WAL (AbstractWALRoller.RollController). */
interface RollController {
  readonly group: WalGroup
  lastRollUs: number
  requested: boolean
  emptyWalWanted: boolean
}

/**
 * A region server's LogRoller thread: rolls the WALs that ask for it or have come of age, one after
 * the other, and passes on what a roll wants flushed. A WAL that has come of age is rolled even if it
 * has no entries (RollController.rollWal forces it, in 2.6 as in 3.0).
 */
export class LogRoller {
  readonly #options: LogRollerOptions
  readonly #controllers: RollController[] = []
  readonly #requested = new Signal()
  #lastCheckUs: number
  /** It has given up, for a roll has failed. */
  failed = false

  constructor(groups: readonly WalGroup[], options: LogRollerOptions) {
    this.#options = options
    this.#lastCheckUs = options.scheduler.now
    for (const group of groups) this.addWal(group)
  }

  /** AbstractWALRoller.addWAL: another one, its group having the next index. */
  addWal(group: WalGroup): void {
    this.#controllers.push({
      group,
      lastRollUs: this.#options.scheduler.now - group.firstWalAgeUs,
      requested: false,
      emptyWalWanted: false,
    })
  }

  requestRoll(group: WalGroup): void {
    this.#request(group).requested = true
  }

  /** Puts a WAL of 0 bytes before the next one, and rolls. */
  requestEmptyWal(group: WalGroup): void {
    this.#request(group).emptyWalWanted = true
  }

  /**
   * The thread.
   *
   * @param advance brings the server's write path up to now
   * @param abort a server that cannot roll its WAL aborts
   */
  *run(advance: () => void, abort: (reason: string) => void): Protocol {
    const { wakeFrequencyUs, phaseUs } = this.#options
    let waitUs = phaseUs > 0 ? phaseUs : wakeFrequencyUs
    for (;;) {
      if (!this.#controllers.some(isRequested)) yield* within(waitUs, this.#requested)
      waitUs = wakeFrequencyUs
      advance()
      this.#checkLowReplication()
      try {
        for (const controller of this.#controllers) yield* this.#rollIfDue(controller)
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.failed = true
        abort(`log roll failed: ${error.message}`)
        return
      }
    }
  }

  *#rollIfDue(controller: RollController): Protocol {
    const { group } = controller
    if (!isRequested(controller) && !this.#periodOver(controller)) return
    const reason = isRequested(controller) ? 'request' : 'period'
    const roll = this.#rollNow(controller, reason)
    const { tracer } = this.#options.scheduler
    yield* tracer?.around('roll WAL', { wal: group.wal.name, asked: reason }, roll) ?? roll
  }

  *#rollNow(controller: RollController, reason: RollReason): Protocol {
    const { group } = controller
    if (controller.emptyWalWanted) {
      controller.emptyWalWanted = false
      yield* group.insertEmptyWal()
    }
    const toFlush = yield* this.#roll(controller, reason)
    for (const [region, families] of toFlush) this.#options.scheduleFlush(region, families)
  }

  /** A request that comes during the roll leads to another one. */
  *#roll(controller: RollController, reason: RollReason): Protocol<Map<number, number[]>> {
    const { scheduler, logRollRetries, logRollWaitTimeoutUs } = this.#options
    const sinceUs = scheduler.now
    for (let retries = 0; ; retries++) {
      controller.lastRollUs = scheduler.now
      controller.requested = false
      try {
        return yield* controller.group.rollWriter(reason)
      } catch (error) {
        const waitedUs = scheduler.now - sinceUs
        if (!(error instanceof IOException)) throw error
        if (retries >= logRollRetries || waitedUs >= logRollWaitTimeoutUs) throw error
      }
      yield RETRY_PAUSE_US
    }
  }

  /** Strictly: AbstractWALRoller compares so. */
  #periodOver({ lastRollUs }: RollController): boolean {
    const { scheduler, logRollPeriodUs } = this.#options
    return scheduler.now - lastRollUs > logRollPeriodUs
  }

  /** A stream that broke while nothing was being synced is found out here (HBASE-18132). */
  #checkLowReplication(): void {
    const { scheduler, lowReplicationCheckUs } = this.#options
    if (scheduler.now - this.#lastCheckUs < lowReplicationCheckUs) return
    this.#lastCheckUs = scheduler.now
    for (const controller of this.#controllers) {
      if (isRequested(controller) || this.#periodOver(controller)) continue
      if (controller.group.checkLowReplication()) controller.requested = true
    }
  }

  #request(group: WalGroup): RollController {
    this.#requested.notifyAll()
    return this.#controllers[group.index] as RollController
  }
}

function isRequested({ requested, emptyWalWanted }: RollController): boolean {
  return requested || emptyWalWanted
}
