import { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import type { WalSteps } from '../../../src/hbase/regionserver/wal-steps.js'
import { WriteCalls } from '../../../src/hbase/regionserver/write-calls.js'
import type { FSHLog } from '../../../src/hbase/wal/fs-hlog.js'
import type { RingBufferWal } from '../../../src/hbase/wal/ring-buffer-wal.js'
import type { Wal } from '../../../src/hbase/wal/wal.js'

const NEVER = Number.POSITIVE_INFINITY

/** An append that waits in a driver for its time. */
interface Append {
  atUs: number
  readonly region: number
  readonly bytes: number
  readonly operation: number
  readonly awaited: boolean
}

/** What of a write path drives WALs: handlers append at given times and wait for their syncs. */
export class RingBufferDriver implements Pick<WalSteps, keyof WalSteps> {
  readonly calls = new WriteCalls()
  wals: readonly RingBufferWal[] = []
  /** Syncs that have returned, over all WALs. */
  syncs = 0
  onDurable: (operation: number, timeUs: number) => void = () => {}
  readonly #appends: Append[] = []
  readonly #sequenceIds = new Map<number, number>()
  #advancedUs = -1
  #suspendedUs = NEVER

  /** @param awaited whether the handler waits for the sync */
  append(
    atUs: number,
    region: number,
    bytes: number,
    operation: number,
    wal = 0,
    awaited = true,
  ): void {
    const later = this.#appends.findIndex((other) => other.atUs > atUs)
    const place = later === -1 ? this.#appends.length : later
    this.#appends.splice(place, 0, { atUs, region, bytes, operation, awaited })
    this.wals[wal].offered(atUs, bytes)
  }

  /** Of one instant: syncs return, handlers append, consumers turn. */
  advance(nowUs: number): void {
    if (this.#suspendedUs !== NEVER) return
    for (let us = this.#nextStepUs(); us <= nowUs; us = this.#nextStepUs()) this.#step(us)
    this.#advancedUs = nowUs
  }

  nextCauseUs(): number {
    if (this.#suspendedUs !== NEVER) return NEVER
    const nextStepUs = this.#nextStepUs()
    return Math.min(...this.wals.map((wal) => wal.nextCauseUs(this.#advancedUs, nextStepUs)))
  }

  /** The server stands still. */
  suspend(nowUs: number): void {
    this.advance(nowUs)
    for (const wal of this.wals) wal.suspend(nowUs)
    this.#suspendedUs = nowUs
  }

  /** Handlers append now what they would have appended meanwhile. */
  resume(nowUs: number): void {
    for (const append of this.#appends) append.atUs = Math.max(append.atUs, nowUs)
    for (const wal of this.wals) wal.resume(nowUs, nowUs - this.#suspendedUs)
    this.#suspendedUs = NEVER
    this.#advancedUs = nowUs
  }

  requestSafePoint(wal: RingBufferWal, nowUs: number): void {
    this.advance(nowUs)
    wal.requestSafePoint(nowUs)
  }

  switchTo(wal: RingBufferWal, file: Wal, nowUs: number): void {
    wal.switchTo(file, nowUs)
  }

  streamFailed(wal: RingBufferWal, nowUs: number): void {
    this.advance(nowUs)
    wal.streamFailed(nowUs, false)
  }

  streamRecovered(wal: FSHLog, nowUs: number, replicas: number): void {
    this.advance(nowUs)
    wal.streamRecovered(nowUs, replicas)
  }

  streamLost(wal: FSHLog, nowUs: number): void {
    this.advance(nowUs)
    wal.streamLost(nowUs)
  }

  #nextStepUs(): number {
    return Math.min(
      this.#appends[0]?.atUs ?? NEVER,
      ...this.wals.map(({ syncDueUs, consumerDueUs }) => Math.min(syncDueUs, consumerDueUs)),
    )
  }

  #step(us: number): void {
    const returning = this.wals.find(({ syncDueUs }) => syncDueUs === us)
    if (returning !== undefined) this.#returnSync(returning, us)
    else if (this.#appends[0]?.atUs === us) this.#begin(this.#appends.shift() as Append)
    else this.wals.find(({ consumerDueUs }) => consumerDueUs === us)?.consume(us)
  }

  #begin({ atUs, region, bytes, operation, awaited }: Append): void {
    const slot = this.calls.allocate(atUs, atUs, region, bytes, operation)
    if (!awaited) this.calls.kind[slot] = CallKind.unawaited
    const sequenceId = (this.#sequenceIds.get(region) ?? 0) + 1
    this.#sequenceIds.set(region, sequenceId)
    this.wals[0].append(slot, atUs, region, sequenceId)
  }

  #returnSync(wal: RingBufferWal, us: number): void {
    this.syncs++
    for (let edits = wal.returnSync(); edits > 0; edits--) {
      const slot = wal.unacked.shift()
      this.onDurable(this.calls.operation[slot], us)
      this.calls.free(slot)
    }
    wal.syncReturned()
  }
}
