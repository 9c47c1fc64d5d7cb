import { Host, type Process, type Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'
import { reportToMaster } from '../master/server-report.js'
import { LogRoller } from '../wal/log-roller.js'
import type { Wal } from '../wal/wal.js'
import { WalFiles } from '../wal/wal-files.js'
import { WalGroup, type WalListener } from '../wal/wal-group.js'
import { OnlineRegions } from './online-regions.js'
import { closeRegions } from './region-close.js'
import type { RegionServerOptions } from './region-server-options.js'
import { WritePath } from './write-path.js'
import type { UnansweredCall } from './write-path-options.js'

export type { WalListener } from '../wal/wal-group.js'
export type { RegionServerOptions } from './region-server-options.js'
export type { UnansweredCall } from './write-path-options.js'

/** `hbase.wal.async.wait.on.shutdown.seconds` */
const WAL_SHUTDOWN_WAIT_US = 5_000_000

/**
 * A region server: one JVM with its write path, its WALs and the threads that roll them. Whoever
 * wants to know something of it calls `advance` first, for the write path is lazy.
 *
 * Simplification: every WAL group has a WAL from the start.
 */
export class RegionServer {
  readonly host: Host
  readonly node: Node
  readonly groups: readonly WalGroup[]
  readonly writePath: WritePath
  readonly listeners: WalListener[] = []
  readonly regions: OnlineRegions
  /** Called when the server ends itself because of what went wrong, before it is gone. */
  onAbort: (reason: string) => void = () => {}
  /** Called when a WAL moves to oldWALs, while it still tells what it holds. */
  onArchive: (wal: Wal) => void = () => {}
  /** Ends replication: a part of `stop` and `abort`, when the WALs are closed. */
  onTerminate: () => Protocol = nothing
  /** The process is gone, at this instant; `calls` are those that it owes an answer. */
  onExit: (how: 'killed' | 'aborted' | 'stopped', calls: readonly UnansweredCall[]) => void =
    () => {}
  readonly #options: RegionServerOptions
  readonly #walFiles: WalFiles
  readonly #roller: LogRoller
  readonly #threads: readonly Process[]
  readonly #lookHandler: number
  readonly #exitHandler: number
  readonly #drained = new Signal()
  #stopping = false
  /** Brings the process to its end. */
  #shutdown: Process | null = null
  #aborting = false
  #lookUs = Number.POSITIVE_INFINITY
  #lookHandle = 0

  constructor(options: RegionServerOptions) {
    const { scheduler } = options
    this.#options = options
    this.node = options.node
    this.host = new Host(scheduler, options.name)
    this.groups = this.#buildGroups()
    this.#walFiles = new WalFiles({
      groups: this.groups,
      now: () => scheduler.now,
      onArchive: (wal) => this.onArchive(wal),
    })
    this.writePath = new WritePath({
      ...options.writePath,
      groups: this.groups.map(({ writes }) => writes),
      onFlushWanted: (region) => this.regions.flusher.flushWanted(region),
      onMemstorePressure: () => this.regions.flusher.memstorePressure(),
      onDisturbed: () => this.#lookAgain(),
    })
    this.regions = this.#buildRegions()
    for (const region of options.regions()) this.regions.adopt(region)
    this.#lookHandler = scheduler.handler(() => {
      this.#lookUs = Number.POSITIVE_INFINITY
      this.advance()
    })
    this.#exitHandler = scheduler.handler(() => this.#exit(this.#aborting ? 'aborted' : 'stopped'))
    this.#roller = new LogRoller(this.groups, {
      ...options,
      scheduleFlush: (region, families) => {
        this.regions.flusher.requestFlush(region, { reason: 'max-logs', families })
      },
    })
    const advance = () => this.advance()
    const abort = (reason: string) => this.abort(reason)
    this.#threads = [
      this.host.spawn('LogRoller', this.#roller.run(advance, abort)),
      this.host.spawn('RegionServer report', this.#report()),
    ]
    this.regions.start()
    for (const group of this.groups) group.start()
  }

  get name(): string {
    return this.#options.name
  }

  get hostName(): string {
    return this.#options.hostName
  }

  get rack(): number {
    return this.node.rack
  }

  get alive(): boolean {
    return this.host.alive
  }

  /** It stops or aborts, or is gone. */
  get stopping(): boolean {
    return this.#stopping || !this.host.alive
  }

  /** WALs that are rolled and not yet archived, oldest first. */
  get rolledWals(): Wal[] {
    return this.#walFiles.rolled
  }

  /** Archived WALs that the log cleaner has not deleted. */
  get oldWals(): readonly Wal[] {
    return this.#walFiles.old
  }

  /** Every WAL that is not deleted, oldest first. */
  wals(): Wal[] {
    return this.#walFiles.all
  }

  /** Plays the write path up to now. */
  advance(): void {
    if (!this.host.alive) return
    this.writePath.advance(this.#nowUs)
    for (const group of this.groups) group.updateFile()
    if (this.#stopping && this.#isDrained()) this.#drained.notifyAll()
    this.#lookAgain()
  }

  /** The JVM stands still (SIGSTOP, a long pause); see ChaosMonkey's SuspendResumeRegionServer. */
  suspend(): void {
    this.advance()
    this.writePath.suspend(this.#nowUs)
    for (const group of this.groups) group.updateFile()
    this.host.suspend()
  }

  resume(): void {
    this.writePath.resume(this.#nowUs)
    this.host.resume()
    this.advance()
  }

  /** The process is gone with everything in its memory. */
  kill(): void {
    if (this.host.alive) this.#exit('killed')
  }

  /**
   * HRegionServer.abort: no call is taken any more, regions close without a flush, WALs are closed
   * if they can be and stay for the master to split; replication ends, then the process.
   */
  abort(reason: string): void {
    if (!this.host.alive || this.#aborting) return
    this.#aborting = true
    this.onAbort(reason)
    this.writePath.close(this.#nowUs)
    // A stop that is under way is over.
    this.#shutdown?.kill()
    this.#shutDown()
    this.advance()
  }

  /**
   * A suspended server that was declared dead meanwhile goes on, is told so (YouAreDeadException)
   * and aborts. Others have its regions and have closed its WALs, so nothing comes of its writes any
   * more; replication ends as with any abort, its open files and objects with it.
   *
   * Simplification: it is told at once; a real one finds out when its ZooKeeper session or its next
   * report is answered, up to 3 s later, and replicates until then.
   *
   * @returns the calls that it owes an answer
   */
  resumeDead(): UnansweredCall[] {
    this.#stopping = true
    this.#aborting = true
    this.onAbort('it was declared dead')
    const calls = this.writePath.kill(this.#nowUs)
    for (const group of this.groups) group.updateFile()
    for (const thread of this.#threads) thread.kill()
    this.host.resume()
    this.host.spawn('RegionServer', this.#endReplication())
    return calls
  }

  /**
   * HRegionServer.stop: regions are flushed and closed, their calls go elsewhere; WALs are closed and
   * archived; replication ends, then the process.
   */
  stop(): void {
    if (!this.host.alive) return
    this.#shutDown()
    this.advance()
  }

  /**
   * UnassignRegionHandler: the region is flushed and served here no more.
   *
   * @throws IOException if that cannot be done: the server aborts
   */
  *closeRegion(region: number): Protocol {
    try {
      yield* this.regions.close(region)
    } catch (error) {
      if (error instanceof IOException) {
        this.abort(`region ${region} could not be closed: ${error.message}`)
      }
      throw error
    }
  }

  /** Rolls the WAL of one group, whatever its size and age. */
  requestRoll(group = 0): void {
    this.#roller.requestRoll(this.groups[group] as WalGroup)
  }

  /**
   * A WAL without even a header comes behind the one being written, as a crash at its creation
   * leaves it, and the group is rolled (TestReplicationEmptyWALRecovery.injectEmptyWAL).
   */
  injectEmptyWal(group = 0): void {
    this.#roller.requestEmptyWal(this.groups[group] as WalGroup)
  }

  /** The log cleaner's decision. */
  deleteOldWal(wal: Wal): void {
    this.#walFiles.delete(wal)
  }

  /** Bytes of archived WALs. */
  get oldWalBytes(): number {
    return this.#walFiles.oldBytes
  }

  /** For the ServerCrashProcedure: all WALs are split and move to oldWALs. */
  splitDone(): void {
    this.#walFiles.archiveSplit()
  }

  get #nowUs(): number {
    return this.#options.scheduler.now
  }

  #buildGroups(): WalGroup[] {
    const { name, groups, walHsync } = this.#options
    const { memstores } = this.#options.shared
    const context = {
      host: this.host,
      server: name,
      groups: groups.length,
      regions: memstores.regions,
      families: (region: number) => memstores.families(region),
      walHsync,
      listeners: this.listeners,
      writePath: () => this.writePath,
      advance: () => this.advance(),
      recoverLease: (file: HdfsFile) => this.#options.recoverLease(file),
      onRollNeeded: (group: WalGroup) => this.#roller.requestRoll(group),
      archive: (wal: Wal) => this.#walFiles.archive(wal),
    }
    return groups.map((options, index) => new WalGroup(index, context, options))
  }

  #buildRegions(): OnlineRegions {
    const { scheduler, shared, hfiles, regionSettings } = this.#options
    return new OnlineRegions({
      ...shared,
      scheduler,
      host: this.host,
      hfiles,
      settings: regionSettings,
      writePath: this.writePath,
      accounting: (region) => this.groups[this.writePath.groupOf(region)].accounting,
      regions: () => this.#options.regions(),
      advance: () => this.advance(),
      abort: (reason) => this.abort(reason),
    })
  }

  #report(): Protocol {
    const { memstores } = this.#options.shared
    return reportToMaster({
      intervalUs: this.#options.reportIntervalUs,
      phaseUs: this.#options.reportPhaseUs,
      regions: () => this.#options.regions(),
      flushedSequenceIds: (region) =>
        Array.from({ length: memstores.families(region) }, (_, family) =>
          memstores.flushedSequenceIdOf(region, family),
        ),
      report: (flushed) => this.#options.report(flushed),
      onYouAreDead: () => this.abort('it was declared dead'),
    })
  }

  #shutDown(): void {
    if (this.#stopping && !this.#aborting) return
    this.#stopping = true
    this.regions.stop()
    this.#shutdown = this.host.spawn('RegionServer', this.#run())
  }

  /** The end of HRegionServer.run. An abort may come while it stops. */
  *#run(): Protocol {
    if (!this.#aborting) yield* this.#closeUserRegions()
    if (!this.#aborting) this.writePath.close(this.#nowUs)
    while (!this.#isDrained()) yield this.#drained
    for (const group of this.groups) yield* group.shutdown(WAL_SHUTDOWN_WAIT_US)
    if (!this.#aborting) this.#walFiles.archiveClosed()
    yield* this.#endReplication()
  }

  /** Those that were being opened when it began, too (HRegionServer.waitOnAllRegionsToClose). */
  *#closeUserRegions(): Protocol {
    const { regions, closeRegionThreads } = this.#options
    const close = (region: number) => this.closeRegion(region)
    try {
      for (;;) {
        yield* this.regions.settle()
        const open = regions().filter((region) => this.writePath.serves(region))
        if (open.length === 0) return
        yield* closeRegions(open, closeRegionThreads, this.host, close)
      }
    } catch (error) {
      // The server aborts.
      if (!(error instanceof IOException)) throw error
    }
  }

  *#endReplication(): Protocol {
    yield* this.onTerminate()
    this.#options.scheduler.schedule(this.#nowUs, this.#exitHandler)
  }

  /** Every appended call is answered, or never will be because its WAL is broken for good. */
  #isDrained(): boolean {
    if (this.writePath.drained) return true
    return this.#roller.failed && this.groups.some(({ broken }) => broken)
  }

  #exit(how: 'killed' | 'aborted' | 'stopped'): void {
    if (!this.host.alive) return
    this.advance()
    const calls = this.writePath.kill(this.#nowUs)
    for (const group of this.groups) group.updateFile()
    this.host.kill()
    this.onExit(how, calls)
  }

  /** Arms the next look by which the write path's own effects are noticed in time. */
  #lookAgain(): void {
    const { scheduler } = this.#options
    const dueUs = Math.max(this.writePath.nextCauseUs(), scheduler.now)
    if (dueUs >= this.#lookUs) return
    if (this.#lookUs !== Number.POSITIVE_INFINITY) scheduler.cancel(this.#lookHandle)
    this.#lookUs = dueUs
    this.#lookHandle = scheduler.schedule(dueUs, this.#lookHandler)
  }
}

function* nothing(): Protocol {}
