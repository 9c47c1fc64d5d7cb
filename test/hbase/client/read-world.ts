import { ReadClients, type ReadRequest } from '../../../src/hbase/client/read-clients.js'
import type { ReadOutcome, RowsRead } from '../../../src/hbase/client/read-observer.js'
import type { ReadServer } from '../../../src/hbase/client/read-rpcs.js'
import type { ClientVersion } from '../../../src/hbase/client/rpc-retrying-caller-with-read-replicas.js'
import { TableKeys } from '../../../src/hbase/client/table-keys.js'
import type { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import { distribution } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Variate } from '../../../src/kernel/variate.js'

export const MS = 1000
export const SECOND = 1_000_000
/** One way. */
export const NETWORK_US = 100

/** A call that a server was sent. */
export interface SentCall extends UnansweredCall {
  readonly atUs: number
}

/** A server that reads so long after a call has arrived, and answers; lazily, as real ones do. */
export class FakeServer implements ReadServer {
  /** How long a read takes; Infinity: it stands still. */
  delayUs = 100
  readonly sent: SentCall[] = []
  awaited = 0
  #unanswered: { call: SentCall; readUs: number }[] = []
  readonly #look: number

  constructor(
    private readonly world: ReadWorld,
    readonly name: string,
  ) {
    this.#look = world.scheduler.handler(() => this.advance())
  }

  offer(
    sentUs: number,
    region: number,
    bytes: number,
    operation: number,
    attempt: number,
    atUs: number,
    kind: CallKind,
    key: number,
  ): void {
    const call = { sentUs, region, bytes, operation, attempt, atUs, kind, key }
    this.sent.push(call)
    this.#unanswered.push({ call, readUs: atUs + NETWORK_US + this.delayUs })
    this.#lookAtAll()
  }

  advance(): void {
    const { now } = this.world.scheduler
    const due = this.#unanswered.filter(({ readUs }) => readUs <= now)
    this.#unanswered = this.#unanswered.filter(({ readUs }) => readUs > now)
    for (const { call, readUs } of due) {
      const { sentUs, region, operation, attempt } = call
      this.world.clients.read(sentUs, readUs + NETWORK_US, region, operation, attempt, readUs)
    }
  }

  awaitRead(): void {
    this.awaited++
    this.#lookAtAll()
  }

  readAnswered(): void {
    this.awaited--
  }

  /** It owes no answer any more. */
  takeUnanswered(): SentCall[] {
    const calls = this.#unanswered.map(({ call }) => call)
    this.#unanswered = []
    return calls
  }

  #lookAtAll(): void {
    if (this.awaited === 0) return
    for (const { readUs } of this.#unanswered) {
      if (readUs < Number.POSITIVE_INFINITY) {
        this.world.scheduler.schedule(Math.max(readUs, this.world.scheduler.now), this.#look)
      }
    }
  }
}

export interface ReadWorldSettings {
  readonly replicas?: number
  readonly regions?: number
  readonly keyCount?: number
  readonly version?: ClientVersion
  readonly retries?: number
}

/**
 * A table whose replica n of region r is region r + n × regions, each on a server of its own; the
 * clients of it, and what they have read.
 */
export class ReadWorld {
  readonly scheduler = new Scheduler()
  readonly table: TableKeys
  readonly servers: (FakeServer | null)[]
  /** What each replica's region has of every row now. */
  readonly versions = new Map<number, number>()
  readonly clients: ReadClients
  readonly rows: RowsRead[] = []
  readonly outcomes: ReadOutcome[] = []
  readonly puts: { region: number; atUs: number; operation: number }[] = []
  readonly failedWrites: number[] = []
  readsOver = 0
  #regions: number
  #replicas: number

  constructor({
    replicas = 3,
    regions = 1,
    keyCount = 1000,
    version = '2.x',
    retries = 15,
  }: ReadWorldSettings = {}) {
    this.#regions = regions
    this.#replicas = replicas
    this.table = new TableKeys(keyCount, 0, regions)
    this.servers = Array.from(
      { length: replicas * regions },
      (_, n) => new FakeServer(this, `rs${n}`),
    )
    const stream = new Luck(1).stream({ name: 'network', sharing: 'world' }, 'clients')
    const { scheduler } = this
    this.clients = new ReadClients({
      scheduler,
      version,
      metaAvailable: () => true,
      serverOfRegion: (region) => this.servers[region] ?? null,
      serverName: (region) => this.servers[region]?.name ?? null,
      replicasOf: (region) => this.replicasOf(region),
      consistencyOf: () => 'timeline',
      versionOf: (region) => this.versions.get(region) ?? 0,
      network: new Variate(distribution({ kind: 'constant', value: NETWORK_US }), stream),
      retries,
      pauseUs: 100 * MS,
      operationTimeoutUs: 1200 * SECOND,
      jitter: () => 0,
      timeouts: { getUs: 10 * MS, multigetUs: 10 * MS, scanUs: 1 * SECOND },
      observer: {
        rowsRead: (rows) => this.rows.push(rows),
        ended: (outcome) => this.outcomes.push(outcome),
      },
      put: (region, _bytes, operation) => {
        this.puts.push({ region, operation, atUs: scheduler.now })
      },
      readOver: () => {
        this.readsOver++
      },
      writeFailed: (operation) => this.failedWrites.push(operation),
    })
  }

  replicasOf(region: number): number[] {
    return Array.from({ length: this.#replicas }, (_, id) => region + id * this.#regions)
  }

  /** The server of a replica; of region 0 if not said otherwise. */
  server(replicaId: number, region = 0): FakeServer {
    const server = this.servers[region + replicaId * this.#regions]
    if (!server) throw new Error('no server serves the replica')
    return server
  }

  /** How many calls each replica of a region was sent. */
  sentTo(region = 0): number[] {
    return this.replicasOf(region).map((q) => this.servers[q]?.sent.length ?? 0)
  }

  request(changes: Partial<ReadRequest> = {}): ReadRequest {
    const request = { operation: 1, sentUs: 0, key: 0, table: this.table, replicaId: null }
    return { ...request, consistency: 'timeline', awaited: false, ...changes }
  }

  /** The server that serves a region dies, and owes an answer to all it was sent. */
  crash(region: number): void {
    const calls = this.servers[region]?.takeUnanswered() ?? []
    this.servers[region] = null
    this.clients.handBack(calls)
  }

  at(us: number, action: () => void): void {
    this.scheduler.schedule(us, this.scheduler.handler(action))
  }
}
