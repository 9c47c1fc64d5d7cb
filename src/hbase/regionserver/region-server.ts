import { Host, type Process, type Protocol } from '../../kernel/process.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'
import { reportToMaster } from '../master/server-report.js'
import type { EditLog } from '../wal/edit-log.js'
import { LogRoller } from '../wal/log-roller.js'
import type { Wal } from '../wal/wal.js'
import { WALFactory } from '../wal/wal-factory.js'
import { WalFiles } from '../wal/wal-files.js'
import type { WalGroup, WalListener } from '../wal/wal-group.js'
import type { WalGroupContext } from '../wal/wal-group-options.js'
import { NextLook } from './next-look.js'
import { OnlineRegions } from './online-regions.js'
import type { RegionOpening } from './region-open.js'
import type { RegionReplicas } from './region-replicas.js'
import type { RegionServerOptions } from './region-server-options.js'
import { RegionServerShutdown } from './region-server-shutdown.js'
import { WritePath } from './write-path.js'
import type { UnansweredCall } from './write-path-options.js'

export type { WalListener } from '../wal/wal-group.js'
export type { RegionServerOptions } from './region-server-options.js'
export type { UnansweredCall } from './write-path-options.js'

/**
 * A region server: one JVM with its write path, its WALs and the threads that roll them. Whoever
 * wants to know something of it calls `advance` first, for the write path is lazy.
 *
 * Simplification: every WAL group that regions share has a WAL from the start.
 */
export class RegionServer {
  readonly host: Host
  readonly node: Node
  readonly writePath: WritePath
  readonly listeners: WalListener[] = []
  readonly regions: OnlineRegions
  /** Null where no region has replicas. */
  readonly replicas: RegionReplicas | null
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
  readonly #wals: WALFactory
  readonly #walFiles: WalFiles
  readonly #roller: LogRoller
  readonly #threads: readonly Process[]
  readonly #nextLook: NextLook
  readonly #shutdown: RegionServerShutdown

  constructor(options: RegionServerOptions) {
    const { scheduler } = options
    this.#options = options
    this.#nextLook = new NextLook(scheduler, () => this.advance())
    this.node = options.node
    this.host = new Host(scheduler, options.name)
    this.#wals = new WALFactory(this.#walContext(), options.groups)
    this.#walFiles = new WalFiles({
      groups: this.#wals.all,
      now: () => scheduler.now,
      onArchive: (wal) => this.onArchive(wal),
    })
    this.writePath = new WritePath({
      ...options.writePath,
      useHsync: options.walHsync,
      ...(options.meta && { metaRegion: options.meta.region }),
      groups: this.groups.map(({ writes }) => writes),
      onFlushWanted: (region) => this.regions.flusher.flushWanted(region),
      onMemstorePressure: () => this.regions.flusher.memstorePressure(),
      onDisturbed: () => this.#lookAgain(),
    })
    this.replicas =
      options.buildReplicas?.({
        host: this.host,
        writePath: this.writePath,
        memstores: options.shared.memstores,
        regions: () => this.regions.online,
        advance: () => this.advance(),
        flush: (primary) => this.regions.flushForReplicas(primary),
        abort: (reason) => this.abort(reason),
      }) ?? null
    this.regions = this.#buildRegions()
    if (options.meta?.wal) this.writePath.addMetaWal(this.#wals.beginMeta(options.meta.wal).writes)
    for (const region of options.regionsAtStart) this.regions.adopt(region)
    this.#roller = new LogRoller(this.#wals.all, {
      ...options,
      scheduleFlush: (region, families) => {
        this.regions.flusher.requestFlush(region, { reason: 'max-logs', families })
      },
    })
    this.#shutdown = this.#buildShutdown()
    const advance = () => this.advance()
    const abort = (reason: string) => this.abort(reason)
    this.#threads = [
      this.host.spawn('LogRoller', this.#roller.run(advance, abort)),
      this.host.spawn('RegionServer report', this.#report()),
    ]
    this.regions.start()
    for (const group of this.#wals.all) group.start()
  }

  /** Those that regions share: what replication follows. */
  get groups(): readonly WalGroup[] {
    return this.#wals.groups
  }

  /** These and that of hbase:meta, if the server has ever carried it. */
  get walGroups(): readonly WalGroup[] {
    return this.#wals.all
  }

  /** Its edits of SKIP_WAL, which no WAL has; null if no table has that. */
  get skippedWal(): EditLog | null {
    return this.#options.writePath.skippedWal ?? null
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
    return this.#shutdown.begun || !this.host.alive
  }

  /** WALs that are rolled and not yet archived, oldest first. */
  get rolledWals(): Wal[] {
    return this.#walFiles.rolled
  }

  /** How many they are. */
  get rolledWalCount(): number {
    return this.#walFiles.rolledCount
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
    // What comes of it is not the doing of whoever looks.
    const { scheduler } = this.#options
    const { doing } = scheduler
    scheduler.doing = 0
    this.writePath.advance(this.#nowUs)
    this.#wals.updateFiles()
    this.#shutdown.advanced()
    this.#lookAgain()
    scheduler.doing = doing
  }

  /** The JVM stands still (SIGSTOP, a long pause); see ChaosMonkey's SuspendResumeRegionServer. */
  suspend(): void {
    this.advance()
    this.writePath.suspend(this.#nowUs)
    this.#wals.updateFiles()
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
    if (!this.host.alive || this.#shutdown.aborting) return
    this.onAbort(reason)
    this.#shutdown.abort()
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
    this.onAbort('it was declared dead')
    const calls = this.writePath.kill(this.#nowUs)
    this.#wals.updateFiles()
    for (const thread of this.#threads) thread.kill()
    this.host.resume()
    this.#shutdown.abortDead()
    return calls
  }

  /**
   * HRegionServer.stop: regions are flushed and closed, their calls go elsewhere; WALs are closed and
   * archived; replication ends, then the process.
   */
  stop(): void {
    if (!this.host.alive) return
    this.#shutdown.stop()
    this.advance()
  }

  /**
   * AssignRegionHandler. The first time that hbase:meta comes to the server it gets a WAL for that
   * (WALFactory.getMetaProvider), which it keeps until it ends, wherever hbase:meta goes.
   *
   * @param opening how often the region was opened before; names the draws
   * @throws IOException FAILED_OPEN
   */
  *openRegion(region: number, opening: number): Protocol<RegionOpening> {
    const { meta } = this.#options
    if (region === meta?.region && this.#wals.ofMeta === undefined && !this.#shutdown.begun) {
      const group = this.#wals.beginMeta(yield* meta.createWal())
      this.writePath.addMetaWal(group.writes)
      this.#roller.addWal(group)
      group.start()
    }
    return yield* this.regions.open(region, opening)
  }

  /**
   * A put of the master to hbase:meta; ends with the answer.
   *
   * @param operation of `metaWork`
   * @throws IOException it is not open here
   */
  *putToMeta(bytes: number, operation: number): Protocol {
    yield* this.writePath.metaPuts.put(bytes, operation)
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

  /** It goes on and serves the region, and not merely lives. */
  answers(region: number): boolean {
    return !this.host.suspended && this.writePath.serves(region)
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

  #walContext(): WalGroupContext {
    const { name, groups } = this.#options
    const { memstores } = this.#options.shared
    return {
      host: this.host,
      server: name,
      groups: groups.length,
      regions: memstores.regions,
      families: (region) => memstores.families(region),
      listeners: this.listeners,
      walSteps: () => this.writePath.walSteps,
      advance: () => this.advance(),
      recoverLease: (file) => this.#options.recoverLease(file),
      onRollNeeded: (group) => this.#roller.requestRoll(group),
      archive: (wal) => this.#walFiles.archive(wal),
    }
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
      replicas: this.replicas,
      accounting: (region) => this.#wals.all[this.writePath.groupOf(region)].accounting,
      isMeta: (region) => region === this.#options.meta?.region,
      advance: () => this.advance(),
      abort: (reason) => this.abort(reason),
    })
  }

  #report(): Protocol {
    const { memstores } = this.#options.shared
    return reportToMaster({
      intervalUs: this.#options.reportIntervalUs,
      phaseUs: this.#options.reportPhaseUs,
      regions: () => this.regions.online,
      flushedSequenceIds: (region) => memstores.flushedSequenceIds(region),
      report: (flushed) => this.#options.report(flushed),
      onYouAreDead: () => this.abort('it was declared dead'),
    })
  }

  #buildShutdown(): RegionServerShutdown {
    const { scheduler, closeRegionThreads, meta } = this.#options
    return new RegionServerShutdown({
      scheduler,
      host: this.host,
      regions: this.regions,
      writePath: this.writePath,
      wals: this.#wals,
      walFiles: this.#walFiles,
      roller: this.#roller,
      closeRegionThreads,
      isMeta: (region) => region === meta?.region,
      closeRegion: (region) => this.closeRegion(region),
      endReplication: () => this.onTerminate(),
      exit: (how) => this.#exit(how),
    })
  }

  #exit(how: 'killed' | 'aborted' | 'stopped'): void {
    if (!this.host.alive) return
    this.advance()
    const calls = this.writePath.kill(this.#nowUs)
    this.#wals.updateFiles()
    this.replicas?.replication?.stop()
    this.host.kill()
    this.onExit(how, calls)
  }

  #lookAgain(): void {
    this.#nextLook.atLatest(this.writePath.nextCauseUs())
  }
}

function* nothing(): Protocol {}
