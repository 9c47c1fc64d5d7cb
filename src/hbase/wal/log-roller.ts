import { type Protocol, within } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import { IOException } from '../../storage/io-exception.js'
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
 * the other. A WAL without entries that has come of age is passed over.
 */
export class LogRoller {
  readonly #options: LogRollerOptions
  readonly #controllers: readonly RollController[]
  readonly #requested = new Signal()
  #lastCheckUs: number
  /** It has given up, for a roll has failed. */
  failed = false

  constructor(groups: readonly WalGroup[], options: LogRollerOptions) {
    const { now } = options.scheduler
    this.#options = options
    this.#lastCheckUs = now
    this.#controllers = groups.map((group) => ({
      group,
      lastRollUs: now - group.firstWalAgeUs,
      requested: false,
      emptyWalWanted: false,
    }))
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
    const { now } = this.#options.scheduler
    const periodOver = now - controller.lastRollUs >= this.#options.logRollPeriodUs
    if (!isRequested(controller) && !periodOver) return
    controller.lastRollUs = now
    if (!isRequested(controller) && group.wal.entries === 0) return
    if (controller.emptyWalWanted) {
      controller.emptyWalWanted = false
      yield* group.insertEmptyWal()
    }
    yield* this.#roll(controller)
  }

  /** A request that comes during the roll leads to another one. */
  *#roll(controller: RollController): Protocol {
    const { scheduler, logRollRetries, logRollWaitTimeoutUs } = this.#options
    const sinceUs = scheduler.now
    for (let retries = 0; ; retries++) {
      controller.requested = false
      try {
        yield* controller.group.rollWriter()
        return
      } catch (error) {
        const waitedUs = scheduler.now - sinceUs
        if (!(error instanceof IOException)) throw error
        if (retries >= logRollRetries || waitedUs >= logRollWaitTimeoutUs) throw error
      }
      yield RETRY_PAUSE_US
    }
  }

  /** A stream that broke while nothing was being synced is found out here (HBASE-18132). */
  #checkLowReplication(): void {
    const { scheduler, lowReplicationCheckUs } = this.#options
    if (scheduler.now - this.#lastCheckUs < lowReplicationCheckUs) return
    this.#lastCheckUs = scheduler.now
    for (const controller of this.#controllers) {
      if (controller.group.streamFailed) controller.requested = true
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
