import type { ServerExit } from '../hbase/master/server-state-node.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Wal } from '../hbase/wal/wal.js'
import { EventStream } from '../kernel/event-stream.js'
import type { Protocol } from '../kernel/process.js'
import { Scheduler } from '../kernel/scheduler.js'
import type { PeerLedger } from '../measure/peer-ledger.js'
import { ServerActivity } from '../measure/server-activity.js'
import { WalCover } from '../measure/wal-cover.js'
import type { Scenario } from '../scenario/scenario.js'
import { ExternalStore } from '../storage/s3/external-store.js'
import { answersInTransit } from './census.js'
import { Cluster, type ClusterListener } from './cluster.js'
import { ClusterLosses } from './cluster-losses.js'
import { Drains } from './drains.js'
import { FaultInjection, isTotal, takesMoreThanServers } from './fault-injection.js'
import { drawFaults, type ScheduledFault, scheduleFaults } from './faults.js'
import { gaugesOf } from './gauges.js'
import { HdfsRoom } from './hdfs-room.js'
import { startCleaners } from './master-chores.js'
import { Model } from './model.js'
import { Operator } from './operator.js'
import type { Peer } from './peer.js'
import { buildPeers } from './peer-builder.js'
import { RegionChecks } from './region-checks.js'
import type { RegionServersNow } from './region-server-gauges.js'
import { noteLevels, regionServersNow } from './region-servers-now.js'
import { ReplicaChecks } from './replica-checks.js'
import { Replication } from './replication.js'
import type { FaultWindow } from './result.js'
import { RunTracing } from './run-tracing.js'
import type { RunWatch } from './run-watch.js'
import { SeriesRecorder } from './series-recorder.js'
import { UsageMeter } from './usage-meter.js'

const SAMPLES = 360

/** A total disaster that is never healed: what was to be measured ended with it. */
export interface Disaster {
  readonly kind: string
  readonly atUs: number
}

/** One run: the cluster of a scenario with its faults, from time 0 until it is quiescent. */
export class Run implements ClusterListener {
  readonly scheduler = new Scheduler()
  readonly events = new EventStream()
  readonly model: Model
  readonly cluster: Cluster
  readonly activity: ServerActivity
  readonly peers: Peer[]
  readonly replication: Replication
  readonly faults: ScheduledFault[]
  readonly aborts: FaultWindow[] = []
  readonly recorder: SeriesRecorder
  readonly usage = new Map<string, UsageMeter>()
  readonly drains = new Drains()
  readonly room: HdfsRoom
  readonly clusterLosses: ClusterLosses
  readonly regionChecks: RegionChecks
  readonly replicaChecks: ReplicaChecks
  disaster: Disaster | null = null
  oldWalsMaxBytes = 0
  /** Null unless somebody watches. */
  readonly trace: RunTracing | null
  readonly #wals = new WalCover()
  readonly #servers: RegionServersNow
  readonly #injection: FaultInjection
  readonly #horizonHandler: number
  #workloadOver = false
  /** A fault is taking more than single servers at this instant. */
  #striking = false

  constructor(
    readonly scenario: Scenario,
    seed: number,
    readonly watch: RunWatch = {},
  ) {
    const { scheduler } = this
    this.trace = watch.trace === true ? new RunTracing(this) : null
    this.model = new Model(scenario, seed)
    this.activity = new ServerActivity({
      fromUs: scenario.warmupUs,
      untilUs: scenario.durationUs,
      windows: SAMPLES,
    })
    this.cluster = new Cluster(this.model, scheduler, this.events, this.activity, this)
    const stores = this.#buildStores()
    this.clusterLosses = new ClusterLosses(this.cluster)
    this.regionChecks = new RegionChecks(this.cluster)
    this.replicaChecks = new ReplicaChecks(this.cluster)
    this.peers = buildPeers(this.cluster, stores, this.#wals)
    this.trace?.listen()
    this.replication = new Replication(this.cluster, this.peers)
    for (const prefix of ['WALs/', 'oldWALs/']) this.cluster.hdfs.watch(prefix, this.#wals)
    this.cluster.startServers()
    for (const peer of this.peers) this.#watch(peer)
    startCleaners(this.cluster, this.replication)
    new Operator(this.cluster, this.replication)
    this.faults = drawFaults(this.model)
    this.#injection = new FaultInjection(this.cluster, stores, this.replication.storage)
    scheduleFaults(
      scheduler,
      this.faults,
      scenario.durationUs,
      (fault) => this.#begin(fault),
      (fault) => this.#end(fault),
    )
    this.room = new HdfsRoom(this.cluster.hdfs)
    this.#servers = regionServersNow(this.cluster)
    this.recorder = new SeriesRecorder(gaugesOf(this, this.#servers))
    this.#horizonHandler = scheduler.handler(() => this.#extendHorizon())
    this.#scheduleSamples()
  }

  get nowUs(): number {
    return this.scheduler.now
  }

  /** When the run ends even if it is not quiescent. */
  get limitUs(): number {
    return this.scenario.durationUs + this.scenario.drainUs
  }

  /** Runs until the cluster is quiescent, or the time to drain is up. */
  execute(): void {
    const { durationUs } = this.scenario
    this.#extendHorizon()
    this.scheduler.run(durationUs)
    this.#endWorkload()
    this.#stopWhenQuiescent()
    if (!this.#done()) this.scheduler.run(this.limitUs)
  }

  /** ClusterListener. */
  started(server: RegionServer): void {
    for (const { log, wal } of server.groups) {
      this.#addLog(server, log)
      this.#wals.addWal(log.id, wal.file)
    }
    if (server.skippedWal !== null) this.#addLog(server, server.skippedWal)
    server.listeners.push({
      *preLogRoll() {},
      postLogRoll: (wal) => this.#wals.addWal(wal.log.id, wal.file),
    })
    server.onArchive = (wal) => this.#noteOldWals(wal, server)
    server.onAbort = (reason) => this.#noteAbort(server, reason)
    this.replication.attach(server)
  }

  /** ClusterListener. */
  exited(server: RegionServer, how: ServerExit): void {
    this.replication.detach(server)
    this.#letUnwrittenGo(server)
    if (how === 'stopped' || this.#striking || this.disaster !== null) return
    for (const { ledger } of this.peers) ledger.strike('region-server-crash', server.name)
    this.clusterLosses.account(null)
  }

  #addLog(server: RegionServer, { id }: EditLog): void {
    const acknowledgements = this.cluster.acknowledgements[id]
    this.#wals.addLog(acknowledgements.source)
    for (const { ledger } of this.peers) ledger.addLog(acknowledgements, writerOf(server))
  }

  /** What was answered before its sync, and never came to a WAL. */
  #letUnwrittenGo({ groups }: RegionServer): void {
    if (this.cluster.durabilities === null) return
    for (const { log, wal } of groups) {
      const from = wal.from + wal.recoverableEntries
      for (let edit = from; edit < log.length; edit++) {
        if (!Number.isFinite(log.acknowledgedUs(edit))) continue
        for (const { ledger } of this.peers) ledger.diedUnwritten(log.id, edit, edit + 1)
      }
    }
  }

  /** ClusterListener. */
  claimQueues(server: string): Protocol {
    return this.replication.claimQueues(server)
  }

  #buildStores(): Map<string, ExternalStore> {
    const { scheduler, model } = this
    const stores = new Map<string, ExternalStore>()
    for (const [name, parameters] of Object.entries(model.stores)) {
      stores.set(name, new ExternalStore({ scheduler, luck: model.luck, name, parameters }))
    }
    return stores
  }

  #watch(peer: Peer): void {
    const { id, ledger } = peer
    this.drains.add(id)
    this.usage.set(id, this.#meter(peer))
    ledger.onStored = () => this.#noteDrains(peer)
  }

  #meter({ spec, usage }: Peer): UsageMeter {
    const { scheduler, scenario, model } = this
    const { retentionUs } = scenario.stores[spec.store] ?? { retentionUs: 0 }
    const meter = new UsageMeter(usage, retentionUs, model.stores[spec.store] ?? {})
    meter.pause(0)
    const handler = scheduler.handler(() => meter.resume(this.nowUs))
    scheduler.schedule(scenario.warmupUs, handler)
    return meter
  }

  #extendHorizon(): void {
    if (this.disaster !== null || this.#workloadOver) return
    const untilUs = this.cluster.generatePuts()
    this.#recycle()
    this.scheduler.schedule(untilUs, this.#horizonHandler)
  }

  /** Edits that no peer needs any more and whose answer is given go back to the log's pool. */
  #recycle(): void {
    for (const acknowledgements of this.cluster.acknowledgements) {
      const { log, inWals, firstUnflushed } = acknowledgements.source
      acknowledgements.settle(this.nowUs)
      if (firstUnflushed !== undefined) {
        log.release(Math.min(acknowledgements.settled, firstUnflushed()))
        continue
      }
      let needed = Math.min(acknowledgements.settled, inWals?.() ?? log.length)
      needed = Math.min(needed, this.replication.regionReplicaPeer?.firstNeeded(log) ?? needed)
      for (const peer of this.peers) {
        const read = this.replication.firstNeeded(peer, log)
        needed = Math.min(needed, peer.ledger.firstNeeded(log.id), read)
      }
      log.release(needed)
    }
  }

  #scheduleSamples(): void {
    const { durationUs } = this.scenario
    const handler = this.scheduler.handler(() => {
      this.cluster.advanceAll()
      noteLevels(this.cluster, this.#servers)
      this.regionChecks.look()
      this.replicaChecks.look()
      for (const { ledger } of this.peers) ledger.look()
      this.recorder.sample(this.nowUs)
      this.watch.progress?.(this.nowUs)
    })
    for (let i = 0; i <= SAMPLES; i++) {
      this.scheduler.schedule(Math.round((durationUs * i) / SAMPLES), handler)
    }
  }

  #begin(fault: ScheduledFault): void {
    this.cluster.advanceAll()
    if (this.disaster !== null) return
    this.room.begin(fault, this.nowUs)
    if (isTotal(fault)) this.#endMeasuring(fault)
    // What was lost before is told apart from what the fault takes at this very instant.
    for (const { ledger } of this.peers) ledger.holes()
    this.#striking = takesMoreThanServers(fault)
    this.scheduler.doing = this.trace?.begin(fault) ?? 0
    this.#injection.begin(fault)
    this.#striking = false
    this.#strike(fault)
    this.scheduler.doing = 0
    for (const meter of this.usage.values()) meter.pause(this.nowUs)
    // What has no end of its own, like a crash, is to be caught up with from here on.
    if (fault.untilUs === null && this.disaster === null) this.#beginDrain(fault)
  }

  #end(fault: ScheduledFault): void {
    this.cluster.advanceAll()
    this.room.end(fault, this.nowUs)
    this.scheduler.doing = this.trace?.end(fault) ?? 0
    const ended = this.#injection.end(fault)
    this.scheduler.doing = 0
    if (!ended) return
    this.#tellWhetherStoresAnswer()
    if (this.disaster === null) this.#beginDrain(fault)
  }

  #beginDrain({ label }: ScheduledFault): void {
    this.drains.begin(label, this.nowUs)
    for (const peer of this.peers) this.#noteDrains(peer)
  }

  /** The ledgers note what the fault has destroyed at this instant. */
  #strike(fault: ScheduledFault): void {
    const { kind, target } = fault
    this.#tellWhetherStoresAnswer()
    for (const { ledger, spec } of this.peers) {
      switch (kind) {
        case 'kill-data-node':
          ledger.strike('data-node-crash', target)
          break
        case 'store-loss':
          if (spec.store === target) ledger.strike('store-loss', target)
          break
        case 'rack-power-loss':
        case 'cluster-power-loss':
        case 'hdfs-loss':
        case 'cluster-loss':
          ledger.strike(kind, target)
      }
    }
    this.clusterLosses.account(fault)
  }

  #tellWhetherStoresAnswer(): void {
    for (const { ledger, store } of this.peers) ledger.storeAnswers(store.weather.outage === null)
  }

  /** Clients end, and nothing is measured over time any more. */
  #endMeasuring({ kind }: ScheduledFault): void {
    const { nowUs } = this
    this.disaster = { kind, atUs: nowUs }
    for (const acknowledgements of this.cluster.acknowledgements) {
      acknowledgements.settle(nowUs)
      acknowledgements.stopAt(nowUs)
    }
    for (const { ledger } of this.peers) ledger.close()
    this.recorder.sample(nowUs)
    this.cluster.stopClients(kind)
  }

  #endWorkload(): void {
    this.#workloadOver = true
    this.cluster.advanceAll()
    if (this.disaster !== null) return
    for (const meter of this.usage.values()) meter.pause(this.nowUs)
    for (const { ledger } of this.peers) ledger.close()
  }

  /** After the workload, looks now and then whether anything is left to do. */
  #stopWhenQuiescent(): void {
    const handler = this.scheduler.handler(() => {
      this.cluster.advanceAll()
      this.watch.progress?.(this.nowUs)
      if (this.#done()) this.scheduler.stop()
      else this.scheduler.schedule(this.nowUs + 1_000_000, handler)
    })
    this.scheduler.schedule(this.nowUs, handler)
  }

  /**
   * Every client has its answer, every dead server is recovered, every acknowledged edit is stored
   * or lost, and nothing staged for a peer that exists. After a total disaster: nobody is left who could do anything.
   */
  #done(): boolean {
    const { cluster } = this
    if (this.disaster !== null && cluster.alive.length === 0 && this.#storesIdle()) return true
    if (cluster.alive.some((server) => server.writePath.unanswered > 0)) return false
    if (cluster.reads.clients.pending().length > 0) return false
    if (cluster.caller.waiting > 0 || cluster.master.recovering) return false
    if (answersInTransit(this, this.nowUs) > 0) return false
    const feedsReplicas = this.replication.regionReplicaPeer?.enabled ?? true
    if (feedsReplicas && cluster.replicas?.settled === false) return false
    return this.peers.every(({ exists, ledger }) => {
      return !exists || (ledger.missing() === 0 && ledger.staging.files === 0)
    })
  }

  #storesIdle(): boolean {
    return this.peers.every(({ store }) => store.serving === 0)
  }

  /** A fault is drained when everything acknowledged before its end is stored. */
  #noteDrains({ id, ledger }: Peer): void {
    if (!this.drains.open(id)) return
    const oldestUs = Math.min(ledger.oldestAtRiskUs('cluster-loss'), this.#oldestLostUs(ledger))
    for (let n = this.drains.note(id, oldestUs, this.nowUs); n > 0; n--) {
      // What the fault held up is stored by now: the bill is typical again.
      this.usage.get(id)?.resume(this.nowUs)
    }
  }

  /** What a total disaster took is not stored, unless a request under way still brings it. */
  #oldestLostUs(ledger: PeerLedger): number {
    const loss = ledger.losses().find(({ atUs }) => atUs === this.disaster?.atUs)
    const ageUs = loss?.oldestLostAgeUs ?? null
    return loss === undefined || ageUs === null ? Number.POSITIVE_INFINITY : loss.atUs - ageUs
  }

  /** An abort is no fault of the scenario, but shows like one. */
  #noteAbort({ name }: RegionServer, reason: string): void {
    this.scheduler.tracer?.instant('abort', { reason }, this.scheduler.doing, name)
    const label = `${name} aborted: ${reason}`
    this.aborts.push({ kind: 'region-server-abort', label, atUs: this.nowUs, untilUs: null })
  }

  #noteOldWals(wal: Wal, { name }: RegionServer): void {
    const { tracer, doing } = this.scheduler
    tracer?.instant('archive WAL', { wal: wal.name, bytes: wal.bytes }, doing, name)
    this.regionChecks.archiving(wal)
    this.oldWalsMaxBytes = Math.max(this.oldWalsMaxBytes, this.cluster.oldWalBytes + wal.bytes)
  }
}

function writerOf({ name, rack }: RegionServer) {
  return { server: name, rack }
}
