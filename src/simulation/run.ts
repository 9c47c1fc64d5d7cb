import type { Clients } from '../hbase/clients.js'
import { cleanLogs } from '../hbase/log-cleaner.js'
import { Memstores } from '../hbase/memstores.js'
import { peerChannel } from '../hbase/progress.js'
import type { RegionServer } from '../hbase/region-server.js'
import { EventStream } from '../kernel/event-stream.js'
import { Host } from '../kernel/process.js'
import { Scheduler } from '../kernel/scheduler.js'
import { Acknowledgements } from '../measure/acknowledgements.js'
import { Histogram } from '../measure/histogram.js'
import { PeerLedger } from '../measure/peer-ledger.js'
import { BufferQuota } from '../replication/buffer-quota.js'
import {
  type ReplicationQueueStorage,
  shouldReplicate,
} from '../replication/replication-queue-storage.js'
import type { FaultSpec, Scenario } from '../scenario/scenario.js'
import { Hdfs } from '../storage/hdfs/hdfs.js'
import { ExternalStore } from '../storage/s3/external-store.js'
import { ActiveFaults } from './active-faults.js'
import { answersInTransit } from './census.js'
import { drawFaults, type ScheduledFault, scheduleFaults } from './faults.js'
import { gaugesOf } from './gauges.js'
import { Model } from './model.js'
import { buildPeer, buildQueueStorage, type Peer } from './peer.js'
import { purposes } from './purposes.js'
import type { FaultWindow } from './result.js'
import { SeriesRecorder } from './series-recorder.js'
import { buildRegionServer, type ClusterParts, prefillMemstores } from './server-builder.js'
import { UsageMeter } from './usage-meter.js'
import { buildClients, buildRegionMap, type RegionMap } from './workload.js'

const SAMPLES = 360

/** What a disaster found: which edits were acknowledged by then. */
export interface Disaster {
  readonly kind: string
  readonly atUs: number
}

/** A fault after whose end a peer has to catch up. */
export interface Drain {
  readonly fault: string
  readonly endUs: number
  us: number | null
}

/** One run: the cluster of a scenario with its faults, from time 0 until it is quiescent. */
export class Run {
  readonly scheduler = new Scheduler()
  readonly events = new EventStream()
  readonly model: Model
  readonly servers: RegionServer[] = []
  readonly acknowledgements: Acknowledgements[] = []
  readonly peers: Peer[] = []
  readonly faults: ScheduledFault[]
  readonly aborts: FaultWindow[] = []
  readonly writeLatency = new Histogram()
  readonly recorder: SeriesRecorder
  readonly usage = new Map<string, UsageMeter>()
  readonly drains = new Map<string, Drain[]>()
  disaster: Disaster | null = null
  oldWalsMaxBytes = 0
  failedOperations = 0
  readonly clients: Clients
  readonly #hdfs: Hdfs
  readonly #stores = new Map<string, ExternalStore>()
  readonly #map: RegionMap
  readonly #queueStorage: ReplicationQueueStorage
  readonly #horizonUs: number
  readonly #horizonHandler: number
  readonly #master = new Host(this.scheduler, 'master')
  readonly #active = new ActiveFaults()
  #workloadOver = false
  /** Puts to a server that has aborted: nobody recovers its regions yet. */
  readonly #nobody = {
    offer: () => {
      this.failedOperations++
    },
  }

  constructor(
    readonly scenario: Scenario,
    seed: number,
  ) {
    const { scheduler } = this
    this.model = new Model(scenario, seed)
    const { model } = this
    const { cluster } = scenario
    this.#hdfs = new Hdfs({
      scheduler,
      luck: model.luck,
      parameters: model.hdfs,
      dataNodes: cluster.hdfs.dataNodes,
      racks: cluster.racks,
      configuration: model.configuration,
    })
    this.#map = buildRegionMap(model)
    this.clients = buildClients(model, this.#map)
    const parts = this.#buildServers()
    this.#queueStorage = buildQueueStorage(parts)
    this.#buildStores()
    this.#buildPeers(parts)
    this.#startLogCleaner()
    this.faults = drawFaults(model)
    scheduleFaults(
      scheduler,
      this.faults,
      scenario.durationUs,
      (f) => this.#begin(f),
      (f) => this.#end(f),
    )
    this.recorder = new SeriesRecorder(gaugesOf(this))
    this.#horizonUs = this.#lookAheadUs()
    this.#horizonHandler = scheduler.handler(() => this.#extendHorizon())
    this.#scheduleSamples()
  }

  get nowUs(): number {
    return this.scheduler.now
  }

  /** Runs until the cluster is quiescent, or the time to drain is up. */
  execute(): void {
    const { durationUs } = this.scenario
    this.#extendHorizon()
    for (const peer of this.peers) for (const source of peer.sources) source.start()
    this.scheduler.run(durationUs)
    this.#endWorkload()
    if (this.disaster !== null) {
      this.scheduler.run()
      return
    }
    this.#stopWhenQuiescent()
    if (!this.#done()) this.scheduler.run(this.limitUs)
  }

  /** When the run ends even if it is not quiescent. */
  get limitUs(): number {
    return this.scenario.durationUs + this.scenario.drainUs
  }

  /** Everybody who holds lazy state brings it up to now. */
  advanceAll(): void {
    for (const server of this.servers) server.advance()
  }

  #buildServers(): ClusterParts {
    const { model, scheduler, events, scenario } = this
    const flushSize = model.number('hbase.hregion.memstore.flush.size')
    const memstores = new Memstores(this.#map.regions, flushSize)
    prefillMemstores(model, memstores, this.#map)
    const observer = {
      answered: (sentUs: number, acknowledgedUs: number) => {
        if (sentUs >= scenario.warmupUs) this.writeLatency.record(acknowledgedUs - sentUs)
      },
      failed: () => {
        this.failedOperations++
      },
    }
    const hdfs = this.#hdfs
    const parts = { model, scheduler, events, hdfs, memstores, map: this.#map, observer }
    for (let i = 0; i < scenario.cluster.regionServers; i++) {
      const server = buildRegionServer(parts, i)
      this.servers.push(server)
      this.acknowledgements.push(
        new Acknowledgements({ log: server.log, advance: () => server.advance() }),
      )
      server.onArchive = () => this.#noteOldWals()
      server.onAbort = () => this.#noteAbort(server)
    }
    return parts
  }

  #buildStores(): void {
    const { scheduler, model } = this
    for (const [name, parameters] of Object.entries(model.stores)) {
      const store = new ExternalStore({ scheduler, luck: model.luck, name, parameters })
      this.#stores.set(name, store)
    }
  }

  #buildPeers(parts: ClusterParts): void {
    const { scenario, scheduler, servers } = this
    const quotaBytes = this.model.number('replication.total.buffer.quota')
    const quotas = servers.map(() => new BufferQuota(quotaBytes))
    const queueStorage = this.#queueStorage
    const peerParts = { ...parts, servers, stores: this.#stores, queueStorage, quotas }
    const window = { fromUs: scenario.warmupUs, untilUs: scenario.durationUs }
    Object.keys(scenario.peers)
      .sort()
      .forEach((id, number) => {
        const spec = scenario.peers[id]
        if (spec === undefined) return
        const ledger = new PeerLedger(this.acknowledgements, window, () => scheduler.now)
        this.events.subscribe(peerChannel(number), ledger)
        const peer = buildPeer(peerParts, id, spec, number, ledger)
        ledger.onStored = () => this.#afterStored(peer)
        this.peers.push(peer)
        this.drains.set(id, [])
        this.usage.set(id, this.#meter(peer))
      })
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

  #startLogCleaner(): void {
    const { scheduler, model, servers } = this
    const intervalUs = model.ms('hbase.master.cleaner.interval')
    const steady = this.scenario.cluster.start === 'steady'
    const phaseUs = steady ? Math.floor(model.once(purposes.phase, 'log cleaner') * intervalUs) : 0
    const cleaner = cleanLogs({
      scheduler,
      servers,
      intervalUs,
      phaseUs,
      ttlUs: model.ms('hbase.master.logcleaner.ttl'),
      mayDelete: (server, wal) =>
        this.peers.every(
          ({ id }) => !shouldReplicate(this.#queueStorage.offset(server.name, id), wal),
        ),
    })
    this.#master.spawn('LogCleaner', cleaner)
  }

  /** Puts are generated so far ahead that each server has some hundreds to work on. */
  #lookAheadUs(): number {
    const rate = this.scenario.workload.reduce((sum, phase) => sum + phase.rate, 0)
    const perServer = rate / this.servers.length
    return Math.max(1000, Math.min(1_000_000, Math.round(256e6 / Math.max(perServer, 1))))
  }

  #extendHorizon(): void {
    if (this.disaster !== null || this.#workloadOver) return
    const { nowUs } = this
    this.clients.generate(nowUs + this.#horizonUs, (region) => {
      const server = this.servers[this.#map.serverOf(region)]
      return server?.alive ? server.writePath : this.#nobody
    })
    for (const server of this.servers) server.advance()
    this.#recycle()
    this.scheduler.schedule(nowUs + this.#horizonUs, this.#horizonHandler)
  }

  /** Edits that no peer needs any more and whose answer is given go back to the log's pool. */
  #recycle(): void {
    this.servers.forEach((server, i) => {
      const acknowledgements = this.acknowledgements[i] as Acknowledgements
      acknowledgements.settle(this.nowUs)
      let needed = acknowledgements.settled
      for (const { ledger } of this.peers) needed = Math.min(needed, ledger.firstNeeded(i))
      server.log.release(needed)
    })
  }

  #scheduleSamples(): void {
    const { durationUs } = this.scenario
    const handler = this.scheduler.handler(() => {
      this.advanceAll()
      this.recorder.sample(this.nowUs)
    })
    for (let i = 0; i <= SAMPLES; i++) {
      this.scheduler.schedule(Math.round((durationUs * i) / SAMPLES), handler)
    }
  }

  #begin(fault: ScheduledFault): void {
    this.advanceAll()
    if (this.disaster !== null) return
    const { spec } = fault
    if (spec.kind === 'cluster-loss') {
      this.#loseCluster(fault)
      return
    }
    this.#active.begin(spec)
    this.#apply(spec)
    for (const meter of this.usage.values()) meter.pause(this.nowUs)
  }

  #end(fault: ScheduledFault): void {
    if (!this.#active.end(fault.spec)) return
    this.#apply(fault.spec)
    if (this.disaster !== null) return
    for (const { id } of this.peers) {
      this.drains.get(id)?.push({ fault: fault.label, endUs: this.nowUs, us: null })
    }
    for (const peer of this.peers) this.#noteDrains(peer)
  }

  /** A fault's target feels what is the matter with it now. */
  #apply(spec: FaultSpec): void {
    if (spec.kind === 'store-outage') {
      const store = this.#stores.get(spec.store)
      if (store !== undefined) store.outage = this.#active.outageOf(spec.store)
    } else if (spec.kind === 'suspend-region-server') {
      const server = this.#server(spec.server)
      if (server?.alive !== true) return
      const suspended = this.#active.suspends(spec.server)
      if (suspended && !server.host.suspended) server.suspend()
      if (!suspended) server.resume()
    }
  }

  /** Clients, servers and HDFS end for good; what the store has received it finishes. */
  #loseCluster(fault: ScheduledFault): void {
    const { nowUs } = this
    this.disaster = { kind: fault.kind, atUs: nowUs }
    for (const acknowledgements of this.acknowledgements) {
      acknowledgements.settle(nowUs)
      acknowledgements.stopAt(nowUs)
    }
    for (const { ledger } of this.peers) {
      ledger.clusterLoss.close(nowUs)
      ledger.regionServerCrash.close(nowUs)
      ledger.confirmedNotStored.close(nowUs)
    }
    this.recorder.sample(nowUs)
    for (const meter of this.usage.values()) meter.pause(nowUs)
    for (const server of this.servers) server.kill()
    this.#master.kill()
    this.#hdfs.lose()
  }

  #endWorkload(): void {
    this.#workloadOver = true
    this.advanceAll()
    for (const meter of this.usage.values()) meter.pause(this.nowUs)
    for (const { ledger } of this.peers) {
      ledger.clusterLoss.close(this.nowUs)
      ledger.regionServerCrash.close(this.nowUs)
      ledger.confirmedNotStored.close(this.nowUs)
    }
  }

  /** After the workload, looks now and then whether anything is left to do. */
  #stopWhenQuiescent(): void {
    const handler = this.scheduler.handler(() => {
      this.advanceAll()
      if (this.#done()) this.scheduler.stop()
      else this.scheduler.schedule(this.nowUs + 1_000_000, handler)
    })
    this.scheduler.schedule(this.nowUs, handler)
  }

  /** Every client has its answer, and every acknowledged edit is stored and nothing staged. */
  #done(): boolean {
    if (this.disaster !== null) return this.scheduler.nextTime() === Number.POSITIVE_INFINITY
    if (this.servers.some((server) => server.writePath.unanswered > 0)) return false
    if (answersInTransit(this, this.nowUs) > 0) return false
    return this.peers.every(
      ({ ledger, staging }) =>
        ledger.clusterLoss.atRisk(this.nowUs).edits === 0 && staging.files === 0,
    )
  }

  #afterStored(peer: Peer): void {
    this.#noteDrains(peer)
  }

  /** A fault is drained when everything acknowledged before its end is stored. */
  #noteDrains({ id, ledger }: Peer): void {
    for (const drain of this.drains.get(id) ?? []) {
      if (drain.us !== null) continue
      if (ledger.clusterLoss.oldestUs(this.nowUs) > drain.endUs) {
        drain.us = this.nowUs - drain.endUs
        // What the fault held up is stored by now: the bill is typical again.
        this.usage.get(id)?.resume(this.nowUs)
      }
    }
  }

  /** An abort is no fault of the scenario, but shows like one. */
  #noteAbort({ name }: RegionServer): void {
    const label = `${name} aborted: no room for a WAL`
    this.aborts.push({ kind: 'region-server-abort', label, atUs: this.nowUs, untilUs: null })
  }

  #noteOldWals(): void {
    const bytes = this.servers.reduce((sum, server) => sum + server.oldWalBytes, 0)
    this.oldWalsMaxBytes = Math.max(this.oldWalsMaxBytes, bytes)
  }

  #server(name: string): RegionServer | undefined {
    return this.servers.find((server) => server.name === name)
  }
}
