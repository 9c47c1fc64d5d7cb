import { invariant } from '../../kernel/errors.js'
import type { Refusal } from './refusal.js'
import type { RegionServerAccounting } from './region-server-accounting.js'
import type { WriteCalls } from './write-calls.js'
import type { ReplicaHooks, WritePathOptions } from './write-path-options.js'

interface SecondariesContext {
  readonly options: WritePathOptions
  readonly calls: WriteCalls
  readonly accounting: RegionServerAccounting
  /** The region is served from now on. */
  open(region: number): void
  /** So many heap bytes are free. */
  freed(bytes: number): void
  /** Plays the write path up to now. */
  advance(): void
  /** A call is on its way, to arrive then. */
  send(slot: number, arrivesUs: number): void
}

/**
 * The part of a write path that serves secondary replicas: the memory that they take, and the calls
 * by which other servers have entries of a primary replayed in its secondary here
 * (RSRpcServices.replay, replicateToReplica); these wait for handlers as those of clients do.
 */
export class Secondaries {
  readonly #context: SecondariesContext
  #watchedReplays = 0

  constructor(context: SecondariesContext) {
    this.#context = context
  }

  /** A secondary is served from now on, with so many heap bytes in memory; it has no WAL. */
  open(region: number, heapBytes: number): void {
    const { open, accounting } = this.#context
    open(region)
    if (heapBytes > 0) accounting.grown(heapBytes)
  }

  /** A secondary here has grown by so many heap bytes, or shrunk, other than by a replay. */
  changed(bytes: number): void {
    const { freed, advance, accounting, options } = this.#context
    if (bytes < 0) freed(-bytes)
    else if (bytes > 0) {
      advance()
      accounting.grown(bytes)
      options.onDisturbed()
    }
  }

  /** Senders that wait for an answer that is late. */
  get watchedReplays(): number {
    return this.#watchedReplays
  }

  /** From now on whatever becomes of replays is noticed at its own instant, until `unwatchReplays`. */
  watchReplays(): void {
    this.#watchedReplays++
    this.#context.options.onDisturbed()
  }

  unwatchReplays(): void {
    this.#watchedReplays--
  }

  /**
   * A call to replay entries in a secondary is sent now.
   *
   * @param call what `ReplicaHooks` know it by
   * @param work names its draws
   * @returns the earliest time at which a handler can be through with it
   */
  offerReplay(region: number, call: number, work: number, attempt: number): number {
    const { calls, accounting, options, send } = this.#context
    const { scheduler, latencies, rpcDelayUs, onDisturbed } = options
    const replicas = this.#hooks
    const lateUs = rpcDelayUs === undefined ? 0 : rpcDelayUs(scheduler.now)
    const arrivesUs = scheduler.now + latencies.network.draw(work, attempt, 0) + lateUs
    const slot = calls.allocateReplay(region, arrivesUs, call, work)
    calls.attempt[slot] = attempt
    calls.bytes[slot] = replicas.heapOf(call, region)
    accounting.replayOffered(calls.bytes[slot] as number, scheduler.now)
    send(slot, arrivesUs)
    onDisturbed()
    return arrivesUs + replicas.replayUs(call, region)
  }

  /** A replay waits for the global memstore as a write does: in HBase 2. */
  get replaysWaitForMemory(): boolean {
    return this.#hooks.waitsForMemory
  }

  /** How long a handler works on a replay. */
  replayUs(slot: number): number {
    const { key, region } = this.#context.calls
    return this.#hooks.replayUs(key[slot] as number, region[slot] as number)
  }

  /** The handler is through: returns whether memory is free that was not. */
  replay(slot: number, time: number): boolean {
    const { calls, accounting } = this.#context
    const { key, region } = calls
    const grownBytes = this.#hooks.replay(key[slot] as number, region[slot] as number, time)
    accounting.replayEnded(calls.bytes[slot] as number)
    if (grownBytes > 0) accounting.grown(grownBytes)
    else if (grownBytes < 0) accounting.freed(-grownBytes, time)
    return grownBytes < 0
  }

  /** The sender of a replay learns of it, and may try again. */
  refuseReplay(slot: number, why: Refusal, time: number): void {
    const { calls, accounting } = this.#context
    this.#hooks.refused(calls.key[slot] as number, why, time)
    accounting.replayEnded(calls.bytes[slot] as number)
  }

  get #hooks(): ReplicaHooks {
    const { replicas } = this.#context.options
    invariant(replicas !== undefined, 'entries are sent to be replayed where nothing has replicas')
    return replicas
  }
}
