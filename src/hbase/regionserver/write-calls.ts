import { CallKind } from './call-kind.js'
import type { UnansweredCall } from './write-path-options.js'

/**
 * Calls known to a region server's write path and not yet answered, as columns by slot. A call
 * waits for one thing at a time, so one column of times serves all its stages.
 */
export class WriteCalls {
  /** When the call's present stage ends (or when it was queued). */
  atUs = new Float64Array(256)
  sentUs = new Float64Array(256)
  bytes = new Float64Array(256)
  operation = new Float64Array(256)
  sequenceId = new Float64Array(256)
  edit = new Float64Array(256)
  /** First edit of the sync that made the call's edit durable. */
  syncedWith = new Float64Array(256)
  region = new Int32Array(256)
  attempt = new Int32Array(256)
  queue = new Int32Array(256)
  /** The row of its region; NO_KEY if it locks none. Of a marker, what the log calls it. */
  key = new Float64Array(256)
  kind = new Uint8Array(256)
  /** What its handler has done for it; see `CallHandlers`. */
  stage = new Uint8Array(256)
  #free = new Int32Array(256)
  #freeCount = 0
  #used = 0
  /** Slots that are no call's. */
  #appends = 0

  /** Calls that are not yet answered. */
  get inUse(): number {
    return this.#used - this.#freeCount - this.#appends
  }

  allocate(sentUs: number, atUs: number, region: number, bytes: number, operation: number): number {
    if (this.#freeCount === 0 && this.#used === this.atUs.length) this.#grow()
    const slot = this.#freeCount > 0 ? (this.#free[--this.#freeCount] as number) : this.#used++
    this.atUs[slot] = atUs
    this.sentUs[slot] = sentUs
    this.bytes[slot] = bytes
    this.operation[slot] = operation
    this.region[slot] = region
    this.attempt[slot] = 0
    this.kind[slot] = CallKind.put
    this.stage[slot] = 0
    return slot
  }

  /** A place for a marker of the server's own, which nobody sent and nobody waits for. */
  allocateMarker(region: number, bytes: number, work: number, operation: number): number {
    const slot = this.allocate(Number.POSITIVE_INFINITY, 0, region, bytes, work)
    this.kind[slot] = CallKind.marker
    this.key[slot] = operation
    this.#appends++
    return slot
  }

  /** A place for a call that another server sends, which no client waits for. */
  allocateReplay(region: number, atUs: number, call: number, work: number): number {
    const slot = this.allocate(Number.POSITIVE_INFINITY, atUs, region, 0, work)
    this.kind[slot] = CallKind.replay
    this.key[slot] = call
    this.#appends++
    return slot
  }

  /** A place for the edit of a call that does not wait for the WAL. */
  allocateUnawaited(call: number): number {
    const region = this.region[call] as number
    const bytes = this.bytes[call] as number
    const operation = this.operation[call] as number
    const slot = this.allocate(Number.POSITIVE_INFINITY, 0, region, bytes, operation)
    this.kind[slot] = CallKind.unawaited
    this.#appends++
    return slot
  }

  /** A call as its client knows it. */
  unanswered(slot: number): UnansweredCall {
    return {
      sentUs: this.sentUs[slot] as number,
      region: this.region[slot] as number,
      bytes: this.bytes[slot] as number,
      operation: this.operation[slot] as number,
      attempt: this.attempt[slot] as number,
      kind: this.kind[slot] as CallKind,
      key: this.key[slot] as number,
    }
  }

  /** Calls that are not answered, by time of sending. */
  pending(): UnansweredCall[] {
    return this.slotsInUse()
      .map((slot) => this.unanswered(slot))
      .sort((a, b) => a.sentUs - b.sentUs || a.operation - b.operation)
  }

  /** Frees all calls that are not answered; by time of sending. */
  takeAll(): UnansweredCall[] {
    const calls = this.pending()
    for (const slot of this.slotsInUse()) this.free(slot)
    return calls
  }

  free(slot: number): void {
    if ((this.kind[slot] as number) >= CallKind.replay) this.#appends--
    this.sentUs[slot] = Number.POSITIVE_INFINITY
    this.#free[this.#freeCount++] = slot
  }

  /** Slots of the calls that are not answered. */
  slotsInUse(): number[] {
    const slots: number[] = []
    for (let slot = 0; slot < this.#used; slot++) {
      if ((this.sentUs[slot] as number) !== Number.POSITIVE_INFINITY) slots.push(slot)
    }
    return slots
  }

  #grow(): void {
    const size = this.atUs.length * 2
    this.atUs = doubles(this.atUs, size)
    this.sentUs = doubles(this.sentUs, size)
    this.bytes = doubles(this.bytes, size)
    this.operation = doubles(this.operation, size)
    this.sequenceId = doubles(this.sequenceId, size)
    this.edit = doubles(this.edit, size)
    this.syncedWith = doubles(this.syncedWith, size)
    this.region = integers(this.region, size)
    this.attempt = integers(this.attempt, size)
    this.queue = integers(this.queue, size)
    this.key = doubles(this.key, size)
    this.kind = bytes(this.kind, size)
    this.stage = bytes(this.stage, size)
    this.#free = integers(this.#free, size)
  }
}

function doubles(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size)
  grown.set(column)
  return grown
}

function integers(column: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size)
  grown.set(column)
  return grown
}

function bytes(column: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size)
  grown.set(column)
  return grown
}
