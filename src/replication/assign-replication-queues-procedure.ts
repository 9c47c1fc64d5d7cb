import { type ProcedureRetry, procedureBackoffUs } from '../hbase/master/procedure-retry.js'
import type { RemoteResult } from '../hbase/master/server-state-node.js'
import type { Luck, Purpose } from '../kernel/draws.js'
import { FifoServer } from '../kernel/fifo-server.js'
import type { Host, Protocol } from '../kernel/process.js'
import { IOException } from '../storage/io-exception.js'
import {
  queueName,
  type ReplicationQueueId,
  type ReplicationQueueStorage,
} from './replication-queue-storage.js'

/** A region server that can take over queues: its ReplicationSourceManager. */
export interface QueueClaimer {
  /** Server name of the incarnation. */
  readonly server: string
  /** Makes the queue its own if it is still there, and starts a recovered source. */
  claimQueue(queue: ReplicationQueueId): Protocol
}

export interface AssignReplicationQueuesOptions {
  /** The master's process. */
  readonly host: Host
  readonly luck: Luck
  readonly storage: ReplicationQueueStorage
  /** Ids of all peers there are now. */
  peers(): readonly string[]
  /** One for each server that the master takes for alive now. */
  claimers(): readonly QueueClaimer[]
  /** Has a task done on a server, as `Master.call`. */
  call(server: string, name: string, task: Protocol): Protocol<RemoteResult>
  /** HBase 3.x: a peer without a queue of the dead server gets one that begins at the beginning. */
  readonly addsMissingQueues: boolean
  /** `replication.sleep.before.failover` */
  readonly sleepBeforeFailoverUs: number
  /** `replication.executor.workers` */
  readonly workers: number
  readonly retry: ProcedureRetry
}

/** `hbase.procedure.remote.dispatcher.delay.msec`; left out where time passes anyway. */
const DISPATCH_DELAY_US = 150_000

const ASSIGNMENT: Purpose = { name: 'master.claim-assignment', sharing: 'matched' }
const DELAY: Purpose = { name: 'replication.claim-delay', sharing: 'matched' }

/**
 * Has the queues that a dead server held taken over by others, those it had itself claimed included:
 * AssignReplicationQueuesProcedure of HBase 3.x, ClaimReplicationQueuesProcedure of 2.6. In each
 * round every online server gets one queue at most; it sleeps 30 to 60 s, as the cluster may be
 * shutting down, and claims it (`ReplicationSourceManager.claimQueue`). The next round begins when
 * all of them have reported or are found dead, and deals out what is left.
 */
export class AssignReplicationQueues {
  readonly #options: AssignReplicationQueuesOptions
  /** The threads that claim queues, by server. */
  readonly #workers = new Map<string, FifoServer>()

  constructor(options: AssignReplicationQueuesOptions) {
    this.#options = options
  }

  /** Ends when no queue of a peer that exists is held by `deadServer`. */
  *execute(deadServer: string): Protocol {
    const { addsMissingQueues, retry } = this.#options
    let missingAdded = !addsMissingQueues
    for (let round = 0, failures = 0; ; ) {
      try {
        if (!missingAdded) yield* this.#addMissingQueues(deadServer)
        missingAdded = true
        const queues = this.#queuesOf(deadServer)
        if (queues.length === 0) return
        if (yield* this.#assign(deadServer, queues, round++)) {
          failures = 0
          // Servers that are stopping claim nothing, and would be asked again at this instant.
          if (this.#queuesOf(deadServer).length === queues.length) yield DISPATCH_DELAY_US
          continue
        }
      } catch (error) {
        if (!(error instanceof IOException)) throw error
      }
      yield procedureBackoffUs(retry, failures++)
    }
  }

  #queuesOf(deadServer: string): ReplicationQueueId[] {
    const { storage, peers } = this.#options
    const existing = peers()
    return storage.queues(null, deadServer).filter(({ peer }) => existing.includes(peer))
  }

  *#addMissingQueues(deadServer: string): Protocol {
    const { storage, peers } = this.#options
    const own = storage.queues(null, deadServer).filter(({ origin }) => origin === deadServer)
    for (const peer of peers()) {
      if (own.some((queue) => queue.peer === peer)) continue
      yield* storage.addQueue({ peer, server: deadServer, origin: deadServer }, [])
    }
  }

  /** One round; false if it could not be done and is to be tried again later. */
  *#assign(
    deadServer: string,
    queues: readonly ReplicationQueueId[],
    round: number,
  ): Protocol<boolean> {
    const { host, call } = this.#options
    const claimers = this.#shuffled(deadServer, round)
    const claims = queues.slice(0, claimers.length).map((queue, i) => {
      const task = this.#claim(claimers[i], queue, round)
      const claim = call(claimers[i].server, 'claim queue', task)
      return host.spawn('ClaimReplicationQueueRemoteProcedure', claim)
    })
    let failed = claims.length === 0
    for (const claim of claims) if ((yield claim) === 'failed') failed = true
    return !failed
  }

  #shuffled(deadServer: string, round: number): QueueClaimer[] {
    const draws = this.#options.luck.stream(ASSIGNMENT, deadServer)
    const claimers = this.#options.claimers().slice()
    for (let i = 0; i < claimers.length; i++) {
      const j = i + Math.floor(draws.uniform(round, 0, i) * (claimers.length - i))
      const chosen = claimers[j]
      claimers[j] = claimers[i]
      claimers[i] = chosen
    }
    return claimers
  }

  /** On the server that is to claim the queue. */
  *#claim(claimer: QueueClaimer, queue: ReplicationQueueId, round: number): Protocol {
    const { luck, sleepBeforeFailoverUs } = this.#options
    const workers = this.#workersOf(claimer.server)
    yield* workers.acquire()
    try {
      const u = luck.stream(DELAY, queueName(queue)).uniform(round)
      yield sleepBeforeFailoverUs + Math.floor(u * sleepBeforeFailoverUs)
      yield* claimer.claimQueue(queue)
    } finally {
      workers.release()
    }
  }

  #workersOf(server: string): FifoServer {
    const { host, workers } = this.#options
    const found = this.#workers.get(server) ?? new FifoServer(host.scheduler, workers)
    this.#workers.set(server, found)
    return found
  }
}
