import type {
  ReplicaCallFailure,
  ReplicaCalls,
} from '../../../../src/hbase/regionserver/regionreplication/replica-calls.js'
import { EditLog } from '../../../../src/hbase/wal/edit-log.js'
import type { MarkerDescriptor } from '../../../../src/hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'
import { Host } from '../../../../src/kernel/process.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'
import { ReplicaTraffic } from '../../../../src/replication/endpoints/region-replica/replica-traffic.js'
import {
  RegionReplicaReplicationEndpoint,
  type RegionReplicaReplicationOptions,
} from '../../../../src/replication/endpoints/region-replica-replication-endpoint.js'
import type { WALEntryBatch } from '../../../../src/replication/wal-entry-batch.js'
import { HandWrittenWal } from '../../hand-written-wals.js'

export const MS = 1000
export const SECOND = 1_000_000

/** A secondary answers after this time. */
export const ANSWER_US = 2 * MS

/** A call, when it was sent, and how it ended. */
export interface SentCall {
  readonly atUs: number
  readonly replica: number
  readonly entries: readonly ReplicaEntry[]
  failure: ReplicaCallFailure | null | undefined
}

/** The servers of the secondary replicas. */
export class ReplicaServers implements ReplicaCalls {
  readonly sent: SentCall[] = []
  /** Replicas that are open nowhere. */
  readonly unreachable = new Set<number>()
  /** Replicas whose server does not answer. */
  readonly silent = new Set<number>()
  /** Time to the answer of a replica, where it is not ANSWER_US. */
  readonly answerUs = new Map<number, number>()
  /** What a replica does with entries that have arrived. */
  replay: (replica: number, entries: readonly ReplicaEntry[]) => void = () => {}

  constructor(readonly scheduler: Scheduler) {}

  call(
    replica: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void {
    const call: SentCall = { atUs: this.scheduler.now, replica, entries, failure: undefined }
    this.sent.push(call)
    const silent = this.silent.has(replica)
    const answerUs = this.answerUs.get(replica) ?? ANSWER_US
    this.#after(silent ? timeoutUs : answerUs, () => {
      call.failure = silent ? 'timeout' : this.unreachable.has(replica) ? 'not serving' : null
      if (call.failure === null) this.replay(replica, entries)
      done(call.failure)
    })
  }

  to(replica: number): SentCall[] {
    return this.sent.filter((call) => call.replica === replica)
  }

  /** Ids of the edits that a replica has taken, in order of arrival, with repetitions. */
  idsAt(replica: number): number[] {
    const taken = this.to(replica).filter(({ failure }) => failure === null)
    return taken.flatMap(({ entries }) => entries.flatMap(idsOf))
  }

  #after(us: number, run: () => void): void {
    this.scheduler.schedule(this.scheduler.now + us, this.scheduler.handler(run))
  }
}

export function idsOf({ firstSequenceId, sequenceId }: ReplicaEntry): number[] {
  return Array.from({ length: sequenceId - firstSequenceId + 1 }, (_, n) => firstSequenceId + n)
}

/**
 * A source's endpoint on one region server, and what it reads. Region r has the secondaries 100 + r,
 * 200 + r, …; retries are 15, pauses 100 ms without jitter.
 */
export class ReplicaFixture {
  readonly scheduler = new Scheduler()
  readonly host = new Host(this.scheduler, 'rs1')
  readonly servers = new ReplicaServers(this.scheduler)
  readonly traffic = new ReplicaTraffic()
  readonly logs: EditLog[] = [new EditLog(0)]
  readonly endpoint: RegionReplicaReplicationEndpoint
  /** When batches ended. */
  readonly endedUs: number[] = []
  regionReplication = 3
  memstoreReplication = true
  tableDisabled = false
  readonly #ids = new Map<number, number>()
  readonly #batched: number[] = []

  constructor(options: Partial<RegionReplicaReplicationOptions> = {}) {
    this.endpoint = this.createEndpoint(options)
  }

  /** One more source's, perhaps on another host. */
  createEndpoint(
    options: Partial<RegionReplicaReplicationOptions> = {},
  ): RegionReplicaReplicationEndpoint {
    const { scheduler, host, traffic } = this
    const endpoint = new RegionReplicaReplicationEndpoint({
      scheduler,
      host,
      traffic,
      calls: this.servers,
      retries: 15,
      pauseUs: 100 * MS,
      pauseServerOverloadedUs: 100 * MS,
      rpcTimeoutUs: 60 * SECOND,
      operationTimeoutUs: 1200 * SECOND,
      jitter: () => 0,
      writerThreads: 3,
      bufferBytes: 134_217_728,
      disabledTablesExpiryUs: 5 * SECOND,
      memstoreReplicationExpiryUs: 5 * SECOND,
      replicasOf: (region) =>
        Array.from({ length: this.regionReplication }, (_, id) => 100 * id + region),
      tableOf: () => 'usertable',
      hasMemstoreReplication: () => this.memstoreReplication,
      isTableDisabled: () => this.tableDisabled,
      logOf: (log) => this.logs[log],
      ...options,
    })
    this.host.spawn('start', endpoint.start())
    return endpoint
  }

  get log(): EditLog {
    return this.logs[0]
  }

  put(region: number, count = 1, bytes = 1000): void {
    const { log, scheduler } = this
    for (let n = 0; n < count; n++)
      log.append(scheduler.now, region, this.#nextId(region), bytes, 7)
  }

  marker(region: number, descriptor: MarkerDescriptor): void {
    const { log, scheduler } = this
    const edit = log.appendMarker(scheduler.now, region, this.#nextId(region), 300)
    log.markers.describe(edit, descriptor)
  }

  /** A sequence id that goes to no entry. */
  skipId(region: number): void {
    this.#nextId(region)
  }

  /** What a log got since the last batch. */
  batch(log = 0): WALEntryBatch {
    const from = this.#batched[log] ?? 0
    const to = this.logs[log].length
    this.#batched[log] = to
    return this.batchOf(log, from, to)
  }

  batchOf(log: number, from: number, to: number): WALEntryBatch {
    const bytes = this.logs[log].bytesOf(from, to)
    const wal = new HandWrittenWal(this.logs[log], `wal-${log}`, 0, 0)
    return {
      wal,
      group: 0,
      extents: [{ log, from, to, bytes }],
      entries: to - from,
      bytes,
      fromPosition: from,
      toPosition: to,
      endOfFile: false,
      lastWriteUs: 0,
    }
  }

  /** Ships what was written since the last batch, in a thread of its own. */
  ship(batch = this.batch(), endpoint = this.endpoint): void {
    const { scheduler, endedUs } = this
    this.host.spawn(
      'shipper',
      (function* () {
        yield* endpoint.replicate(batch)
        endedUs.push(scheduler.now)
      })(),
    )
  }

  /** Runs for so long. */
  run(us: number): void {
    this.scheduler.run(this.scheduler.now + us)
  }

  #nextId(region: number): number {
    const id = (this.#ids.get(region) ?? 0) + 1
    this.#ids.set(region, id)
    return id
  }
}
