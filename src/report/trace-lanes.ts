import type { Occurrence } from '../kernel/tracer.js'
import { eventKinds } from '../measure/event-kinds.js'
import type { RunTrace } from '../measure/run-trace.js'

/** A row of slices that nest: a thread of a component, or one of several that it needs. */
export interface Lane {
  readonly host: string
  readonly name: string
}

/** Where a slice is drawn, and whether its cause is the slice that it lies in. */
export interface Place {
  readonly lane: Lane
  readonly nested: boolean
}

/** A lane being filled, with the slices that go on, the innermost last. */
interface OpenLane {
  readonly lane: Lane
  readonly open: { id: number; untilUs: number }[]
}

/**
 * Lanes for all activities and instants of a run, so that slices of one lane nest as calls do. A
 * slice lies in another only if that is its cause; what goes on at the same time for other reasons
 * gets a lane beside.
 */
export class TraceLanes {
  readonly #components = new Map<string, OpenLane[]>()
  readonly #places = new Map<number, Place>()

  /** @param trace in the order of ids, and so of beginnings */
  constructor({ occurrences, endedUs }: RunTrace) {
    for (const occurrence of occurrences) {
      if (isSpan(occurrence)) continue
      this.#places.set(occurrence.id, this.#place(occurrence, occurrence.untilUs ?? endedUs))
    }
  }

  /** Undefined for a span. */
  placeOf(id: number): Place | undefined {
    return this.#places.get(id)
  }

  lanes(): Lane[] {
    return [...this.#components.values()].flat().map(({ lane }) => lane)
  }

  #place(occurrence: Occurrence, untilUs: number): Place {
    const { id, host, cause, fromUs } = occurrence
    const name = componentOf(occurrence)
    const key = `${host}/${name}`
    const lanes = this.#components.get(key) ?? []
    this.#components.set(key, lanes)
    for (const { open } of lanes) {
      while (
        open.length > 0 &&
        (open.at(-1)?.untilUs ?? 0) <= fromUs &&
        open.at(-1)?.id !== cause
      ) {
        open.pop()
      }
    }
    const inCause = lanes.find(({ open }) => {
      const top = open.at(-1)
      return top !== undefined && top.id === cause && untilUs <= top.untilUs
    })
    const free = inCause ?? lanes.find(({ open }) => isFree(open, fromUs))
    const chosen = free ?? { lane: { host, name: laneName(name, lanes.length) }, open: [] }
    if (free === undefined) lanes.push(chosen)
    if (inCause === undefined) chosen.open.length = 0
    chosen.open.push({ id, untilUs })
    return { lane: chosen.lane, nested: inCause !== undefined }
  }
}

export function isSpan({ kind }: Occurrence): boolean {
  return eventKinds[kind]?.shape === 'span'
}

function isFree(open: OpenLane['open'], fromUs: number): boolean {
  return open.every(({ untilUs }) => untilUs <= fromUs)
}

/** The thread of its kind, for each peer one. */
function componentOf({ kind, details }: Occurrence): string {
  const thread = eventKinds[kind]?.thread ?? kind
  return details.peer === undefined ? thread : `${thread} of ${details.peer}`
}

function laneName(component: string, before: number): string {
  return before === 0 ? component : `${component} #${before + 1}`
}
