import { FifoServer } from '../../kernel/fifo-server.js'
import type { Host, Process, Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'

/** How a region server's process came to its end. */
export type ServerExit = 'killed' | 'aborted' | 'stopped'

/** What the master needs of a WAL. */
export interface SplittableWal {
  readonly file: HdfsFile
  /** When it was moved to oldWALs, all its edits being in HFiles; null if it was not. */
  readonly archivedUs: number | null
}

/** What the master needs of one incarnation of a region server. */
export interface ManagedServer {
  /** The server name, unique among all incarnations. */
  readonly name: string
  readonly hostName: string
  readonly host: Host
  readonly alive: boolean
  /** Every WAL that is not deleted, oldest first. */
  wals(): readonly SplittableWal[]
  /** All WALs are split: those that are not in oldWALs move there. */
  splitDone(): void
}

/**
 * What the master takes a region server to be (HBase's ServerState). ONLINE until its session has
 * ended or a new incarnation reports; OFFLINE once its WALs are split.
 */
export const ServerState = { ONLINE: 0, CRASHED: 1, SPLITTING: 2, OFFLINE: 3 } as const

/** What became of a task that the master gave to a server. */
export type RemoteResult = 'done' | 'failed' | 'crashed'

/** The master's book on one incarnation of a region server (HBase's ServerStateNode). */
export class ServerStateNode<Server extends ManagedServer = ManagedServer> {
  /** Since when nothing is heard of it; null while it sends heartbeats. */
  silentUs: number | null = null
  exit: ServerExit | null = null
  /** Ends the session of a silent server. */
  session: Process | null = null
  /** Its ServerCrashProcedure has ended. */
  recovered = false
  /** `hbase.regionserver.executor.openregion.threads` */
  readonly openRegionThreads: FifoServer
  #state: number = ServerState.ONLINE
  readonly #changed = new Signal()

  constructor(
    readonly server: Server,
    openRegionThreads: number,
  ) {
    this.openRegionThreads = new FifoServer(server.host.scheduler, openRegionThreads)
  }

  get state(): number {
    return this.#state
  }

  get online(): boolean {
    return this.#state === ServerState.ONLINE
  }

  changeTo(state: number): void {
    this.#state = state
    this.#changed.notifyAll()
  }

  /**
   * Has the server do `task`, in a process of its own, and waits until it reports the end. A server
   * that dies does not say so: the call is given up when the master has it in state `givenUpAt`. A
   * task that throws an IOException has failed.
   */
  *call(name: string, task: Protocol, givenUpAt: number): Protocol<RemoteResult> {
    const answers: RemoteResult[] = []
    const report = (answer: RemoteResult) => {
      answers.push(answer)
      this.#changed.notifyAll()
    }
    if (this.server.alive) this.server.host.spawn(name, perform(task, report))
    while (answers.length === 0 && this.#state < givenUpAt) yield this.#changed
    return answers[0] ?? 'crashed'
  }
}

function* perform(task: Protocol, report: (answer: RemoteResult) => void): Protocol {
  try {
    yield* task
  } catch (error) {
    if (!(error instanceof IOException)) throw error
    report('failed')
    return
  }
  report('done')
}
