import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import type { Sampler } from '../../storage/sampler.js'
import type { RegionOpening } from '../regionserver/region-open.js'
import { type ProcedureRetry, procedureBackoffUs } from './procedure-retry.js'
import type { RegionLocations } from './region-locations.js'
import type { ServerManager } from './server-manager.js'
import { type ManagedServer, ServerState, type ServerStateNode } from './server-state-node.js'

/** What region servers do with regions when the master tells them. */
export interface RegionHandlers<Server extends ManagedServer> {
  /**
   * AssignRegionHandler. From its end on the region is served.
   *
   * @param opening how often the region was opened before; names the draws
   * @throws IOException FAILED_OPEN
   */
  open(server: Server, region: number, opening: number): Protocol<RegionOpening>
  /**
   * UnassignRegionHandler. From its end on the region is in HFiles and served no more.
   *
   * @throws IOException it cannot be closed, and the server aborts
   */
  close(server: Server, region: number): Protocol
  /**
   * A put of the region's new state to hbase:meta on the server that carries it, answered.
   *
   * @param n how many came before; names the draws
   * @throws IOException hbase:meta is not open there
   */
  putToMeta(server: Server, region: number, n: number): Protocol
}

export interface AssignmentManagerOptions<Server extends ManagedServer> {
  readonly scheduler: Scheduler
  readonly servers: ServerManager<Server>
  readonly locations: RegionLocations<Server>
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  readonly retry: ProcedureRetry
  readonly regions: RegionHandlers<Server>
}

/** One region that was brought online: a timeline. */
export interface Assignment {
  readonly region: number
  /** The server that has opened it. */
  readonly server: string
  /** When it was to be assigned. */
  readonly fromUs: number
  /** When the server that opened it had a thread for it. */
  readonly openingUs: number
  readonly openUs: number
  readonly opening: RegionOpening
}

const CANDIDATE: Purpose = { name: 'master.assign-candidate', sharing: 'matched' }
const MOVE: Purpose = { name: 'master.move-target', sharing: 'matched' }

/**
 * Brings regions from one server to another (AssignmentManager, TransitRegionStateProcedure):
 * those of crashed servers, in turn and beginning with any of the others
 * (`BaseLoadBalancer.roundRobinAssignment`), and those that are moved. Each server opens and closes a
 * few at once. Each new state of a region is written to hbase:meta first (RegionStateStore), which
 * has to wait while that is in transition; its own states go to ZooKeeper, or to the master's region.
 *
 * Simplifications: the calls between master and servers take no time, but for puts to hbase:meta; the
 * put of ABNORMALLY_CLOSED, after a server that died while it opened or closed a region, is left out.
 */
export class AssignmentManager<Server extends ManagedServer> {
  readonly #options: AssignmentManagerOptions<Server>
  readonly #serverAdded = new Signal()
  /** How often each region was opened; names the draws of doing so. */
  readonly #openings = new Map<number, number>()
  /** Puts to hbase:meta of each region. */
  readonly #updates = new Map<number, number>()
  readonly #moves = new Map<number, number>()
  readonly #moving = new Set<number>()
  /** Who was told last to open hbase:meta. */
  #metaOpener: string | null = null

  constructor(options: AssignmentManagerOptions<Server>) {
    this.#options = options
    options.servers.serverAdded.push(() => this.#serverAdded.notifyAll())
  }

  /** A move has the region in its hands and brings it back online, whoever crashes. */
  isMoving(region: number): boolean {
    return this.#moving.has(region)
  }

  /** hbase:meta is open on the server, or was being opened by it. */
  carriesMeta(server: Server): boolean {
    const { metaRegion } = this.#options.locations
    if (metaRegion === null) return false
    const isOpenThere = this.#options.locations.regionsOf(server).includes(metaRegion)
    return isOpenThere || this.#metaOpener === server.name
  }

  /** Assigns the `turn`-th of a crashed server's regions; ends when it is open. */
  assign(crashed: string, region: number, turn: number): Protocol<Assignment> {
    return this.#open(region, (attempt, online) => {
      // All regions of a crashed server are dealt out together, from one server on.
      const entity = this.#options.sampler.entity(attempt === 0 ? crashed : `${crashed}/${region}`)
      const first = Math.floor(entity.uniform(CANDIDATE, 0, attempt) * online.length)
      return online[(first + (attempt === 0 ? turn : 0)) % online.length]
    })
  }

  /**
   * Moves a region: closed, with its flushes, on one server, then opened on `target`, or on any other
   * if that is null or not online.
   *
   * @returns null if the region is in transition, or is there already
   */
  *move(region: number, target: string | null): Protocol<Assignment | null> {
    const { locations, servers } = this.#options
    yield* locations.waitForMeta()
    const source = locations.serverOf(region)
    if (source === null || this.#moving.has(region) || source.name === target) return null
    this.#moving.add(region)
    try {
      // CLOSING and CLOSED
      yield* this.#updateMeta(region)
      yield* this.#close(servers.nodeOf(source.name), region)
      locations.close(region)
      yield* this.#updateMeta(region)
      const n = this.#moves.get(region) ?? 0
      this.#moves.set(region, n + 1)
      return yield* this.#open(region, (attempt, online) => {
        const wanted = online.find(({ server }) => server.name === target)
        if (wanted !== undefined && attempt === 0) return wanted
        const others = online.filter(({ server }) => server !== source)
        const from = others.length > 0 ? others : online
        const u = this.#options.sampler.entity(`region ${region}`).uniform(MOVE, n, attempt)
        return from[Math.floor(u * from.length)]
      })
    } finally {
      this.#moving.delete(region)
    }
  }

  /** Ends when the region is closed, or its server's WALs are split because it could not do so. */
  *#close(node: ServerStateNode<Server>, region: number): Protocol {
    const task = this.#closeOn(node, region)
    const splitState = this.#splitState(region)
    const result = yield* node.call('close region', task, splitState)
    if (result === 'failed') yield* node.reached(splitState)
  }

  *#closeOn(node: ServerStateNode<Server>, region: number): Protocol {
    const threads = node.threads.closeRegion
    yield* threads.acquire()
    try {
      yield* this.#options.regions.close(node.server, region)
    } finally {
      threads.release()
    }
  }

  /**
   * If the server that should open it crashes, another one does, but only after the WALs of that one
   * are split too: its ServerCrashProcedure tells this one
   * (TransitRegionStateProcedure.serverCrashed). One that fails to open it is tried no less.
   */
  *#open(
    region: number,
    choose: (attempt: number, online: ServerStateNode<Server>[]) => ServerStateNode<Server>,
  ): Protocol<Assignment> {
    const { scheduler, locations, retry } = this.#options
    const splitState = this.#splitState(region)
    const fromUs = scheduler.now
    for (let attempt = 0, failures = 0; ; attempt++) {
      // OPENING
      yield* this.#updateMeta(region)
      const node = choose(attempt, yield* this.#online())
      const opened: Pick<Assignment, 'openingUs' | 'opening'>[] = []
      if (region === locations.metaRegion) this.#metaOpener = node.server.name
      const result = yield* node.call('open', this.#openOn(node, region, opened), splitState)
      if (result === 'failed') yield procedureBackoffUs(retry, failures++)
      if (result !== 'done') continue
      // OPEN
      yield* this.#updateMeta(region)
      // Its ServerCrashProcedure does not know that it had the region.
      if (!node.online) {
        yield* node.reached(splitState)
        continue
      }
      locations.open(region, node.server)
      const { openingUs, opening } = opened[0]
      const server = node.server.name
      return { region, server, fromUs, openingUs, openUs: scheduler.now, opening }
    }
  }

  /** State of a dead server from which on the region can be opened elsewhere. */
  #splitState(region: number): number {
    const isMeta = region === this.#options.locations.metaRegion
    return isMeta ? ServerState.SPLITTING_META_DONE : ServerState.OFFLINE
  }

  /** Tried again until it is answered, if need be by another server. */
  *#updateMeta(region: number): Protocol {
    const { locations, servers, regions, retry } = this.#options
    const { metaRegion } = locations
    if (metaRegion === null || region === metaRegion) return
    for (let failures = 0; ; failures++) {
      yield* locations.waitForMeta()
      const n = this.#updates.get(region) ?? 0
      this.#updates.set(region, n + 1)
      const carrier = locations.serverOf(metaRegion)
      if (carrier === null) continue
      const put = regions.putToMeta(carrier, region, n)
      const node = servers.nodeOf(carrier.name)
      if ((yield* node.call('put to hbase:meta', put, ServerState.CRASHED)) === 'done') return
      yield procedureBackoffUs(retry, failures)
    }
  }

  *#online(): Protocol<ServerStateNode<Server>[]> {
    const { servers } = this.#options
    let online = servers.online()
    while (online.length === 0) {
      yield this.#serverAdded
      online = servers.online()
    }
    return online
  }

  *#openOn(
    node: ServerStateNode<Server>,
    region: number,
    opened: Pick<Assignment, 'openingUs' | 'opening'>[],
  ): Protocol {
    const { locations, regions, scheduler } = this.#options
    const { openMeta, openRegion } = node.threads
    const threads = region === locations.metaRegion ? openMeta : openRegion
    yield* threads.acquire()
    try {
      const openingUs = scheduler.now
      const n = this.#openings.get(region) ?? 0
      this.#openings.set(region, n + 1)
      opened.push({ openingUs, opening: yield* regions.open(node.server, region, n) })
    } finally {
      threads.release()
    }
  }
}
