import type { RegionServer } from '../hbase/regionserver/region-server.js'
import type { ReplicationQueueStorage } from '../replication/replication-queue-storage.js'
import type { ExternalStore } from '../storage/s3/external-store.js'
import { ActiveFaults } from './active-faults.js'
import type { Cluster } from './cluster.js'
import type { ScheduledFault } from './faults.js'

/** What ends for good, and with it the measuring of what it would cost. */
export function isTotal({ kind, untilUs }: ScheduledFault): boolean {
  if (kind === 'cluster-power-loss') return untilUs === null
  return kind === 'cluster-loss' || kind === 'hdfs-loss'
}

/** Region servers that die of it are only a part of what is lost. */
export function takesMoreThanServers({ kind }: ScheduledFault): boolean {
  return ['rack-power-loss', 'cluster-power-loss', 'hdfs-loss', 'cluster-loss'].includes(kind)
}

/** Does to the cluster and its stores what faults do, and heals them. */
export class FaultInjection {
  readonly #active = new ActiveFaults()

  constructor(
    private readonly cluster: Cluster,
    private readonly stores: ReadonlyMap<string, ExternalStore>,
    private readonly storage: ReplicationQueueStorage,
  ) {}

  begin(fault: ScheduledFault): void {
    this.#active.begin(fault)
    const { hdfs, caller, master } = this.cluster
    const { kind, target } = fault
    switch (kind) {
      case 'suspend-region-server':
        this.#applySuspension(target)
        break
      case 'kill-region-server':
      case 'restart-region-server':
        this.#serverOn(target)?.kill()
        break
      case 'stop-region-server':
        this.#serverOn(target)?.stop()
        break
      case 'abort-region-server':
        this.#serverOn(target)?.abort('the operator wants it so')
        break
      case 'kill-data-node':
        hdfs.killDataNode(numberOf(target))
        break
      case 'rack-power-loss':
      case 'cluster-power-loss':
        this.#powerOff(rackOf(target))
        break
      case 'hdfs-loss':
        hdfs.lose()
        master.host.kill()
        break
      case 'cluster-loss':
        caller.stop()
        for (const server of this.cluster.alive) server.kill()
        master.host.kill()
        this.storage.unavailable = 'lost'
        hdfs.lose()
        break
      case 'store-loss':
        if (target !== null) this.stores.get(target)?.lose()
        this.#makeWeather(target)
        break
      case 'delay-rpc':
        // Servers know from the start when their calls are late.
        break
      default:
        this.#makeWeather(target)
    }
  }

  /** False if the fault never began. */
  end(fault: ScheduledFault): boolean {
    if (!this.#active.end(fault)) return false
    const { kind, target } = fault
    switch (kind) {
      case 'suspend-region-server':
        this.#applySuspension(target)
        break
      case 'delay-rpc':
        break
      case 'restart-region-server':
        if (!this.#active.lasts(kind, target)) this.#start(numberOf(target) - 1)
        break
      case 'kill-data-node':
        if (!this.#active.lasts(kind, target)) {
          this.cluster.hdfs.startDataNode(numberOf(target))
        }
        break
      case 'rack-power-loss':
      case 'cluster-power-loss':
        this.#powerOn(rackOf(target))
        break
      default:
        this.#makeWeather(target)
    }
    return true
  }

  /**
   * A server stands still until the last of its suspensions is over; one that was declared dead and
   * ends itself is left alone.
   */
  #applySuspension(host: string | null): void {
    const server = this.#serverOn(host)
    if (server === undefined || host === null) return
    const { servers } = this.cluster.master
    const suspended = this.#active.lasts('suspend-region-server', host)
    if (suspended && !server.host.suspended && servers.nodeOf(server.name).online) {
      server.suspend()
      servers.suspended(server)
    } else if (!suspended && server.host.suspended) {
      // YouAreDeadException: its WALs are fenced and its regions elsewhere.
      if (servers.resumed(server)) server.resume()
      else this.cluster.handBack(server.resumeDead())
    }
  }

  /** Machines of a rack, or all, lose power: region servers die, page caches are gone. */
  #powerOff(rack: number | null): void {
    for (const server of this.cluster.alive) {
      if (rack === null || server.rack === rack) server.kill()
    }
    if (rack === null) {
      // Masters and ZooKeeper stand still too, and with them the sessions' clocks.
      this.cluster.master.host.suspend()
      this.storage.unavailable = 'refused'
    }
    this.cluster.hdfs.powerOff(rack)
  }

  /** A rack has power when the last fault that took it is over. */
  #powerOn(rack: number | null): void {
    const { model, hdfs, master } = this.cluster
    const { regionServers, racks } = model.scenario.cluster
    if (rack === null && !this.#active.lasts('cluster-power-loss')) {
      if (this.storage.unavailable === 'refused') this.storage.unavailable = null
      master.host.resume()
    }
    for (let each = 0; each < racks; each++) {
      if ((rack ?? each) === each && !this.#active.darkens(each)) hdfs.powerOn(each)
    }
    for (let host = 0; host < regionServers; host++) {
      if ((rack ?? host % racks) === host % racks) this.#start(host)
    }
  }

  /** Starts a server again, unless it runs or cannot. */
  #start(host: number): void {
    const { racks } = this.cluster.model.scenario.cluster
    if (this.#active.darkens(host % racks)) return
    if (this.cluster.serverOn(`rs${host + 1}`) === undefined) this.cluster.startServer(host)
  }

  #makeWeather(name: string | null): void {
    const store = name === null ? undefined : this.stores.get(name)
    if (store !== undefined) this.#active.makeWeather(store.name, store.weather)
  }

  #serverOn(host: string | null): RegionServer | undefined {
    return host === null ? undefined : this.cluster.serverOn(host)
  }
}

/** 3 of `rs3` and `dn3`. */
function numberOf(name: string | null): number {
  return Number((name ?? '').slice(2))
}

/** Racks are numbered from 1 in scenarios and from 0 here; null is all of them. */
function rackOf(target: string | null): number | null {
  return target === null ? null : Number(target) - 1
}
