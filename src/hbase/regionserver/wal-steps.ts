import type { FSHLog } from '../wal/fs-hlog.js'
import type { RingBufferWal } from '../wal/ring-buffer-wal.js'
import type { Wal } from '../wal/wal.js'
import type { ServerWals } from './server-wals.js'

interface WalStepsContext {
  readonly serverWals: ServerWals
  isSuspended(): boolean
  /** Plays the write path up to then. */
  advance(nowUs: number): void
}

/** What the owner of a WAL does with its writer, at its place among the steps of the write path. */
export class WalSteps {
  readonly #context: WalStepsContext

  constructor(context: WalStepsContext) {
    this.#context = context
  }

  /** In the order of their groups; that of hbase:meta comes last. */
  get wals(): readonly RingBufferWal[] {
    return this.#context.serverWals.all
  }

  /** Asks the consumer of a WAL to stop at a safe point; `onSafePoint` tells when it is reached. */
  requestSafePoint(wal: RingBufferWal, nowUs: number): void {
    this.#context.advance(nowUs)
    wal.requestSafePoint(nowUs)
    this.#context.serverWals.noteSteps()
  }

  /** Continues in a new file; see `AsyncFSWAL.switchTo`. */
  switchTo(wal: RingBufferWal, file: Wal, nowUs: number): void {
    wal.switchTo(file, nowUs)
    this.#context.serverWals.noteSteps()
  }

  /** The stream of a WAL has failed; see `AsyncFSWAL.streamFailed`. */
  streamFailed(wal: RingBufferWal, nowUs: number): void {
    this.#context.advance(nowUs)
    wal.streamFailed(nowUs, this.#context.isSuspended())
    this.#context.serverWals.noteSteps()
  }

  /** HDFS has repaired the stream of an FSHLog; see there. */
  streamRecovered(wal: FSHLog, nowUs: number, replicas: number): void {
    this.#context.advance(nowUs)
    wal.streamRecovered(nowUs, replicas)
    this.#context.serverWals.noteSteps()
  }

  /** HDFS has given up the stream of an FSHLog; see there. */
  streamLost(wal: FSHLog, nowUs: number): void {
    this.#context.advance(nowUs)
    wal.streamLost(nowUs)
    this.#context.serverWals.noteSteps()
  }
}
