import { Host, type Process, type Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { Node } from '../../storage/node.js'
import { LogRoller, type LogRollerOptions } from '../wal/log-roller.js'
import type { Wal } from '../wal/wal.js'
import { WalGroup, type WalGroupOptions, type WalListener } from '../wal/wal-group.js'
import { flushOldMemstores, type MemStoreFlusherOptions } from './memstore-flusher.js'
import { WritePath } from './write-path.js'
import type { UnansweredCall, WritePathOptions } from './write-path-options.js'

export type { WalListener } from '../wal/wal-group.js'
export type { UnansweredCall } from './write-path-options.js'

export interface RegionServerOptions extends LogRollerOptions, MemStoreFlusherOptions {
  /** The server name: unique among all incarnations on all hosts. */
  readonly name: string
  readonly hostName: string
  readonly node: Node
  readonly writePath: Omit<WritePathOptions, 'groups'>
  /** One, or several with `hbase.wal.provider=multiwal`. */
  readonly groups: readonly WalGroupOptions[]
  /** `hbase.wal.hsync`: a returned sync is on the DataNodes' disks. */
  readonly walHsync: boolean
  /** Closes a file whose stream has failed (`Hdfs.recoverLease`). */
  recoverLease(file: HdfsFile): Protocol<unknown>
}

/** `hbase.wal.async.wait.on.shutdown.seconds` */
const WAL_SHUTDOWN_WAIT_US = 5_000_000

/**
 * A region server: one JVM with its write path, its WALs and the threads that roll them. Whoever
 * wants to know something of it calls `advance` first, for the write path is lazy.
 *
 * Simplifications: closing a region takes no time and so do the flushes of a server that stops; all
 * its regions close at the same instant; every WAL group has a WAL from the start.
 */
export class RegionServer {
  readonly host: Host
  readonly node: Node
  readonly groups: readonly WalGroup[]
  readonly writePath: WritePath
  readonly listeners: WalListener[] = []
  /** WALs that are rolled and not yet archived, oldest first. */
  readonly rolledWals: Wal[] = []
  /** Archived WALs that the log cleaner has not deleted. */
  readonly oldWals: Wal[] = []
  /** Called when the server ends itself because of what went wrong, before it is gone. */
  onAbort: (reason: string) => void = () => {}
  /** Called when a WAL has moved to oldWALs. */
  onArchive: () => void = () => {}
  /** Ends replication: a part of `stop` and `abort`, when the WALs are closed. */
  onTerminate: () => Protocol = nothing
  /** The process is gone, at this instant; `calls` are those that it owes an answer. */
  onExit: (how: 'killed' | 'aborted' | 'stopped', calls: readonly UnansweredCall[]) => void =
    () => {}
  readonly #options: RegionServerOptions
  readonly #roller: LogRoller
  readonly #threads: readonly Process[]
  readonly #lookHandler: number
  readonly #exitHandler: number
  readonly #drained = new Signal()
  #stopping = false
  #aborting = false
  #lookUs = Number.POSITIVE_INFINITY
  #lookHandle = 0

  constructor(options: RegionServerOptions) {
    const { scheduler } = options
    this.#options = options
    this.node = options.node
    this.host = new Host(scheduler, options.name)
    this.groups = this.#buildGroups()
    this.writePath = new WritePath({
      ...options.writePath,
      groups: this.groups.map(({ writes }) => writes),
    })
    for (const region of options.regions()) this.writePath.useRegion(region)
    this.#lookHandler = scheduler.handler(() => {
      this.#lookUs = Number.POSITIVE_INFINITY
      this.advance()
    })
    this.#exitHandler = scheduler.handler(() => this.#exit(this.#aborting ? 'aborted' : 'stopped'))
    this.#roller = new LogRoller(this.groups, options)
    const advance = () => this.advance()
    const abort = (reason: string) => this.abort(reason)
    this.#threads = [
      this.host.spawn('LogRoller', this.#roller.run(advance, abort)),
      this.host.spawn('PeriodicMemStoreFlusher', flushOldMemstores(options, advance)),
    ]
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

  /** Every WAL that is not deleted, oldest first. */
  wals(): Wal[] {
    return [...this.oldWals, ...this.#liveWals()].sort(byAge)
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
   * HRegionServer.stop: no call is taken any more, calls that are appended are answered, regions
   * are flushed and closed, WALs closed and archived; replication ends, then the process.
   */
  stop(): void {
    if (!this.host.alive) return
    this.#shutDown()
    this.advance()
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
    wal.deletedUs = this.#nowUs
    wal.file.change(() => wal.file.remove())
    this.oldWals.splice(this.oldWals.indexOf(wal), 1)
  }

  /** Bytes of archived WALs. */
  get oldWalBytes(): number {
    return this.oldWals.reduce((sum, wal) => sum + wal.bytes, 0)
  }

  /**
   * For the ServerCrashProcedure: all WALs are split, hence closed by lease recovery if the server
   * had not closed them. They end with what was found, and move to oldWALs.
   */
  splitDone(): void {
    for (const wal of this.#liveWals().sort(byAge)) {
      wal.recovered(this.#nowUs)
      this.#archive(wal)
    }
  }

  get #nowUs(): number {
    return this.#options.scheduler.now
  }

  #buildGroups(): WalGroup[] {
    const { name, groups, walHsync, memstores } = this.#options
    const context = {
      host: this.host,
      server: name,
      groups: groups.length,
      regions: memstores.regions,
      walHsync,
      listeners: this.listeners,
      writePath: () => this.writePath,
      advance: () => this.advance(),
      recoverLease: (file: HdfsFile) => this.#options.recoverLease(file),
      onRollNeeded: (group: WalGroup) => this.#roller.requestRoll(group),
      onRolled: (wal: Wal) => {
        this.rolledWals.push(wal)
        this.rolledWals.sort(byAge)
      },
      onClosed: (wal: Wal) => this.#cleanOldLogs(wal.group),
    }
    return groups.map((options, index) => new WalGroup(index, context, options))
  }

  /** WALs that are not archived. */
  #liveWals(): Wal[] {
    const current = this.groups.flatMap(({ wal, unused }) => [wal, ...unused])
    return [...this.rolledWals, ...current.filter(({ archivedUs }) => archivedUs === null)]
  }

  /** Archives every closed WAL of a group whose edits are all in store files. */
  #cleanOldLogs(group: number): void {
    this.advance()
    const { memstores } = this.#options
    for (const wal of this.rolledWals.slice()) {
      if (wal.group !== group || wal.closedUs === null) continue
      if (wal.allFlushed((region) => memstores.flushedSequenceId(region))) this.#archive(wal)
    }
  }

  #archive(wal: Wal): void {
    wal.archive(this.#nowUs)
    const i = this.rolledWals.indexOf(wal)
    if (i !== -1) this.rolledWals.splice(i, 1)
    this.oldWals.push(wal)
    this.onArchive()
  }

  /** AbstractFSWAL.close; a file that could not be closed in time is left to the master. */
  #archiveAll(): void {
    for (const wal of this.#liveWals().sort(byAge)) {
      if (wal.closedUs !== null) this.#archive(wal)
    }
  }

  #shutDown(): void {
    if (this.#stopping) return
    this.#stopping = true
    this.writePath.close(this.#nowUs)
    this.host.spawn('RegionServer', this.#run())
  }

  /** The end of HRegionServer.run. An abort may come while it stops. */
  *#run(): Protocol {
    const { memstores, regions } = this.#options
    while (!this.#isDrained()) yield this.#drained
    if (!this.#aborting) for (const region of regions()) memstores.flush(region)
    for (const group of this.groups) yield* group.shutdown(WAL_SHUTDOWN_WAIT_US)
    if (!this.#aborting) this.#archiveAll()
    yield* this.#endReplication()
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

function byAge(a: Wal, b: Wal): number {
  return a.createdUs - b.createdUs
}

function* nothing(): Protocol {}
