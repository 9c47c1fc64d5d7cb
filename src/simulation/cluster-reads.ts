import { phaseOf } from '../hbase/client/clients.js'
import { ReadClients, type ReadClientsOptions } from '../hbase/client/read-clients.js'
import type { ReadOutcome } from '../hbase/client/read-observer.js'
import type { ReadServer } from '../hbase/client/read-rpcs.js'
import type { ClientVersion } from '../hbase/client/rpc-retrying-caller-with-read-replicas.js'
import { CallKind } from '../hbase/regionserver/call-kind.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { UnansweredCall } from '../hbase/regionserver/write-path-options.js'
import { ReadOutcomes } from '../measure/read-outcomes.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'

/** The clients of a cluster that read, what they did, and what is left of it. */
export class ClusterReads {
  readonly clients: ReadClients
  readonly outcomes: ReadOutcomes
  /** Operations that only read and have been answered, or have failed for good. */
  answered = 0
  failed = 0
  readonly #cluster: Cluster
  readonly #servers = new Map<RegionServer, ReadServer>()

  /** @param metaAvailable hbase:meta answers whoever looks a region up */
  constructor(cluster: Cluster, metaAvailable: () => boolean) {
    this.#cluster = cluster
    const { warmupUs, durationUs } = cluster.model.scenario
    this.outcomes = new ReadOutcomes({
      fromUs: warmupUs,
      untilUs: durationUs,
      operationTimeoutUs: cluster.model.ms('hbase.client.operation.timeout'),
    })
    this.clients = new ReadClients(this.#options(metaAvailable))
  }

  /** A server answers these calls no more; returns those that are not these clients'. */
  handBack(calls: readonly UnansweredCall[]): UnansweredCall[] {
    this.clients.handBack(calls.filter((call) => this.clients.owns(call)))
    return calls.filter((call) => !this.clients.owns(call))
  }

  /** A server is gone, and with it the primaries that it had. */
  serverGone(server: RegionServer): void {
    const { locations, map, scheduler } = this.#cluster
    for (const region of locations.regionsOf(server)) {
      if (!map.replicas.isSecondary(region)) this.outcomes.primaryDown(region, scheduler.now)
    }
  }

  /** A region is open. */
  regionOpened(region: number): void {
    this.outcomes.primaryUp(region, this.#cluster.scheduler.now)
  }

  #options(metaAvailable: () => boolean): ReadClientsOptions {
    const { model, scheduler, map, locations } = this.#cluster
    const jitterDraws = model.luck.stream(purposes.clientJitter, 'all')
    const version: ClientVersion = model.scenario.hbase === '2.6' ? '2.x' : '3.x'
    return {
      scheduler,
      version,
      metaAvailable,
      serverOfRegion: (region) => this.#serverOf(region),
      serverName: (region) => locations.serverOf(region)?.name ?? null,
      replicasOf: (region) => map.replicas.replicasOf(region),
      consistencyOf: (operation) =>
        model.scenario.workload[phaseOf(operation)]?.consistency ?? 'strong',
      versionOf: (region, key) => this.#cluster.replicas?.versions.versionOf(region, key) ?? 0,
      network: model.variate(model.cluster, 'network', purposes.network, 'clients'),
      retries: model.number('hbase.client.retries.number'),
      pauseUs: model.ms('hbase.client.pause'),
      operationTimeoutUs: model.ms('hbase.client.operation.timeout'),
      jitter: (operation, attempt, lookup) => jitterDraws.uniform(operation, attempt, lookup),
      timeouts: {
        getUs: model.number('hbase.client.primaryCallTimeout.get'),
        multigetUs: model.number('hbase.client.primaryCallTimeout.multiget'),
        scanUs: model.number('hbase.client.replicaCallTimeout.scan'),
      },
      observer: {
        rowsRead: (rows) => {
          this.outcomes.rowsRead(rows)
          this.#cluster.replicas?.versions.rowsRead(rows)
        },
        ended: (outcome) => this.#ended(outcome),
      },
      put: (...put) => this.#put(...put),
      readOver: (failed, operation, endedUs) => {
        if (failed) this.failed++
        else this.answered++
        this.#cluster.closedLoop?.over(operation, endedUs)
      },
      writeFailed: (operation) => {
        this.#cluster.failures.push(operation)
        this.#cluster.closedLoop?.over(operation, scheduler.now)
      },
    }
  }

  #ended(outcome: ReadOutcome): void {
    this.outcomes.ended(outcome)
    if (!outcome.failed) this.#cluster.activity.read(outcome.sentUs, outcome.endedUs)
  }

  #serverOf(region: number): ReadServer | null {
    const server = this.#cluster.locations.serverOf(region)
    if (server === null) return null
    const known = this.#servers.get(server)
    if (known !== undefined) return known
    const wrapped: ReadServer = {
      offer: (...call) => server.writePath.offer(...call),
      advance: () => server.advance(),
      awaitRead: () => server.writePath.awaitedReads.begin(),
      readAnswered: () => server.writePath.awaitedReads.end(),
    }
    this.#servers.set(server, wrapped)
    return wrapped
  }

  /** A put that comes between two looks at the server is noticed by a look of its own. */
  #put(region: number, bytes: number, operation: number, attempt: number, key: number): void {
    const { scheduler, caller } = this.#cluster
    const { now } = scheduler
    const server = this.#serverOf(region)
    server?.advance()
    const target = server ?? caller
    target.offer(now, region, bytes, operation, attempt, now, CallKind.put, key)
    server?.advance()
  }
}
