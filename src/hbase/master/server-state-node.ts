import { FifoServer } from '../../kernel/fifo-server.js'
import type { Host, Process, Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'
import type { RegionEntries } from './wal-splitter.js'

/** How a region server's process came to its end. */
export type ServerExit = 'killed' | 'aborted' | 'stopped'

/** What the master needs of a WAL. */
export interface SplittableWal {
  readonly file: HdfsFile
  /** When it was moved to oldWALs, all its edits being in HFiles; null if it was not. */
  readonly archivedUs: number | null
  /** Its name, unique among all WALs of all servers. */
  readonly name: string
  /** It holds hbase:meta's edits and no others. */
  readonly isMeta: boolean
  /** What of each region lease recovery finds in it, markers left out. */
  regionEntries(): Iterable<RegionEntries>
}

/** Threads of a region server that work for the master. */
export interface ExecutorThreads {
  readonly openRegion: number
  readonly openMeta: number
  readonly closeRegion: number
}

/** What the master needs of one incarnation of a region server. */
export interface ManagedServer {
  /** The server name, unique among all incarnations. */
  readonly name: string
  readonly hostName: string
  readonly host: Host
  /** Its machine. */
  readonly node: Node
  readonly alive: boolean
  /** Every WAL that is not deleted, oldest first. */
  wals(): readonly SplittableWal[]
  /** All WALs are split: those that are not in oldWALs move there. */
  splitDone(): void
}

/**
 * What the master takes a region server to be (HBase's ServerState). ONLINE until its session has
 * ended or a new incarnation reports; OFFLINE once its WALs are split. Those of hbase:meta come
 * first, if it carried that.
 */
export const ServerState = {
  ONLINE: 0,
  CRASHED: 1,
  SPLITTING_META: 2,
  SPLITTING_META_DONE: 3,
  SPLITTING: 4,
  OFFLINE: 5,
} as const

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
  /** `hbase.regionserver.executor.*.threads` */
  readonly threads: { readonly [executor in keyof ExecutorThreads]: FifoServer }
  #state: number = ServerState.ONLINE
  readonly #changed = new Signal()

  constructor(
    readonly server: Server,
    threads: ExecutorThreads,
  ) {
    const { scheduler } = server.host
    this.threads = {
      openRegion: new FifoServer(scheduler, threads.openRegion),
      openMeta: new FifoServer(scheduler, threads.openMeta),
      closeRegion: new FifoServer(scheduler, threads.closeRegion),
    }
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

  /** Ends when the master has it in state `state`, or beyond. */
  *reached(state: number): Protocol {
    while (this.#state < state) yield this.#changed
  }

  /**
   * Has the server do `task`, in a process of its own, and waits until it reports the end. A server
   * that dies does not say so: the call is given up when the master has it in state `givenUpAt`. A
   * task that throws an IOException has failed.
   *
   * Simplification: a server that only stood still does not go on with a task that was given up.
   */
  *call(name: string, task: Protocol, givenUpAt: number): Protocol<RemoteResult> {
    const answers: RemoteResult[] = []
    const report = (answer: RemoteResult) => {
      answers.push(answer)
      this.#changed.notifyAll()
    }
    const process = this.server.alive ? this.server.host.spawn(name, perform(task, report)) : null
    while (answers.length === 0 && this.#state < givenUpAt) yield this.#changed
    if (answers.length === 0) process?.kill()
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
