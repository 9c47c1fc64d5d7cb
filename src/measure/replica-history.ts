import { invariant } from '../kernel/errors.js'
import { ReplicaSegments } from './replica-segments.js'
import type { ReplicaState } from './replica-state.js'

/** What the secondaries hold. */
export interface ReplicaContent {
  /** Every family of the replica has every edit with an id in `(after, to]`. */
  readable(replica: number, after: number, to: number): boolean
  /**
   * Every edit up to this id is in files that the replica reads, in all families. Of a replica that
   * is closed as it was when it closed, or 0.
   */
  filesUpTo(replica: number): number
}

/** The acknowledged edits of one region that are not in the files of all its replicas. */
export class ReplicaHistory {
  readonly #segments: ReplicaSegments
  readonly #states: readonly ReplicaState[]
  readonly #isCutAtEachEdit: boolean
  readonly #content: ReplicaContent
  #isCut = false

  /** @param isCutAtEachEdit replicas are sent edits, so that what they hold may end at any */
  constructor(states: readonly ReplicaState[], isCutAtEachEdit: boolean, content: ReplicaContent) {
    this.#segments = new ReplicaSegments((1 << states.length) - 1)
    this.#states = states
    this.#isCutAtEachEdit = isCutAtEachEdit
    this.#content = content
  }

  edit(sequenceId: number, acknowledgedUs: number, nowUs: number): void {
    invariant(acknowledgedUs >= nowUs, 'an edit is visible before it is acknowledged')
    const segments = this.#segments
    if (this.#extendsLast()) segments.extend(sequenceId, acknowledgedUs)
    else segments.append(sequenceId, acknowledgedUs, this.#isCut)
    this.#isCut = false
    for (const state of this.#states) {
      state.pass(nowUs)
      state.measure.visibility.acknowledged(acknowledgedUs)
      if (sequenceId > state.deliveredUntil) state.lacks(1, sequenceId, acknowledgedUs)
      else this.#askFrom(segments.size - 1, state, nowUs)
    }
  }

  /** Edits of before the run that are in no file; the first was acknowledged at `earliestUs`. */
  past(firstId: number, lastId: number, edits: number, earliestUs: number): void {
    this.#segments.appendPast(firstId, lastId, edits, earliestUs)
    this.#isCut = true
  }

  /** START_FLUSH or REGION_OPEN: what the files of replicas hold may end here. */
  cut(): void {
    this.#isCut = true
  }

  /** Edits with ids in `(after, to]` have reached a replica. */
  delivered(state: ReplicaState, nowUs: number, after: number, to: number): void {
    state.pass(nowUs)
    if (to > state.deliveredUntil) state.deliveredUntil = to
    const segments = this.#segments
    const first = segments.indexAfter(after)
    let i = first
    for (; i < segments.size && segments.firstId(i) <= to; i++) this.#ask(i, state, nowUs)
    segments.mergeReadable(first - 1, i + 1)
    this.#look(state)
  }

  /** What a replica holds has changed in any way. */
  changed(state: ReplicaState, nowUs: number): void {
    state.pass(nowUs)
    state.readableUntil = -1
    this.#askFrom(0, state, nowUs)
    this.#segments.mergeReadable(0, this.#segments.size)
    this.#drop(nowUs)
  }

  /** Edits above `after` are lost to the primary itself: nobody can have them any more. */
  lost(after: number, nowUs: number): void {
    this.#segments.dropAfter(after)
    for (const state of this.#states) {
      state.pass(nowUs)
      state.readableUntil = Math.min(state.readableUntil, after)
      this.#look(state)
    }
  }

  /** Edits that have not yet reached a replica gather, in steps of a 16th of them. */
  #extendsLast(): boolean {
    const segments = this.#segments
    if (this.#isCutAtEachEdit || this.#isCut || segments.size === 0) return false
    const last = segments.size - 1
    return segments.isReadableByNone(last) && 16 * segments.editsIn(last) < segments.edits
  }

  #askFrom(first: number, state: ReplicaState, nowUs: number): void {
    for (let i = first; i < this.#segments.size; i++) this.#ask(i, state, nowUs)
    this.#look(state)
  }

  #ask(i: number, state: ReplicaState, nowUs: number): void {
    const segments = this.#segments
    const { replica, bit } = state
    if (!this.#content.readable(replica, segments.firstId(i) - 1, segments.lastId(i))) {
      segments.clearReadable(i, bit)
    } else if (!segments.isReadable(i, bit)) {
      this.#setReadable(i, state, nowUs)
    }
  }

  #setReadable(i: number, state: ReplicaState, nowUs: number): void {
    const segments = this.#segments
    if (!segments.wasSeen(i, state.bit)) {
      const earliestUs = segments.earliestUs(i)
      const latestUs = segments.latestUs(i)
      state.measure.visibility.readable(segments.editsIn(i), earliestUs, latestUs, nowUs)
    }
    segments.setReadable(i, state.bit)
  }

  /** Takes stock of what the replica lacks, from where it lacks anything. */
  #look(state: ReplicaState): void {
    const segments = this.#segments
    const { bit } = state
    let i = segments.indexAfter(state.readableUntil)
    while (i < segments.size && segments.isReadable(i, bit)) i++
    if (i > 0) state.readableUntil = segments.lastId(i - 1)
    state.lacksNothing(state.readableUntil)
    for (; i < segments.size; i++) {
      if (segments.isReadable(i, bit)) state.hasReadable(segments.lastId(i))
      else state.lacks(segments.editsIn(i), segments.firstId(i), segments.earliestUs(i))
    }
  }

  /** What is in the files of all replicas stays readable, whatever happens to their memory. */
  #drop(nowUs: number): void {
    const segments = this.#segments
    let inFiles = Number.POSITIVE_INFINITY
    for (const { replica } of this.#states) {
      inFiles = Math.min(inFiles, this.#content.filesUpTo(replica))
    }
    const count = segments.indexAfter(inFiles)
    if (count === 0) return
    for (const state of this.#states) {
      state.pass(nowUs)
      for (let i = 0; i < count; i++) {
        if (!segments.isReadable(i, state.bit)) this.#setReadable(i, state, nowUs)
      }
      state.readableUntil = Math.max(state.readableUntil, segments.lastId(count - 1))
    }
    segments.dropFirst(count)
    for (const state of this.#states) this.#look(state)
  }
}
