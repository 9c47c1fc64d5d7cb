import type { WriteCalls } from './write-calls.js'
import type { WriteSteps } from './write-steps.js'

/**
 * The end of MultiVersionConcurrencyControl's queue, for all regions: a write is visible when it is
 * applied and all that began before it is visible.
 *
 * A marker that is synced ends its own entry only then (WALUtil). Writes that wait for the WAL need
 * not know of it: what is behind it is durable no sooner. Those that do not wait are held back.
 */
export class MultiVersionConcurrencyControl {
  readonly #calls: WriteCalls
  readonly #steps: WriteSteps
  /** Per region, when its last edit becomes visible. */
  readonly #visibleUs: Float64Array
  /** Markers whose sync is not back, and applied writes behind one: in order of sequence ids. */
  readonly #markers: { readonly region: number; readonly sequenceId: number }[] = []
  readonly #held: number[] = []

  constructor(calls: WriteCalls, steps: WriteSteps, regions: number) {
    this.#calls = calls
    this.#steps = steps
    this.#visibleUs = new Float64Array(regions)
  }

  /** Writes that are held back by a marker. */
  get held(): number {
    return this.#held.length
  }

  /** A durable write of the region is in the memstore at `appliedUs`. */
  applied(slot: number, region: number, appliedUs: number): void {
    const visibleUs = Math.max(this.#visibleUs[region] as number, appliedUs)
    this.#visibleUs[region] = visibleUs
    this.#steps.answerAt(slot, visibleUs)
  }

  /** The same of one that did not wait for the WAL. */
  appliedUnsynced(slot: number, region: number, appliedUs: number): void {
    if (this.#markers.some((marker) => marker.region === region)) {
      this.#calls.atUs[slot] = appliedUs
      this.#held.push(slot)
    } else this.applied(slot, region, appliedUs)
  }

  markerBegins(region: number, sequenceId: number): void {
    this.#markers.push({ region, sequenceId })
  }

  /** The sync of a marker is back; writes up to the region's next one go on. */
  markerSynced(region: number, sequenceId: number, time: number): void {
    if (this.#markers.length === 0) return
    const { atUs, sequenceId: ids, region: regions } = this.#calls
    const ended = this.#markers.findIndex((marker) => {
      return marker.region === region && marker.sequenceId === sequenceId
    })
    if (ended === -1) return
    this.#markers.splice(ended, 1)
    const next = this.#markers.find((marker) => marker.region === region)?.sequenceId ?? Infinity
    for (let i = 0; i < this.#held.length; ) {
      const slot = this.#held[i] as number
      if (regions[slot] === region && (ids[slot] as number) < next) {
        this.#held.splice(i, 1)
        this.applied(slot, region, Math.max(time, atUs[slot] as number))
      } else i++
    }
  }

  /** The server stood still since `suspendedUs`, for `lostUs`: what is computed ends later. */
  resume(suspendedUs: number, lostUs: number): void {
    const { atUs } = this.#calls
    const visibleUs = this.#visibleUs
    for (let i = 0; i < visibleUs.length; i++) {
      if ((visibleUs[i] as number) > suspendedUs) visibleUs[i] = (visibleUs[i] as number) + lostUs
    }
    for (const slot of this.#held) {
      if ((atUs[slot] as number) > suspendedUs) atUs[slot] = (atUs[slot] as number) + lostUs
    }
  }
}
