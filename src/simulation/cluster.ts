import { Clients, type PutTarget } from '../hbase/client/clients.js'
import { RpcRetryingCaller } from '../hbase/client/rpc-retrying-caller.js'
import { Master } from '../hbase/master/master.js'
import { RegionLocations } from '../hbase/master/region-locations.js'
import type { ServerExit } from '../hbase/master/server-state-node.js'
import { Memstores } from '../hbase/regionserver/memstores.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EventStream } from '../kernel/event-stream.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Acknowledgements } from '../measure/acknowledgements.js'
import { cutAt } from '../measure/file-content.js'
import { Histogram } from '../measure/histogram.js'
import { Hdfs } from '../storage/hdfs/hdfs.js'
import type { Node } from '../storage/node.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { buildNode, buildRegionServer, prefillMemstores } from './server-builder.js'
import { buildPhases, buildRegionMap, type RegionMap } from './workload.js'

/** Who hears of a region server's beginning and end. */
export interface ClusterListener {
  started(server: RegionServer): void
  exited(server: RegionServer, how: ServerExit): void
  /** A dead server's replication queues are to be claimed; ends when they are. */
  claimQueues(server: string): Protocol
}

/** The HBase cluster of a run: HDFS, region servers with all their incarnations, master, clients. */
export class Cluster {
  readonly hdfs: Hdfs
  readonly map: RegionMap
  readonly memstores: Memstores
  readonly locations: RegionLocations<RegionServer>
  readonly master: Master<RegionServer>
  readonly clients: Clients
  /** Puts that no server answers for. */
  readonly caller: RpcRetryingCaller
  /** Every incarnation of every region server, in order of start. */
  readonly servers: RegionServer[] = []
  /** By log: one for each WAL group of each incarnation. */
  readonly acknowledgements: Acknowledgements[] = []
  readonly writeLatency = new Histogram()
  /** Operations that have failed for good. */
  readonly failures: number[] = []
  readonly #nodes: Node[]
  readonly #incarnations: number[]
  readonly #horizonUs: number

  constructor(
    readonly model: Model,
    readonly scheduler: Scheduler,
    readonly events: EventStream,
    private readonly listener: ClusterListener,
  ) {
    const { cluster } = model.scenario
    const hosts = Array.from({ length: cluster.regionServers }, (_, host) => host)
    this.hdfs = new Hdfs({
      scheduler,
      luck: model.luck,
      parameters: model.hdfs,
      dataNodes: cluster.hdfs.dataNodes,
      racks: cluster.racks,
      configuration: model.configuration,
      phases: cluster.start === 'steady' ? 'drawn' : 'zero',
      beforeTick: () => this.advanceAll(),
      editsWithin: (extent, bytes) =>
        cutAt(this.acknowledgements[extent.log].source.log, extent, bytes),
    })
    this.map = buildRegionMap(model)
    const flushSize = model.number('hbase.hregion.memstore.flush.size')
    this.memstores = new Memstores(this.map.regions, flushSize)
    prefillMemstores(model, this.memstores, this.map)
    this.locations = new RegionLocations(this.map.regions)
    this.clients = new Clients(buildPhases(model, this.map))
    this.caller = this.#buildCaller()
    this.master = this.#buildMaster()
    this.#nodes = hosts.map((host) => buildNode(model, scheduler, host))
    this.#incarnations = hosts.map(() => 0)
    this.#horizonUs = this.#lookAheadUs()
  }

  /** The run begins: every region is open where the balancer has put it. */
  startServers(): void {
    const { regionServers } = this.model.scenario.cluster
    for (let host = 0; host < regionServers; host++) {
      this.startServer(host)
      const server = this.servers[host]
      for (const region of this.map.regionsOf(host)) this.locations.open(region, server)
    }
  }

  /** Starts a region server on host number `host`, the first time or again. */
  startServer(host: number): void {
    const incarnation = this.#incarnations[host]++
    const node = this.#nodes[host]
    const server = buildRegionServer(this, node, host, incarnation)
    this.servers.push(server)
    for (const { log } of server.groups) {
      this.acknowledgements.push(new Acknowledgements({ log, advance: () => server.advance() }))
    }
    server.onExit = (how, calls) => {
      this.caller.handBack(calls)
      this.listener.exited(server, how)
      this.master.servers.exited(server, how)
    }
    this.listener.started(server)
    this.master.servers.reportForDuty(server)
  }

  /** The server that runs on the host named so; undefined while none does. */
  serverOn(hostName: string): RegionServer | undefined {
    return this.servers.find((server) => server.hostName === hostName && server.alive)
  }

  /** WAL groups of each server. */
  get walGroups(): number {
    return this.servers[0].groups.length
  }

  get alive(): RegionServer[] {
    return this.servers.filter((server) => server.alive)
  }

  /** Everybody who holds lazy state brings it up to now. */
  advanceAll(): void {
    for (const server of this.servers) server.advance()
  }

  /** Has clients send what they send in the near future; returns until when. */
  generatePuts(): number {
    const untilUs = this.scheduler.now + this.#horizonUs
    this.clients.generate(untilUs, (region) => {
      return this.locations.serverOf(region)?.writePath ?? this.caller
    })
    this.advanceAll()
    return untilUs
  }

  /** Operations that have failed for good. */
  get failedOperations(): number {
    return this.failures.length
  }

  get oldWalBytes(): number {
    return this.servers.reduce((sum, server) => sum + server.oldWalBytes, 0)
  }

  /** For the server's write path. */
  readonly writeObserver = {
    answered: (sentUs: number, acknowledgedUs: number) => {
      if (sentUs >= this.model.scenario.warmupUs) this.writeLatency.record(acknowledgedUs - sentUs)
    },
    failed: (_sentUs: number, operation: number) => {
      this.failures.push(operation)
    },
  }

  #buildCaller(): RpcRetryingCaller {
    const { model, scheduler } = this
    const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
    return new RpcRetryingCaller({
      scheduler,
      serverOfRegion: (region) => this.#target(region),
      network: model.variate(model.cluster, 'network', purposes.network, 'clients'),
      retries: model.number('hbase.client.retries.number'),
      pauseUs: model.ms('hbase.client.pause'),
      operationTimeoutUs: model.ms('hbase.client.operation.timeout'),
      jitter: (operation, attempt) => jitterDraws.uniform(operation, attempt),
      failed: (_sentUs, operation) => this.failures.push(operation),
    })
  }

  #buildMaster(): Master<RegionServer> {
    const { model, scheduler, locations, memstores, hdfs, listener } = this
    return new Master({
      scheduler,
      luck: model.luck,
      configuration: model.configuration,
      parameters: model.cluster,
      locations,
      memstores,
      *recoverLease(file) {
        yield* hdfs.recoverLease(file)
      },
      onRegionOpened: (region, server) => server.writePath.useRegion(region),
      claimQueues: (server) => listener.claimQueues(server),
    })
  }

  /** A put that comes between two looks at the server is noticed by a look of its own. */
  #target(region: number): PutTarget | null {
    const server = this.locations.serverOf(region)
    if (server === null) return null
    return {
      offer: (...put) => {
        server.advance()
        server.writePath.offer(...put)
        server.advance()
      },
    }
  }

  /** Puts are generated so far ahead that each server has some hundreds to work on. */
  #lookAheadUs(): number {
    const { workload, cluster } = this.model.scenario
    const rate = workload.reduce((sum, phase) => sum + phase.rate, 0)
    const perServer = rate / cluster.regionServers
    return Math.max(1000, Math.min(1_000_000, Math.round(256e6 / Math.max(perServer, 1))))
  }
}
