import type { Host, Process, Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import type { LogRoller } from '../wal/log-roller.js'
import type { WALFactory } from '../wal/wal-factory.js'
import type { WalFiles } from '../wal/wal-files.js'
import type { OnlineRegions } from './online-regions.js'
import { closeAllRegions } from './region-close.js'
import type { WritePath } from './write-path.js'

/** `hbase.wal.async.wait.on.shutdown.seconds` */
const WAL_SHUTDOWN_WAIT_US = 5_000_000

interface RegionServerShutdownContext {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly regions: OnlineRegions
  readonly writePath: WritePath
  readonly wals: WALFactory
  readonly walFiles: WalFiles
  readonly roller: LogRoller
  /** `hbase.regionserver.executor.closeregion.threads` */
  readonly closeRegionThreads: number
  isMeta(region: number): boolean
  closeRegion(region: number): Protocol
  endReplication(): Protocol
  exit(how: 'aborted' | 'stopped'): void
}

/**
 * How a region server ends (HRegionServer.stop and abort, the end of run): regions are closed unless
 * it aborts, then WALs, then replication; then the process is gone.
 */
export class RegionServerShutdown {
  readonly #context: RegionServerShutdownContext
  readonly #exitHandler: number
  readonly #drained = new Signal()
  #begun = false
  #aborting = false
  /** Brings the server to its end. */
  #process: Process | null = null

  constructor(context: RegionServerShutdownContext) {
    this.#context = context
    this.#exitHandler = context.scheduler.handler(() => {
      context.exit(this.#aborting ? 'aborted' : 'stopped')
    })
  }

  /** The server stops or aborts. */
  get begun(): boolean {
    return this.#begun
  }

  get aborting(): boolean {
    return this.#aborting
  }

  stop(): void {
    if (!this.#begun) this.#begin()
  }

  abort(): void {
    this.#aborting = true
    this.#context.writePath.close(this.#context.scheduler.now)
    // A stop that is under way is over.
    this.#process?.kill()
    this.#begin()
  }

  /** The write path is gone, and the files are others'; replication ends. */
  abortDead(): void {
    this.#begun = true
    this.#aborting = true
    // A stop would flush and sync what it has in memory into files that are not its own any more.
    this.#process?.kill()
    this.#context.host.spawn('RegionServer', this.#endReplication())
  }

  /** The write path has gone on. */
  advanced(): void {
    if (this.#begun && this.#isDrained()) this.#drained.notifyAll()
  }

  #begin(): void {
    const { regions, host } = this.#context
    this.#begun = true
    regions.stop()
    this.#process = host.spawn('RegionServer', this.#run())
  }

  /** The end of HRegionServer.run. An abort may come while it stops. */
  *#run(): Protocol {
    const { writePath, scheduler, wals, walFiles } = this.#context
    if (!this.#aborting) yield* this.#closeRegions()
    if (!this.#aborting) writePath.close(scheduler.now)
    while (!this.#isDrained()) yield this.#drained
    yield* wals.shutdown(WAL_SHUTDOWN_WAIT_US)
    if (!this.#aborting) walFiles.archiveClosed()
    yield* this.#endReplication()
  }

  #closeRegions(): Protocol {
    const { host, regions, writePath, closeRegionThreads, isMeta, closeRegion } = this.#context
    return closeAllRegions({
      host,
      threads: closeRegionThreads,
      settle: () => regions.settle(),
      open: () => regions.online.filter((region) => writePath.serves(region)),
      isMeta,
      close: closeRegion,
    })
  }

  *#endReplication(): Protocol {
    const { scheduler, endReplication } = this.#context
    yield* endReplication()
    scheduler.schedule(scheduler.now, this.#exitHandler)
  }

  /** Every appended call is answered, or never will be because its WAL is broken for good. */
  #isDrained(): boolean {
    const { writePath, roller, wals } = this.#context
    return writePath.drained || (roller.failed && wals.all.some(({ broken }) => broken))
  }
}
