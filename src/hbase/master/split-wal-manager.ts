import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { Sampler } from '../../storage/sampler.js'
import { type ProcedureRetry, procedureBackoffUs } from './procedure-retry.js'
import type { ServerManager } from './server-manager.js'
import {
  type ManagedServer,
  ServerState,
  type ServerStateNode,
  type SplittableWal,
} from './server-state-node.js'
import { splitWal, type WALSplitterOptions, type WalSplit } from './wal-splitter.js'

export interface SplitWALManagerOptions<Server extends ManagedServer> {
  readonly servers: ServerManager<Server>
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  /** `hbase.regionserver.wal.max.splitters` */
  readonly maxSplitters: number
  readonly retry: ProcedureRetry
  readonly splitter: WALSplitterOptions
}

const WORKER: Purpose = { name: 'master.split-worker', sharing: 'matched' }
const SPLIT: Purpose = { name: 'wal.split', sharing: 'matched' }

/**
 * Has the WALs of crashed servers split by those that are online, so many at once per server
 * (SplitWALManager, SplitWALProcedure). If the worker crashes, another one does it again; a WAL with
 * a block that no DataNode has at present is tried again until there is one.
 *
 * Simplification: a worker that fails is asked again after the procedures' back-off, HBase asks at
 * once.
 */
export class SplitWALManager<Server extends ManagedServer> {
  readonly #options: SplitWALManagerOptions<Server>
  readonly #busy = new Map<ServerStateNode<Server>, number>()
  readonly #workerAvailable = new Signal()

  constructor(options: SplitWALManagerOptions<Server>) {
    this.#options = options
    options.servers.serverAdded.push(() => this.#workerAvailable.notifyAll())
  }

  /** Splits WAL number `ordinal` of those that `crashed` left. */
  *split(crashed: string, wal: SplittableWal, ordinal: number): Protocol<WalSplit> {
    for (let attempt = 0, failures = 0; ; attempt++) {
      const worker = yield* this.#acquire(crashed, ordinal, attempt)
      const splits: WalSplit[] = []
      const entity = this.#options.sampler.entity(crashed)
      const bytesPerSecond = entity.draw(SPLIT, 'walSplit', ordinal, attempt)
      const task = this.#splitOnWorker(worker.server, wal, bytesPerSecond, splits)
      const result = yield* worker.call('split WAL', task, ServerState.CRASHED)
      this.#release(worker)
      if (result === 'done') return splits[0]
      if (result === 'failed') yield procedureBackoffUs(this.#options.retry, failures++)
    }
  }

  /** Any server that has a splitter to spare (WorkerAssigner). */
  *#acquire(crashed: string, ordinal: number, attempt: number): Protocol<ServerStateNode<Server>> {
    const { servers, sampler, maxSplitters } = this.#options
    for (;;) {
      const free = servers.online().filter((node) => this.#inUse(node) < maxSplitters)
      if (free.length > 0) {
        const u = sampler.entity(crashed).uniform(WORKER, ordinal, attempt)
        const worker = free[Math.floor(u * free.length)]
        this.#busy.set(worker, this.#inUse(worker) + 1)
        return worker
      }
      yield this.#workerAvailable
    }
  }

  #release(worker: ServerStateNode<Server>): void {
    this.#busy.set(worker, this.#inUse(worker) - 1)
    this.#workerAvailable.notifyAll()
  }

  #inUse(node: ServerStateNode<Server>): number {
    return this.#busy.get(node) ?? 0
  }

  *#splitOnWorker(
    { host, node }: Server,
    wal: SplittableWal,
    bytesPerSecond: number,
    splits: WalSplit[],
  ): Protocol {
    const { file, name } = wal
    const task = { file, name, host, node, bytesPerSecond, entries: () => wal.regionEntries() }
    const split = splitWal(task, this.#options.splitter)
    const { tracer } = host.scheduler
    splits.push(yield* tracer?.around('split WAL', { wal: name }, split) ?? split)
  }
}
