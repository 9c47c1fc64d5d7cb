import type { Purpose } from '../../kernel/draws.js'
import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { Sampler } from '../../storage/sampler.js'
import type { RegionLocations } from './region-locations.js'
import type { ServerManager } from './server-manager.js'
import { type ManagedServer, ServerState, type ServerStateNode } from './server-state-node.js'

/** What the assignment of a region does to its memstore (`Memstores`). */
export interface RecoveredMemstores {
  /** Bytes of the region that are in no HFile. */
  bytes(region: number): number
  /** All of the region's edits are in HFiles. */
  flush(region: number): void
}

export interface AssignmentManagerOptions<Server extends ManagedServer> {
  readonly servers: ServerManager<Server>
  readonly locations: RegionLocations<Server>
  readonly memstores: RecoveredMemstores
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  /** A region is open on a server from this instant on. */
  onRegionOpened(region: number, server: Server): void
}

const CANDIDATE: Purpose = { name: 'master.assign-candidate', sharing: 'matched' }
const OPEN: Purpose = { name: 'region.open', sharing: 'matched' }

/**
 * Opens the regions of crashed servers on others, in turn and beginning with any (AssignmentManager
 * with `BaseLoadBalancer.roundRobinAssignment`; TransitRegionStateProcedure). Each server opens a few
 * at once; a region that opens replays what was not flushed and flushes it at the end.
 *
 * Simplifications: hbase:meta is always there and costs nothing, and the flush after the replay
 * takes no time.
 */
export class AssignmentManager<Server extends ManagedServer> {
  readonly #options: AssignmentManagerOptions<Server>
  readonly #serverAdded = new Signal()
  /** How often each region was opened; names the draws of doing so. */
  readonly #openings = new Map<number, number>()

  constructor(options: AssignmentManagerOptions<Server>) {
    this.#options = options
    options.servers.serverAdded.push(() => this.#serverAdded.notifyAll())
  }

  /**
   * Assigns the `turn`-th of a crashed server's regions; ends when it is open. If the server that
   * should open it crashes, another one does, but only after the WALs of that one are split too:
   * its ServerCrashProcedure tells this one (TransitRegionStateProcedure.serverCrashed).
   *
   * @returns bytes of recovered edits
   */
  *assign(crashed: string, region: number, turn: number): Protocol<number> {
    const { locations, memstores, onRegionOpened } = this.#options
    for (let attempt = 0; ; attempt++) {
      const candidate = yield* this.#candidate(crashed, region, turn, attempt)
      const task = this.#open(candidate, region)
      const bytes = memstores.bytes(region)
      const result = yield* candidate.call('open region', task, ServerState.OFFLINE)
      if (result !== 'done') continue
      memstores.flush(region)
      locations.open(region, candidate.server)
      onRegionOpened(region, candidate.server)
      return bytes
    }
  }

  *#candidate(
    crashed: string,
    region: number,
    turn: number,
    attempt: number,
  ): Protocol<ServerStateNode<Server>> {
    const { servers, sampler } = this.#options
    let online = servers.online()
    while (online.length === 0) {
      yield this.#serverAdded
      online = servers.online()
    }
    // All regions of a crashed server are dealt out together, from one server on.
    const entity = sampler.entity(attempt === 0 ? crashed : `${crashed}/${region}`)
    const first = Math.floor(entity.uniform(CANDIDATE, 0, attempt) * online.length)
    return online[(first + (attempt === 0 ? turn : 0)) % online.length]
  }

  *#open(candidate: ServerStateNode<Server>, region: number): Protocol {
    const { memstores, sampler } = this.#options
    const draws = sampler.entity('regions')
    yield* candidate.openRegionThreads.acquire()
    try {
      const opening = this.#openings.get(region) ?? 0
      this.#openings.set(region, opening + 1)
      yield draws.durationUs(OPEN, 'regionOpen', region, opening)
      const bytesPerSecond = draws.draw(OPEN, 'recoveredEditsReplay', region, opening, 1)
      yield Math.round((memstores.bytes(region) * 1e6) / bytesPerSecond)
    } finally {
      candidate.openRegionThreads.release()
    }
  }
}
