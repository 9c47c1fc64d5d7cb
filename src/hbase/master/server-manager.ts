import { invariant } from '../../kernel/errors.js'
import type { Host, Protocol } from '../../kernel/process.js'
import type { FlushedSequenceIds } from './flushed-sequence-ids.js'
import {
  type ExecutorThreads,
  type ManagedServer,
  type ServerExit,
  ServerState,
  ServerStateNode,
} from './server-state-node.js'

export interface ServerManagerOptions<Server extends ManagedServer> {
  /** The master's process. */
  readonly host: Host
  /** `zookeeper.session.timeout` */
  readonly sessionTimeoutUs: number
  readonly threads: ExecutorThreads
  readonly flushed: FlushedSequenceIds
  /** A server is found dead. */
  onExpired(node: ServerStateNode<Server>): void
}

/**
 * Which region servers there are in the master's eyes. A server that ends by itself (abort, stop)
 * takes its znode with it and is noticed at once. One that dies or stands still is noticed when its
 * ZooKeeper session times out, or when a new incarnation on the same host reports for duty
 * (ServerManager.checkAndRecordNewServer).
 *
 * Simplification: the session ends a full timeout after the death. A real one counts from the last
 * heartbeat, which is up to a third of the timeout earlier, so a crash is noticed up to 30 s late
 * here.
 */
export class ServerManager<Server extends ManagedServer> {
  /** Called when a server has reported for duty (HBase's ServerListener.serverAdded). */
  readonly serverAdded: (() => void)[] = []
  /** Called when a server is declared dead, which may be alive and stand still. */
  readonly serverExpired: ((server: Server) => void)[] = []
  readonly #options: ServerManagerOptions<Server>
  readonly #nodes: ServerStateNode<Server>[] = []

  constructor(options: ServerManagerOptions<Server>) {
    this.#options = options
  }

  /** A server has started. */
  reportForDuty(server: Server): void {
    const stale = this.online().find((node) => node.server.hostName === server.hostName)
    this.#nodes.push(new ServerStateNode(server, this.#options.threads))
    for (const listener of this.serverAdded) listener()
    if (stale !== undefined) this.#expire(stale)
  }

  /**
   * ServerManager.regionServerReport: a live server says per region, for each family, up to which
   * sequence id all edits are in HFiles.
   *
   * @returns false if it has been declared dead: YouAreDeadException, it has to end itself
   */
  report(server: Server, flushed: ReadonlyMap<number, readonly number[]>): boolean {
    if (!this.nodeOf(server.name).online) return false
    for (const [region, ids] of flushed) this.#options.flushed.report(region, ids)
    return true
  }

  /** A server's process has come to its end. */
  exited(server: Server, how: ServerExit): void {
    const node = this.nodeOf(server.name)
    node.exit = how
    if (!node.online) return
    this.#fallSilent(node)
    if (how !== 'killed') this.#expire(node)
  }

  /** A server stands still and sends no heartbeats. */
  suspended(server: Server): void {
    this.#fallSilent(this.nodeOf(server.name))
  }

  /**
   * A server goes on.
   *
   * @returns false if it has been declared dead meanwhile: YouAreDeadException, it has to end itself
   */
  resumed(server: Server): boolean {
    const node = this.nodeOf(server.name)
    if (!node.online) return false
    node.session?.kill()
    node.session = null
    node.silentUs = null
    return true
  }

  /** Servers that the master takes for alive, in order of their start. */
  online(): ServerStateNode<Server>[] {
    return this.#nodes.filter((node) => node.online)
  }

  /** Servers that are online, or whose recovery is not over. */
  notFullyDead(): ServerStateNode<Server>[] {
    return this.#nodes.filter((node) => !node.recovered)
  }

  nodeOf(name: string): ServerStateNode<Server> {
    const node = this.#nodes.find(({ server }) => server.name === name)
    invariant(node !== undefined, 'a server that never reported for duty')
    return node
  }

  #fallSilent(node: ServerStateNode<Server>): void {
    const { host } = this.#options
    if (node.silentUs !== null || !host.alive) return
    node.silentUs = host.scheduler.now
    node.session = host.spawn('ZooKeeper session', this.#timeSessionOut(node))
  }

  *#timeSessionOut(node: ServerStateNode<Server>): Protocol {
    yield this.#options.sessionTimeoutUs
    node.session = null
    this.#expire(node)
  }

  #expire(node: ServerStateNode<Server>): void {
    const { host, onExpired } = this.#options
    if (!node.online || !host.alive) return
    node.session?.kill()
    node.session = null
    node.silentUs ??= host.scheduler.now
    node.changeTo(ServerState.CRASHED)
    for (const listener of this.serverExpired) listener(node.server)
    onExpired(node)
  }
}
