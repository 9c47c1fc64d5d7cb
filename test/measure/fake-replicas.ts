import type { ReplicaContent } from '../../src/measure/replica-history.js'
import { ReplicaTracker } from '../../src/measure/replica-tracker.js'

export interface ShownEdit {
  readonly region: number
  readonly id: number
  readonly shownUs: number
  /** How many moments each secondary had had by then, by its number. */
  readonly moments: ReadonlyMap<number, number>
  readonly acknowledgedUs: number
}

/** What happened to one secondary, kept whole: the sets of ids it had, and when it answered. */
export interface ReplicaMoment {
  readonly atUs: number
  readonly ids: ReadonlySet<number>
  readonly isAvailable: boolean
}

interface Secondary {
  readonly region: number
  ids: Set<number>
  filesUpTo: number
  sentUntil: number
  isAvailable: boolean
  readonly moments: ReplicaMoment[]
}

/**
 * Primaries and secondaries as sets of sequence ids, which tell a tracker of what they do. Regions
 * are 0, 1, …; the secondaries of region r are 10 (r + 1), 10 (r + 1) + 1, ….
 */
export class FakeReplicas implements ReplicaContent {
  readonly tracker: ReplicaTracker
  readonly shown: ShownEdit[] = []
  readonly secondaries = new Map<number, Secondary>()
  readonly #written: Set<number>[]
  readonly #hidden: number[][]
  readonly #lastIds: number[]
  readonly #cuts: number[]
  readonly #flushed: number[]
  readonly #isSentEdits: boolean

  constructor(options: {
    regions: number
    secondaries: number
    isSentEdits: boolean
    fromUs: number
    untilUs: number
  }) {
    const regions = Array.from({ length: options.regions }, (_, region) => region)
    this.#written = regions.map(() => new Set())
    this.#hidden = regions.map(() => [])
    this.#lastIds = regions.map(() => 0)
    this.#cuts = regions.map(() => 0)
    this.#flushed = regions.map(() => 0)
    this.#isSentEdits = options.isSentEdits
    const numbersOf = (region: number) =>
      Array.from({ length: options.secondaries }, (_, i) => 10 * (region + 1) + i)
    for (const region of regions) {
      for (const number of numbersOf(region)) {
        this.secondaries.set(number, {
          region,
          ids: new Set(),
          filesUpTo: 0,
          sentUntil: 0,
          isAvailable: true,
          moments: [{ atUs: 0, ids: new Set(), isAvailable: true }],
        })
      }
    }
    this.tracker = new ReplicaTracker({
      tables: [
        {
          name: 't',
          regions,
          replication: options.secondaries + 1,
          isSentEdits: options.isSentEdits,
        },
      ],
      replicasOf: (region) => [region, ...numbersOf(region)],
      content: this,
      window: options,
    })
  }

  readable(replica: number, after: number, to: number): boolean {
    const { region, ids } = this.#of(replica)
    for (let id = after + 1; id <= to; id++) {
      if (this.#written[region].has(id) && !ids.has(id)) return false
    }
    return true
  }

  filesUpTo(replica: number): number {
    return this.#of(replica).filesUpTo
  }

  /** In the WAL, so that it may be sent, but not visible yet. */
  write(region: number): void {
    const id = ++this.#lastIds[region]
    this.#written[region].add(id)
    this.#hidden[region].push(id)
  }

  /** The oldest edit that is not visible becomes so. */
  show(region: number, nowUs: number, acknowledgedUs: number): void {
    const id = this.#hidden[region].shift()
    if (id === undefined) return
    const moments = new Map(
      Array.from(this.secondaries, ([number, secondary]) => [number, secondary.moments.length]),
    )
    this.shown.push({ region, id, shownUs: nowUs, moments, acknowledgedUs })
    this.tracker.edit(region, id, acknowledgedUs, nowUs)
  }

  edit(region: number, nowUs: number, acknowledgedUs: number): void {
    this.write(region)
    this.show(region, nowUs, acknowledgedUs)
  }

  /** START_FLUSH waits until all edits are visible. */
  startFlush(region: number, nowUs: number): void {
    while (this.#hidden[region].length > 0) this.show(region, nowUs, nowUs)
    this.#cuts[region] = ++this.#lastIds[region]
    this.tracker.cut(region)
  }

  /** The files are in the store's directory. */
  commitFlush(region: number): void {
    this.#flushed[region] = this.#cuts[region]
  }

  /** The next `count` ids reach a secondary, after it missed `skipped` of them. */
  deliver(replica: number, nowUs: number, count: number, skipped = 0): void {
    const secondary = this.#of(replica)
    if (!this.#isSentEdits || !secondary.isAvailable) return
    const last = this.#lastIds[secondary.region]
    const after = Math.min(last, secondary.sentUntil + skipped)
    const to = Math.min(last, after + count)
    secondary.sentUntil = to
    for (let id = after + 1; id <= to; id++) this.#give(secondary, id)
    this.tracker.delivered(replica, nowUs, after, to)
    this.#note(secondary, nowUs)
  }

  /** The secondary lists the store's directory. */
  refresh(replica: number, nowUs: number): void {
    const secondary = this.#of(replica)
    if (!secondary.isAvailable) return
    this.#list(secondary)
    this.tracker.changed(replica, nowUs)
    this.#note(secondary, nowUs)
  }

  crash(replica: number, nowUs: number): void {
    const secondary = this.#of(replica)
    if (!secondary.isAvailable) return
    secondary.isAvailable = false
    secondary.ids = new Set([...secondary.ids].filter((id) => id <= secondary.filesUpTo))
    secondary.sentUntil = this.#lastIds[secondary.region]
    this.tracker.unavailable(replica, nowUs)
    this.tracker.changed(replica, nowUs)
    this.#note(secondary, nowUs)
  }

  open(replica: number, nowUs: number): void {
    const secondary = this.#of(replica)
    if (secondary.isAvailable) return
    secondary.isAvailable = true
    this.#list(secondary)
    this.tracker.available(replica, nowUs)
    this.#note(secondary, nowUs)
  }

  #list(secondary: Secondary): void {
    secondary.filesUpTo = this.#flushed[secondary.region]
    for (let id = 1; id <= secondary.filesUpTo; id++) this.#give(secondary, id)
  }

  #give(secondary: Secondary, id: number): void {
    if (this.#written[secondary.region].has(id)) secondary.ids.add(id)
  }

  #note({ moments, ids, isAvailable }: Secondary, atUs: number): void {
    moments.push({ atUs, ids: new Set(ids), isAvailable })
  }

  #of(replica: number): Secondary {
    const secondary = this.secondaries.get(replica)
    if (secondary === undefined) throw new Error(`no secondary ${replica}`)
    return secondary
  }
}
