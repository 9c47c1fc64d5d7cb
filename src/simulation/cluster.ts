import { Clients, type PutTarget, type WorkloadPhase } from '../hbase/client/clients.js'
import { ClosedLoopClients } from '../hbase/client/closed-loop-clients.js'
import { RpcRetryingCaller } from '../hbase/client/rpc-retrying-caller.js'
import { HdfsRecoveryStorage } from '../hbase/master/hdfs-recovery-storage.js'
import { Master } from '../hbase/master/master.js'
import { RegionLocations } from '../hbase/master/region-locations.js'
import type { ServerExit } from '../hbase/master/server-state-node.js'
import { isRead } from '../hbase/regionserver/call-kind.js'
import type { RegionDurabilities } from '../hbase/regionserver/durability.js'
import { HFileArchive } from '../hbase/regionserver/hfile-archive.js'
import { HFileNames } from '../hbase/regionserver/hfile-io.js'
import { metaWork } from '../hbase/regionserver/meta-puts.js'
import type { SharedRegions } from '../hbase/regionserver/online-regions-options.js'
import { RecoveredEdits } from '../hbase/regionserver/recovered-edits.js'
import type { Refusal } from '../hbase/regionserver/refusal.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import { Stores } from '../hbase/regionserver/stores.js'
import type { UnansweredCall, WriteObserver } from '../hbase/regionserver/write-path-options.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { EventStream } from '../kernel/event-stream.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { Acknowledgements } from '../measure/acknowledgements.js'
import type { ClosedLoopMeter } from '../measure/closed-loop-meter.js'
import { cutAt } from '../measure/file-content.js'
import { Histogram } from '../measure/histogram.js'
import type { ServerActivity } from '../measure/server-activity.js'
import { Hdfs } from '../storage/hdfs/hdfs.js'
import type { Node } from '../storage/node.js'
import { buildClosedLoopMeter } from './closed-loop-results.js'
import { ClusterReads } from './cluster-reads.js'
import { regionDurabilities } from './durabilities.js'
import { buildMemstores, fillStores } from './files-at-start.js'
import { ledgerLogs } from './ledger-logs.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { buildRegionReplicas, type ClusterReplicas } from './region-replicas.js'
import { beginTracking } from './replicas-at-start.js'
import { buildNode, buildRegionServer } from './server-builder.js'
import { SteadyStart } from './steady-start.js'
import { buildRegionMap, type RegionMap } from './workload.js'
import { buildPhases } from './workload-phases.js'

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
  /** What was before the run; null if it starts cold. */
  readonly steady: SteadyStart | null
  /** What all servers share of their regions. */
  readonly files: SharedRegions
  readonly hfileNames = new HFileNames()
  readonly locations: RegionLocations<RegionServer>
  readonly master: Master<RegionServer>
  readonly clients: Clients
  /** Null if all clients are open-loop. */
  readonly closedLoop: ClosedLoopClients | null
  readonly closedLoopMeter: ClosedLoopMeter
  /** Puts that no server answers for. */
  readonly caller: RpcRetryingCaller
  readonly reads: ClusterReads
  /** Every incarnation of every region server, in order of start. */
  readonly servers: RegionServer[] = []
  /** Null if every table has the default. */
  readonly durabilities: RegionDurabilities | null
  /**
   * By log: one for each WAL group of each incarnation, and one for what it has of SKIP_WAL, if any
   * table has that.
   */
  readonly acknowledgements: Acknowledgements[] = []
  /** Logs of hbase:meta, one for each server that has carried it: the n-th has the id −1 − n. */
  readonly metaLogs: EditLog[] = []
  /** Null if no region has replicas. */
  readonly replicas: ClusterReplicas | null
  readonly writeLatency = new Histogram()
  /** The operations that were to write and have failed for good. */
  readonly failures: number[] = []
  readonly #nodes: Node[]
  readonly #incarnations: number[]
  readonly #horizonUs: number

  constructor(
    readonly model: Model,
    readonly scheduler: Scheduler,
    readonly events: EventStream,
    readonly activity: ServerActivity,
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
      editsWithin: (extent, bytes) => cutAt(this.#logOf(extent.log), extent, bytes),
    })
    this.map = buildRegionMap(model)
    this.durabilities = regionDurabilities(model, this.map)
    this.steady = cluster.start === 'steady' ? new SteadyStart(model, this.map) : null
    const families = Array.from(
      { length: this.map.allRegions },
      (_, region) => this.map.familiesOf(region).length,
    )
    this.files = {
      memstores: buildMemstores(model, this.map, this.steady),
      stores: new Stores(families),
      archive: new HFileArchive(),
      recoveredEdits: new RecoveredEdits(),
    }
    fillStores(model, this.files.stores, this.map, this.steady)
    this.locations = new RegionLocations(this.map.allRegions, this.map.metaRegion)
    this.replicas = buildRegionReplicas(this)
    this.locations.onOpened = (region) => this.reads.regionOpened(region)
    this.reads = new ClusterReads(this, () => this.#metaAvailable())
    const phases = buildPhases(model, this.map)
    this.clients = new Clients(phases, this.reads.clients)
    this.closedLoopMeter = buildClosedLoopMeter(model.scenario, phases)
    this.closedLoop = this.#buildClosedLoop(phases)
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
    this.locations.open(this.map.metaRegion, this.servers[this.map.metaServer])
    const { replicas } = this.map
    for (const region of replicas.secondaries) {
      this.locations.open(region, this.servers[replicas.serverOf(region)])
    }
    if (this.replicas !== null) beginTracking(this, this.replicas)
    this.replicas?.versions.scheduleProbes()
  }

  /** Starts a region server on host number `host`, the first time or again. */
  startServer(host: number): void {
    const incarnation = this.#incarnations[host]++
    const node = this.#nodes[host]
    const { tracer, doing } = this.scheduler
    // Its threads work for themselves, not for whoever has started it.
    this.scheduler.doing = 0
    const server = buildRegionServer(this, node, host, incarnation)
    const start = tracer?.instant('server start', {}, doing, server.name) ?? 0
    this.servers.push(server)
    for (const source of ledgerLogs(server, this)) {
      this.acknowledgements.push(new Acknowledgements(source))
    }
    server.onExit = (how, calls) => {
      const { tracer, doing } = this.scheduler
      this.scheduler.doing = tracer?.instant('server exit', { how }, doing, server.name) ?? 0
      this.replicas?.serverGone(server)
      this.reads.serverGone(server)
      this.handBack(calls)
      this.listener.exited(server, how)
      this.master.servers.exited(server, how)
      this.scheduler.doing = doing
    }
    this.listener.started(server)
    this.scheduler.doing = start
    this.master.servers.reportForDuty(server)
    this.scheduler.doing = doing
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

  get oldWalBytes(): number {
    return this.servers.reduce((sum, server) => sum + server.oldWalBytes, 0)
  }

  /** For the server's write path. */
  readonly writeObserver = {
    answered: (sentUs: number, acknowledgedUs: number, _bytes: number, operation: number) => {
      if (sentUs >= this.model.scenario.warmupUs) this.writeLatency.record(acknowledgedUs - sentUs)
      this.activity.answered(sentUs, acknowledgedUs)
      this.closedLoop?.over(operation, acknowledgedUs)
    },
    failed: (...call: Parameters<WriteObserver['failed']>) => this.#failed(...call),
    read: (...read: Parameters<WriteObserver['read']>) => this.reads.clients.read(...read),
    abandoned: (operation: number, attempt: number) =>
      this.reads.clients.abandoned(operation, attempt),
    refused: (why: Refusal, timeUs: number) => this.activity.refused(why, timeUs),
    notServing: (call: UnansweredCall) => {
      this.activity.refused('not serving', this.scheduler.now)
      this.handBack([call])
    },
  }

  /** Servers will never answer these calls. */
  handBack(calls: readonly UnansweredCall[]): void {
    this.caller.handBack(this.reads.handBack(calls))
  }

  #failed(
    ...[sentUs, operation, kind, attempt, region, failedUs]: Parameters<WriteObserver['failed']>
  ): void {
    if (isRead(kind)) this.reads.clients.failed(operation, attempt, region, sentUs, failedUs)
    else {
      this.failures.push(operation)
      this.closedLoop?.over(operation, failedUs)
    }
  }

  /**
   * The clients are gone with a disaster. Servers that outlive HDFS abort at their next write: for
   * them clients send some more, which nobody answers.
   */
  stopClients(disaster: string): void {
    if (disaster === 'hdfs-loss') this.generatePuts()
    this.caller.stop()
    this.reads.clients.stop()
    this.closedLoop?.stop()
  }

  #buildClosedLoop(phases: readonly WorkloadPhase[]): ClosedLoopClients | null {
    if (phases.every(({ closedLoop }) => closedLoop === undefined)) return null
    const { scheduler, closedLoopMeter: observer } = this
    const send = (p: number, n: number) => this.#sendNow(p, n)
    return new ClosedLoopClients({ scheduler, phases, observer, send })
  }

  #sendNow(p: number, n: number): void {
    this.clients.sendNow(p, n, this.scheduler.now, (region) => {
      return this.#target(region) ?? this.caller
    })
  }

  #buildCaller(): RpcRetryingCaller {
    const { model, scheduler } = this
    const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
    return new RpcRetryingCaller({
      scheduler,
      metaAvailable: () => this.#metaAvailable(),
      serverOfRegion: (region) => this.#target(region),
      network: model.variate(model.cluster, 'network', purposes.network, 'clients'),
      retries: model.number('hbase.client.retries.number'),
      pauseUs: model.ms('hbase.client.pause'),
      operationTimeoutUs: model.ms('hbase.client.operation.timeout'),
      jitter: (operation, attempt, lookup) => jitterDraws.uniform(operation, attempt, lookup),
      failed: (...call) => this.#failed(...call),
    })
  }

  #buildMaster(): Master<RegionServer> {
    const { model, scheduler, locations, files, hdfs, listener, map } = this
    const master = new Master<RegionServer>({
      scheduler,
      luck: model.luck,
      configuration: model.configuration,
      parameters: model.cluster,
      locations,
      recoveredEdits: files.recoveredEdits,
      storage: new HdfsRecoveryStorage(hdfs),
      familyShares: (region) => map.familiesOf(region),
      regions: {
        open: (server, region, opening) => server.openRegion(region, opening),
        close: (server, region) => server.closeRegion(region),
        putToMeta: (server, region, n) =>
          server.putToMeta(model.parameter('metaEdit'), metaWork(map.nameOf(region), n)),
      },
      claimQueues: (server) => listener.claimQueues(server),
    })
    master.servers.serverExpired.push(({ alive, writePath }) => {
      // It stands still: others split its WALs, as far as it had handed them to HDFS.
      if (alive) for (const wal of writePath.wals) wal.abandon(scheduler.now)
    })
    return master
  }

  /** A client that asks it gets an answer. */
  #metaAvailable(): boolean {
    const { metaRegion, replicas } = this.map
    const useReplicas = this.model.boolean('hbase.meta.replicas.use')
    const asked = useReplicas ? replicas.replicasOf(metaRegion) : [metaRegion]
    return asked.some((region) => this.locations.serverOf(region)?.answers(region) === true)
  }

  #logOf(id: number): EditLog {
    return id < 0 ? this.metaLogs[-1 - id] : this.acknowledgements[id].source.log
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
    const rate = workload.reduce((sum, { rate, closedLoop, bursts }) => {
      return closedLoop === undefined ? sum + (rate ?? 0) * (bursts?.times ?? 1) : sum
    }, 0)
    const perServer = rate / cluster.regionServers
    return Math.max(1000, Math.min(1_000_000, Math.round(256e6 / Math.max(perServer, 1))))
  }
}
