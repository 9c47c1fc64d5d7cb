import { Progress, peerChannel, progressOf } from '../../src/hbase/progress.js'
import { EventStream } from '../../src/kernel/event-stream.js'
import { IntervalSet } from '../../src/kernel/interval-set.js'
import { Host, ProcessKilled, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import type { ReplicationEndpoint } from '../../src/replication/replication-endpoint.js'
import type { ReplicationPeer, SourceLimits } from '../../src/replication/replication-peer.js'
import type { ReplicationQueueStorage } from '../../src/replication/replication-queue-storage.js'
import type { ReplicationSource } from '../../src/replication/replication-source.js'
import {
  type EndpointRequest,
  ReplicationSourceManager,
} from '../../src/replication/replication-source-manager.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { Sink } from './fake-endpoint.js'
import { type HandWrittenWal, HandWrittenWals } from './hand-written-wals.js'
import { DEFAULT_LIMITS, SECOND } from './wal-reading.js'

export const OFFSET_US = 7

/** From a server's death to the first claim; longer than any write that it has sent. */
const CRASH_US = 10_000

/** HBase's defaults; idle readers look every 100 ms and so do not hold up the tests. */
export const QUICK_LIMITS: SourceLimits = {
  ...DEFAULT_LIMITS,
  sleepForRetriesUs: SECOND / 10,
  maxRetriesMultiplier: 2,
  intervalUs: Number.POSITIVE_INFINITY,
  sizeThreshold: -1,
  batchesAhead: 1,
  getEntriesTimeoutUs: 20 * SECOND,
  abortOnError: true,
}

export interface PeerOptions {
  readonly limits?: Partial<SourceLimits>
  readonly bandwidth?: number
  readonly wants?: ReplicationPeer['wants']
  readonly wantsMarkers?: boolean
  /** What its sources are given in place of an endpoint of its sink. */
  readonly endpoint?: (request: EndpointRequest, server: WorldServer) => ReplicationEndpoint
}

export interface WorldOptions {
  readonly storage?: (scheduler: Scheduler) => ReplicationQueueStorage
  readonly unfixed?: readonly string[]
  readonly groups?: number
  readonly quota?: number
}

/** Region servers whose WALs are written by hand, their sources, and sinks that outlive them. */
export class ReplicationWorld {
  readonly scheduler = new Scheduler()
  readonly events = new EventStream()
  readonly storage: ReplicationQueueStorage
  readonly servers = new Map<string, WorldServer>()
  readonly peers: ReplicationPeer[] = []
  readonly sinks = new Map<string, Sink>()
  readonly endpoints = new Map<string, NonNullable<PeerOptions['endpoint']>>()
  readonly enabled = new Set<string>()
  /** `time: kind log/from-to`, per peer number. */
  readonly told: string[][] = []
  /** Edits that an offset of the first peer has passed, by log. */
  readonly confirmed = new Map<number, IntervalSet>()
  readonly #master = new Host(this.scheduler, 'master')
  #logs = 0

  constructor(readonly options: WorldOptions = {}) {
    const {
      storage = (scheduler) => new TableReplicationQueueStorage(scheduler, () => OFFSET_US),
    } = options
    this.storage = storage(this.scheduler)
  }

  /** A server starts, with the peers that there are. */
  start(name: string): WorldServer {
    const { groups = 1 } = this.options
    const wals = Array.from(
      { length: groups },
      (_, group) => new HandWrittenWals(() => this.scheduler.now, name, group, this.#logs++),
    )
    const server = new WorldServer(this, name, wals)
    this.servers.set(name, server)
    return server
  }

  /** A peer that is there before the servers. */
  peer(id: string, options: PeerOptions = {}): Sink {
    const sink = new Sink()
    this.sinks.set(id, sink)
    if (options.endpoint !== undefined) this.endpoints.set(id, options.endpoint)
    this.enabled.add(id)
    this.peers.push(this.#describe(id, options))
    return sink
  }

  /** The server dies; its WALs are split; soon one of the others claims its queues. */
  crash(dead: WorldServer, ...others: readonly WorldServer[]): void {
    dead.host.kill()
    for (const wals of dead.wals) wals.die()
    this.#master.spawn('crash', this.#recover(dead.name, others))
  }

  /** Runs for so long. */
  run(us: number): void {
    this.scheduler.run(this.scheduler.now + us)
  }

  #describe(id: string, options: PeerOptions): ReplicationPeer {
    const { limits, bandwidth = 0, wants, wantsMarkers = false } = options
    const number = this.peers.length
    const told: string[] = []
    this.told.push(told)
    const names = new Map<number, string>(Object.entries(Progress).map(([k, v]) => [v, k]))
    this.events.subscribe(peerChannel(number), {
      progress: (kind, timeUs, log, from, to) => {
        if (number === 0 && progressOf(kind) === Progress.confirmed) {
          const confirmed = this.confirmed.get(log) ?? new IntervalSet()
          confirmed.add(from, to)
          this.confirmed.set(log, confirmed)
        }
        told.push(`${timeUs}: ${names.get(progressOf(kind))} ${log}/${from}-${to}`)
      },
    })
    return {
      id,
      number,
      limits: () => ({ ...QUICK_LIMITS, ...limits }),
      bandwidth: () => bandwidth,
      wants,
      wantsMarkers,
    }
  }

  /** As the master does it: with what a server that dies meanwhile has not claimed it begins anew. */
  *#recover(dead: string, others: readonly WorldServer[]): Protocol {
    yield CRASH_US
    for (const { id } of this.peers) {
      const queue = { peer: id, server: dead, origin: dead }
      if (this.storage.queues(id, dead).some(({ origin }) => origin === dead)) continue
      yield* this.storage.addQueue(queue, [])
    }
    for (;;) {
      const [queue] = this.storage.queues(null, dead)
      const alive = [...others, ...this.servers.values()].find(({ host }) => host.alive)
      if (queue === undefined || alive === undefined) return
      try {
        yield alive.host.spawn('claim', alive.manager.claimQueue(queue))
      } catch (error) {
        if (!(error instanceof ProcessKilled)) throw error
      }
      yield CRASH_US
    }
  }
}

/** One region server of the world. */
export class WorldServer {
  readonly host: Host
  readonly quota: BufferQuota
  readonly manager: ReplicationSourceManager
  readonly aborts: string[] = []
  /** It stops or aborts. */
  stopped = false
  /** All that there have been. */
  readonly sources: ReplicationSource[] = []

  constructor(
    private readonly world: ReplicationWorld,
    readonly name: string,
    readonly wals: readonly HandWrittenWals[],
  ) {
    const { scheduler, events, storage, peers, enabled, options } = world
    this.host = new Host(scheduler, name)
    this.quota = new BufferQuota(options.quota ?? 268_435_456)
    this.manager = new ReplicationSourceManager({
      server: name,
      scheduler,
      events,
      host: this.host,
      storage,
      quota: this.quota,
      unfixed: options.unfixed ?? [],
      refresh: () => {},
      openUs: () => 0,
      readUs: (bytes) => bytes,
      abortServer: (reason) => this.aborts.push(reason),
      offsetPhase: () => 1,
      stopped: () => this.stopped,
      createEndpoint: (request) => this.#createEndpoint(request),
      archivedWals: (server) => this.#archived(server),
      onSource: (_peer, source) => this.sources.push(source),
    })
    for (const peer of peers) {
      const queue = { peer: peer.id, server: name, origin: name }
      const current = wals.map((group) => group.current)
      storage.startWith(queue, current)
      this.manager.init(peer, enabled.has(peer.id))
    }
    for (const group of wals) this.manager.postLogRoll(group.current)
  }

  /** The normal source of the only peer, or of the one named. */
  source(peer = this.world.peers[0].id): ReplicationSource {
    return this.manager.sources(peer)[0]
  }

  put(count: number, group = 0, bytes?: number): void {
    this.wals[group].put(count, bytes)
  }

  /** Rolls a group's WAL; the old file is closed at once. */
  roll(group = 0): HandWrittenWal {
    const old = this.wals[group].roll()
    old.close()
    this.do(this.manager.preLogRoll(this.wals[group].current))
    this.manager.postLogRoll(this.wals[group].current)
    return old
  }

  do(protocol: Protocol<unknown>): void {
    this.host.spawn('operator', protocol)
  }

  /** A graceful stop or an abort, as far as replication goes, then the end of the process. */
  stop(): void {
    this.do(this.#stop())
  }

  *#stop(): Protocol {
    yield* this.manager.terminateAll()
    for (const group of this.wals) group.current.close()
    this.world.scheduler.schedule(
      this.world.scheduler.now,
      this.world.scheduler.handler(() => this.host.kill()),
    )
  }

  #createEndpoint(request: EndpointRequest): ReplicationEndpoint {
    const create = this.world.endpoints.get(request.peer)
    return create?.(request, this) ?? this.#sink(request.peer).endpoint(request)
  }

  #sink(peer: string): Sink {
    const sink = this.world.sinks.get(peer)
    if (sink === undefined) throw new Error(`no sink for ${peer}`)
    return sink
  }

  #archived(server: string): readonly HandWrittenWal[] {
    return this.world.servers.get(server)?.wals.flatMap(({ all }) => all) ?? []
  }
}
