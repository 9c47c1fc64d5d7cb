import type { Scheduler } from './scheduler.js'
import type { Protocol } from './waitable.js'

/** What is told of an occurrence beside what it is, where and when: integers and words, by name. */
export type Details = Readonly<Record<string, number | string>>

/** An activity of a component, or an instant. */
export interface Occurrence {
  /** Its number: causes come before their effects. */
  readonly id: number
  readonly kind: string
  /** The host whose process does it: a server, the master, a store. */
  readonly host: string
  /** The occurrence that led to it; 0 if none is known. */
  readonly cause: number
  readonly fromUs: number
  /** `fromUs` of an instant; null while it goes on. */
  untilUs: number | null
  details: Details
}

/** Occurrences kept of a run by default; about 100 bytes each. */
export const MOST_OCCURRENCES = 200_000

/**
 * Hears of what components do. Only a run that is traced has one: everybody else finds
 * `scheduler.tracer` null, and does nothing more.
 *
 * Who causes what follows the processes: what a process begins has as its cause what the process
 * is doing (`scheduler.doing`), and a process that is spawned goes on for what its spawner was
 * doing. Work that waits in a queue carries the number of its cause along.
 *
 * Bounded: the first occurrences are kept, the others are counted. A cause comes before its effect,
 * so what is kept has its cause kept.
 */
export class Tracer {
  readonly occurrences: Occurrence[] = []
  /** How many were not kept. */
  dropped = 0
  /** The host whose process runs, or did last. For processes. */
  host = ''
  /** What a fault that lasts is called by, by the store or the like that it weighs on. */
  readonly faults = new Map<string, number>()
  #issued = 0
  /** Where an activity of a process returns to, by its id. */
  readonly #outer = new Map<number, number>()

  constructor(
    private readonly scheduler: Scheduler,
    private readonly most = MOST_OCCURRENCES,
  ) {}

  /** Something begins that no process does from its beginning to its end; returns its id. */
  begin(
    kind: string,
    details: Details,
    cause = this.scheduler.doing,
    host: string = this.host,
  ): number {
    const id = ++this.#issued
    if (id > this.most) {
      this.dropped++
      return id
    }
    const fromUs = this.scheduler.now
    this.occurrences.push({ id, kind, host, cause, fromUs, untilUs: null, details })
    return id
  }

  /** It ends; `details` are added to those of its beginning. Ending it again does nothing. */
  end(id: number, details: Details = NONE): void {
    const occurrence = this.occurrences[id - 1]
    if (occurrence === undefined || occurrence.untilUs !== null) return
    occurrence.untilUs = this.scheduler.now
    if (details !== NONE) occurrence.details = { ...occurrence.details, ...details }
  }

  /** Something that takes no time; returns its id. */
  instant(
    kind: string,
    details: Details,
    cause = this.scheduler.doing,
    host: string = this.host,
  ): number {
    const id = this.begin(kind, details, cause, host)
    this.end(id)
    return id
  }

  /**
   * Runs `protocol` as one activity of the process: what it begins has this as its cause.
   *
   * @param outcome what is to be told of the result
   */
  *around<T>(
    kind: string,
    details: Details,
    protocol: Protocol<T>,
    outcome?: (result: T) => Details,
    cause?: number,
  ): Protocol<T> {
    const outer = this.scheduler.doing
    const id = this.begin(kind, details, cause)
    this.#outer.set(id, outer)
    this.scheduler.doing = id
    let end: Details = { ended: 'killed' }
    try {
      const result = yield* protocol
      end = outcome?.(result) ?? NONE
      return result
    } catch (error) {
      end = { failed: error instanceof Error ? error.message : String(error) }
      throw error
    } finally {
      this.#endAbandoned(id)
      this.end(id, end)
      this.#outer.delete(id)
      this.scheduler.doing = outer
    }
  }

  /** A protocol that was dropped in a wait, as by a timeout, has not told of its end. */
  #endAbandoned(id: number): void {
    let inner = this.scheduler.doing
    while (inner !== id) {
      const outer = this.#outer.get(inner)
      if (outer === undefined) return
      this.end(inner, { ended: 'given up' })
      this.#outer.delete(inner)
      inner = outer
    }
  }
}

const NONE: Details = {}
