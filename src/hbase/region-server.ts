import { invariant } from '../kernel/errors.js'
import { Host, type Protocol, within } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Signal } from '../kernel/signal.js'
import type { FanOutOutput } from '../storage/hdfs/fan-out-output.js'
import { IOException } from '../storage/io-exception.js'
import type { Node } from '../storage/node.js'
import type { EditLog } from './edit-log.js'
import type { Memstores } from './memstores.js'
import { Wal } from './wal.js'
import { WritePath } from './write-path.js'
import type { WritePathOptions } from './write-path-options.js'

/** Hears of a region server's WALs, as HBase's WALActionsListener does. */
export interface WalListener {
  /** Before the server writes to `wal`; the roll waits for it. */
  preLogRoll(wal: Wal): Protocol
  /** The server writes to `wal` from now on. */
  postLogRoll(wal: Wal): void
}

export interface RegionServerOptions {
  readonly scheduler: Scheduler
  readonly name: string
  readonly node: Node
  readonly memstores: Memstores
  readonly writePath: Omit<WritePathOptions, 'onRollNeeded' | 'onSafePoint'>
  /** `hbase.wal.hsync`: a returned sync is on the DataNodes' disks. */
  readonly walHsync: boolean
  /** Creates the file of WAL number `ordinal`. */
  createWalFile(path: string, ordinal: number): Protocol<FanOutOutput>
  /** The stream of the WAL that is being written when the run begins. */
  readonly firstWal: FanOutOutput
  readonly regions: () => readonly number[]
  readonly logRollPeriodUs: number
  readonly wakeFrequencyUs: number
  readonly flushIntervalUs: number
  /** Phase of the server's periodic threads, and the age of its first WAL, at t = 0. */
  readonly phaseUs: number
  readonly firstWalAgeUs: number
  /** Random delay of the `n`-th periodic flush of a region, below 300 s. */
  flushDelayUs(region: number, n: number): number
}

/**
 * A region server: one JVM with its write path, its WALs and the threads that roll them. Whoever
 * wants to know something of it calls `advance` first, for the write path is lazy.
 */
export class RegionServer {
  readonly host: Host
  readonly node: Node
  readonly log: EditLog
  readonly writePath: WritePath
  readonly listeners: WalListener[] = []
  /** WALs that are rolled and not yet archived, oldest first. */
  readonly rolledWals: Wal[] = []
  /** Archived WALs that the log cleaner has not deleted. */
  readonly oldWals: Wal[] = []
  /** Called when the server gives itself up. */
  onAbort: () => void = () => {}
  /** Called when a WAL has moved to oldWALs. */
  onArchive: () => void = () => {}
  #wal: Wal
  #stream: FanOutOutput
  readonly #options: RegionServerOptions
  readonly #scheduler: Scheduler
  readonly #rollRequested = new Signal()
  readonly #safePoint = new Signal()
  readonly #lookHandler: number
  #rollPending = false
  #safePointReached = false
  #lookUs = Number.POSITIVE_INFINITY
  #lookHandle = 0
  #walOrdinal = 1
  #flushesDue = new Map<number, number>()
  readonly #flushes = new Map<number, number>()

  constructor(options: RegionServerOptions) {
    this.#options = options
    this.#scheduler = options.scheduler
    this.node = options.node
    this.log = options.writePath.log
    this.host = new Host(options.scheduler, options.name)
    this.#stream = options.firstWal
    this.#wal = this.#newWal(options.firstWal, 0)
    this.writePath = new WritePath(
      {
        ...options.writePath,
        onRollNeeded: () => this.#requestRoll(),
        onSafePoint: () => this.#reachSafePoint(),
      },
      this.#wal,
    )
    this.#lookHandler = options.scheduler.handler(() => {
      this.#lookUs = Number.POSITIVE_INFINITY
      this.advance()
    })
    this.host.spawn('LogRoller', this.#rollLogs())
    this.host.spawn('PeriodicMemStoreFlusher', this.#flushOldMemstores())
  }

  get name(): string {
    return this.#options.name
  }

  /** The WAL being written. */
  get wal(): Wal {
    return this.#wal
  }

  get alive(): boolean {
    return this.host.alive
  }

  /** Plays the write path up to now. */
  advance(): void {
    if (!this.host.alive) return
    const { bytes, syncedEntries } = this.#wal
    this.writePath.advance(this.#scheduler.now)
    if (this.#wal.bytes > bytes || this.#wal.syncedEntries > syncedEntries) this.#updateFile()
    this.#lookAgain()
  }

  /** The JVM stands still (SIGSTOP, a long pause); see ChaosMonkey's SuspendResumeRegionServer. */
  suspend(): void {
    this.advance()
    this.writePath.suspend(this.#scheduler.now)
    this.host.suspend()
  }

  resume(): void {
    this.writePath.resume(this.#scheduler.now)
    this.host.resume()
    this.advance()
  }

  /** The process is gone with everything in its memory. */
  kill(): void {
    this.advance()
    this.host.kill()
  }

  /** The log cleaner's decision. */
  deleteOldWal(wal: Wal): void {
    wal.deletedUs = this.#scheduler.now
    wal.file.remove()
    this.oldWals.splice(this.oldWals.indexOf(wal), 1)
  }

  /** Bytes of archived WALs. */
  get oldWalBytes(): number {
    return this.oldWals.reduce((sum, wal) => sum + wal.bytes, 0)
  }

  *#rollLogs(): Protocol {
    const { logRollPeriodUs, wakeFrequencyUs, phaseUs, firstWalAgeUs } = this.#options
    let lastRollUs = -firstWalAgeUs
    let waitUs = phaseUs > 0 ? phaseUs : wakeFrequencyUs
    for (;;) {
      if (!this.#rollPending) yield* within(waitUs, this.#rollRequested)
      waitUs = wakeFrequencyUs
      const now = this.#scheduler.now
      this.advance()
      const periodOver = now - lastRollUs >= logRollPeriodUs
      if (!this.#rollPending && !periodOver) continue
      lastRollUs = now
      if (!this.#rollPending && this.#wal.entries === 0) continue
      try {
        yield* this.#rollWriter()
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        // LogRoller: a server that cannot roll its WAL aborts.
        this.onAbort()
        this.kill()
        return
      }
    }
  }

  /** AbstractFSWAL.rollWriter: new file, safe point, switch; the old file is closed aside. */
  *#rollWriter(): Protocol {
    const ordinal = this.#walOrdinal++
    const path = this.#walPath(this.#scheduler.now)
    const stream = yield* this.#options.createWalFile(path, ordinal)
    const next = this.#newWal(stream, this.#scheduler.now)
    for (const listener of this.listeners) yield* listener.preLogRoll(next)
    this.#safePointReached = false
    this.writePath.requestSafePoint(this.#scheduler.now)
    this.#updateFile()
    this.#lookAgain()
    while (!this.#safePointReached) yield this.#safePoint
    const old = this.#wal
    const oldStream = this.#stream
    next.startAt(this.writePath.consumedEdits)
    this.#wal = next
    this.#stream = stream
    this.#rollPending = false
    this.writePath.switchTo(next, this.#scheduler.now)
    this.rolledWals.push(old)
    for (const listener of this.listeners) listener.postLogRoll(next)
    this.host.spawn('close WAL', this.#close(old, oldStream))
    this.advance()
  }

  *#close(wal: Wal, stream: FanOutOutput): Protocol {
    let clean = true
    try {
      yield* stream.close()
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      clean = false
    }
    wal.close(this.#scheduler.now, clean)
    this.#cleanOldLogs()
  }

  /** Archives every closed WAL whose edits are all in store files. */
  #cleanOldLogs(): void {
    this.advance()
    const { memstores } = this.#options
    for (const wal of this.rolledWals.slice()) {
      if (wal.closedUs === null) continue
      if (!wal.allFlushed((region) => memstores.flushedSequenceId(region))) continue
      wal.archive(this.#scheduler.now)
      this.rolledWals.splice(this.rolledWals.indexOf(wal), 1)
      this.oldWals.push(wal)
      this.onArchive()
    }
  }

  *#flushOldMemstores(): Protocol {
    const { memstores, flushIntervalUs, wakeFrequencyUs, phaseUs } = this.#options
    if (flushIntervalUs === 0) return
    if (phaseUs > 0) yield phaseUs
    for (;;) {
      yield wakeFrequencyUs
      this.advance()
      const now = this.#scheduler.now
      for (const region of this.#options.regions()) {
        const due = this.#flushesDue.get(region)
        const old = now - memstores.oldestUs(region) > flushIntervalUs
        if (due !== undefined && !old) {
          // A flush by size came first.
          this.#flushesDue.delete(region)
        } else if (due !== undefined && due <= now) {
          memstores.flush(region)
          this.#flushesDue.delete(region)
        } else if (due === undefined && old) {
          const n = this.#flushes.get(region) ?? 0
          this.#flushes.set(region, n + 1)
          const delayUs = this.#options.flushDelayUs(region, n)
          this.#flushesDue.set(region, now + delayUs)
        }
      }
    }
  }

  #requestRoll(): void {
    this.#rollPending = true
    this.#rollRequested.notifyAll()
  }

  #reachSafePoint(): void {
    this.#safePointReached = true
    this.#safePoint.notifyAll()
  }

  /** Arms the next look by which the write path's own effects are noticed in time. */
  #lookAgain(): void {
    const dueUs = Math.max(this.writePath.nextCauseUs(), this.#scheduler.now)
    if (dueUs >= this.#lookUs) return
    if (this.#lookUs !== Number.POSITIVE_INFINITY) this.#scheduler.cancel(this.#lookHandle)
    this.#lookUs = dueUs
    this.#lookHandle = this.#scheduler.schedule(dueUs, this.#lookHandler)
  }

  /** Tells the file system what the write path wrote since the last look. */
  #updateFile(): void {
    const wal = this.#wal
    const { file } = wal
    const written = wal.from + wal.entries
    const from = file.extents.at(-1)?.to ?? wal.from
    if (written > from) {
      file.append({
        log: this.log.id,
        from,
        to: written,
        bytes: wal.bytes - file.bytesWritten,
      })
    }
    file.acknowledge(wal.syncedBytes, this.#options.walHsync ? wal.syncedBytes : 0)
  }

  #newWal(stream: FanOutOutput, createdUs: number): Wal {
    const regions = this.#options.memstores.regions
    return new Wal(stream.file.path, createdUs, this.log.length, regions, stream.file)
  }

  #walPath(nowUs: number): string {
    invariant(nowUs >= 0, 'time starts at 0')
    return `WALs/${this.name}/${this.name}.${Math.floor(nowUs / 1000)}`
  }
}
