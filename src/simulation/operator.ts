import {
  type ProcedureRetry,
  procedureBackoffUs,
  procedureRetry,
} from '../hbase/master/procedure-retry.js'
import type { HFileToLoad } from '../hbase/regionserver/bulk-load.js'
import type { RegionServer } from '../hbase/regionserver/region-server.js'
import { distribution } from '../kernel/distribution.js'
import { FifoServer } from '../kernel/fifo-server.js'
import { Host, type Process, ProcessKilled, type Protocol } from '../kernel/process.js'
import type { ReplicationSourceManager } from '../replication/replication-source-manager.js'
import type { OperationSpec } from '../scenario/scenario.js'
import { IOException } from '../storage/io-exception.js'
import type { Cluster } from './cluster.js'
import type { Peer } from './peer.js'
import { purposes } from './purposes.js'
import type { RegionReplicaPeer } from './region-replica-peer.js'
import type { Replication } from './replication.js'

/** An operation with the instant that this seed drew for it. */
interface ScheduledOperation {
  readonly spec: OperationSpec
  readonly atUs: number
}

/**
 * The operator at the HBase shell: changes peers, rolls WALs, flushes, compacts and moves regions. A change of a peer is a procedure of
 * the master that has every region server refresh the peer, all at once, and ends when they have
 * (ModifyPeerProcedure); it takes no time of its own here.
 */
export class Operator {
  readonly #host: Host
  readonly #retry: ProcedureRetry
  readonly #locks = new Map<Peer | RegionReplicaPeer, FifoServer>()

  constructor(
    private readonly cluster: Cluster,
    private readonly replication: Replication,
  ) {
    this.#retry = procedureRetry(cluster.model.configuration)
    this.#host = new Host(cluster.scheduler, 'operator')
    for (const operation of this.#draw()) this.#host.spawn('hbase shell', this.#execute(operation))
  }

  #draw(): ScheduledOperation[] {
    const { model } = this.cluster
    const alike = new Map<string, number>()
    return model.scenario.operations.map((spec) => {
      const name = `${spec.do} ${subjectOf(spec)}`
      const n = alike.get(name) ?? 0
      alike.set(name, n + 1)
      const u = model.once(purposes.operation, `${name} ${n}`)
      return { spec, atUs: Math.round(distribution(spec.at).quantile(u)) }
    })
  }

  *#execute({ spec, atUs }: ScheduledOperation): Protocol {
    yield atUs
    const operation = this.#operate(spec)
    const { tracer } = this.cluster.scheduler
    yield* tracer?.around('operation', { do: spec.do, on: subjectOf(spec) }, operation) ?? operation
  }

  *#operate(spec: OperationSpec): Protocol {
    this.cluster.advanceAll()
    if ('table' in spec) {
      yield* this.#onTable(spec)
      return
    }
    if ('server' in spec) {
      const server = this.cluster.serverOn(this.#hostName(spec.server, spec.do))
      if (spec.do === 'roll-wal') server?.requestRoll()
      else server?.injectEmptyWal()
      return
    }
    const { regionReplicaPeer } = this.replication
    if (regionReplicaPeer?.id === spec.peer) {
      const change = this.#switchPeer(regionReplicaPeer, spec.do === 'enable-peer')
      yield* this.#alone(regionReplicaPeer, change)
    }
    const peer = this.replication.peers.find(({ id }) => id === spec.peer)
    if (peer !== undefined) yield* this.#alone(peer, this.#changePeer(spec, peer))
  }

  *#onTable(spec: Extract<OperationSpec, { table: string }>): Protocol {
    const { map, master } = this.cluster
    const first = map.firstRegion(spec.table)
    if (spec.do === 'move') {
      const target = this.cluster.serverOn(this.#hostName(spec.server, spec.do))
      yield* master.move(first + spec.region, target?.name ?? null)
      return
    }
    for (let region = first; map.tableOf(region) === spec.table && region < map.regions; region++) {
      this.#onRegion(spec, region)
    }
  }

  /** Each server that has a region open does it in a process of its own. */
  #onRegion(spec: Extract<OperationSpec, { table: string }>, region: number): void {
    const server = this.cluster.locations.serverOf(region)
    if (server === null || !server.alive) return
    const { regions, host } = server
    switch (spec.do) {
      case 'flush':
        host.spawn('flush', regions.flush(region))
        break
      case 'compact':
        regions.compactSplit.requestCompaction(region, 'user')
        break
      case 'major-compact':
        regions.compactSplit.requestMajor(region)
        break
      case 'bulk-load':
        host.spawn('bulk load', regions.bulkLoad(region, this.#filesToLoad(spec, region)))
    }
  }

  /** One file for each family; they lie in HDFS already, and moving them takes no time. */
  #filesToLoad(
    { table, bytes }: Extract<OperationSpec, { do: 'bulk-load' }>,
    region: number,
  ): HFileToLoad[] {
    const { map, model, scheduler } = this.cluster
    const regions = model.scenario.tables[table]?.regions ?? 1
    return map.familiesOf(region).map((share, family) => {
      const size = Math.round((bytes / regions) * share)
      const name = `bulk-load/${region}/${family}/${scheduler.now}`
      const entries = Math.ceil(size / 1000)
      return { name, family, bytes: size, entries, oldestCellUs: scheduler.now, file: null }
    })
  }

  /** Procedures of one peer exclude each other (PeerProcedureInterface). */
  *#alone(peer: Peer | RegionReplicaPeer, change: Protocol): Protocol {
    const lock = this.#locks.get(peer) ?? new FifoServer(this.cluster.scheduler, 1)
    this.#locks.set(peer, lock)
    yield* lock.acquire()
    try {
      yield* change
    } finally {
      lock.release()
    }
  }

  *#changePeer(spec: Extract<OperationSpec, { peer: string }>, peer: Peer): Protocol {
    switch (spec.do) {
      case 'add-peer':
        this.replication.addPeerRunning = true
        peer.exists = true
        peer.ledger.add()
        yield* this.#onAllServers((manager, server) => addPeer(peer, manager, server))
        this.replication.addPeerRunning = false
        break
      case 'remove-peer':
        peer.exists = false
        peer.ledger.remove()
        yield* this.#onAllServers((manager) => manager.removePeer(peer.id))
        yield* this.#removeQueues(peer.id)
        break
      case 'enable-peer':
      case 'disable-peer':
        yield* this.#switchPeer(peer, spec.do === 'enable-peer')
        break
      case 'update-peer-config': {
        const { tables, configuration } = spec.set
        // Other changes need no new sources (ReplicationPeerImpl, PeerProcedureHandlerImpl).
        const refresh = tables !== undefined || configuration !== undefined
        peer.spec = {
          ...peer.spec,
          ...spec.set,
          configuration: { ...peer.spec.configuration, ...configuration },
        }
        yield* this.#onAllServers((manager) => manager.updatePeerConfig(peer, refresh))
      }
    }
  }

  *#switchPeer(peer: Peer | RegionReplicaPeer, enabled: boolean): Protocol {
    peer.enabled = enabled
    yield* this.#onAllServers((manager) =>
      enabled ? manager.enablePeer(peer.id) : manager.disablePeer(peer.id),
    )
  }

  /** RemovePeerProcedure tries again while the queue storage does not answer. */
  *#removeQueues(peer: string): Protocol {
    for (let failures = 0; ; failures++) {
      try {
        yield* this.replication.storage.removePeer(peer)
        return
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        yield procedureBackoffUs(this.#retry, failures)
      }
    }
  }

  /** Each does it in a process of its own, which may die with the server. */
  *#onAllServers(
    change: (manager: ReplicationSourceManager, server: RegionServer) => Protocol,
  ): Protocol {
    const changes: Process[] = this.cluster.alive.map((server) =>
      server.host.spawn('refresh peer', change(this.replication.managerOf(server), server)),
    )
    for (const process of changes) {
      try {
        yield process
      } catch (error) {
        // The server died: its successor starts with the peer as it is now.
        if (!(error instanceof ProcessKilled)) throw error
      }
    }
  }

  #hostName(server: string, entity: string): string {
    if (server !== 'any') return server
    const { model } = this.cluster
    const u = model.once(purposes.faultTarget, entity)
    return `rs${Math.floor(u * model.scenario.cluster.regionServers) + 1}`
  }
}

function subjectOf(spec: OperationSpec): string {
  if ('peer' in spec) return spec.peer
  return 'table' in spec ? spec.table : spec.server
}

/** What the server writes is owed to the peer once it has a queue there. */
function* addPeer(
  peer: Peer,
  manager: ReplicationSourceManager,
  { groups }: RegionServer,
): Protocol {
  const wals = groups.map(({ log, wal }) => ({ log: log.id, from: wal.from }))
  if (!(yield* manager.addPeer(peer, peer.enabled))) return
  for (const { log, from } of wals) peer.ledger.owe(log, from)
}
