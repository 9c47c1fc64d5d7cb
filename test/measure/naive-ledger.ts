import type { RiskClass } from '../../src/measure/peer-risks.js'
import type { DisasterClass } from '../../src/storage/disaster.js'
import type { Extent } from '../../src/storage/extent.js'
import type { FakeFile } from './fake-files.js'
import type { LazyServer } from './lazy-server.js'

/** All that is known of one edit, by plain book-keeping. */
export interface Fate {
  readonly server: LazyServer
  readonly edit: number
  /** Its log and number. */
  readonly key: string
  readonly wanted: boolean
  confirmed: boolean
  filtered: boolean
  /** Objects that hold it. */
  objects: number
  /** The strike that destroyed it, unless it was found again. */
  lostIn: number | null
  walGone: boolean
  /** The loss of the store after which the cluster still had it, and has to send it again. */
  owedSince: number | null
  /** Left to the store alone, once; null when a loss of the store can take it no more. */
  released: boolean | null
}

export interface OpenStream {
  readonly server: LazyServer
  readonly extents: Extent[]
  readonly closedAtStop: boolean
}

/** The world that the ledger under test is told of. */
export interface World {
  readonly servers: LazyServer[]
  readonly staged: Set<FakeFile>
  readonly streams: Set<OpenStream>
  readonly fates: Fate[]
  storeAnswers: boolean
  /** Answers after this instant never come. */
  answersUntilUs: number
}

export interface Count {
  edits: number
  bytes: number
}

const CLASSES: readonly (RiskClass | 'none')[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss-clean-abort',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
  'none',
]

/** A claim to survive these is about the first such disaster. */
const SPENDS_REPLICAS: readonly string[] = [
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
]

/** RPO from time `fromUs` on for 1 us: no acknowledged edit at risk, or the oldest one's answer. */
interface Piece {
  readonly atUs: number
  readonly oldestUs: number | null
}

/** What a class of disasters would take, asked of every edit at every instant. */
export class NaiveClass {
  readonly pieces: Piece[] = []
  maxEdits = 0
  maxBytes = 0
  claim: { firstUs: number; maxEdits: number } | null = null

  get maxUs(): number {
    return this.pieces.reduce((most, { atUs, oldestUs }) => {
      return oldestUs === null ? most : Math.max(most, atUs + 1 - oldestUs)
    }, 0)
  }

  get timeShareAboveZero(): number {
    return this.pieces.filter(({ oldestUs }) => oldestUs !== null).length / this.pieces.length
  }

  /** Share of the time at which the RPO was at most `valueUs`. */
  shareAtMost(valueUs: number): number {
    const us = this.pieces.reduce((sum, { atUs, oldestUs }) => {
      if (oldestUs === null) return sum + 1
      return sum + Math.max(0, Math.min(1, valueUs - (atUs - oldestUs)))
    }, 0)
    return us / this.pieces.length
  }
}

export class NaiveLedger {
  readonly classes = new Map(CLASSES.map((name) => [name, new NaiveClass()]))
  readonly holesBefore = new Set<Fate>()
  readonly #sets = new Map<string, Set<string>>()
  readonly #lists = new Map<string, readonly Fate[]>()

  constructor(
    readonly world: World,
    readonly fromUs: number,
    readonly untilUs: number,
  ) {}

  /** Servers are at `nowUs`; nothing else has happened yet at this instant. */
  beforeInstant(nowUs: number): void {
    this.holesBefore.clear()
    for (const fate of this.lostNow()) this.holesBefore.add(fate)
    if (nowUs <= this.fromUs || nowUs > this.untilUs) return
    for (const [name, naive] of this.classes) {
      const { edits, bytes } = this.atRisk(name, nowUs)
      naive.maxEdits = Math.max(naive.maxEdits, edits)
      naive.maxBytes = Math.max(naive.maxBytes, bytes)
    }
  }

  /** Everything has happened that happens at `nowUs`. */
  afterInstant(nowUs: number): void {
    for (const [name, naive] of this.classes) {
      const inWindow = name === 'none' || (nowUs >= this.fromUs && nowUs < this.untilUs)
      if (inWindow) naive.pieces.push({ atUs: nowUs, oldestUs: this.oldestUs(name, nowUs) })
      const confirmed = this.#worst(name, ({ confirmed }) => confirmed).edits
      if (confirmed === 0 || (SPENDS_REPLICAS.includes(name) && this.#isShort)) continue
      naive.claim ??= { firstUs: nowUs, maxEdits: 0 }
      naive.claim.maxEdits = Math.max(naive.claim.maxEdits, confirmed)
    }
  }

  /** After every step: the store alone has what is confirmed and not staged. */
  noteReleased(): void {
    const staged = this.#editsIn(this.world.staged, 'region-server-crash')
    for (const fate of this.world.fates) {
      const { confirmed, filtered, released } = fate
      if (confirmed && !filtered && released === false && !staged.has(fate.key)) {
        fate.released = true
      }
    }
  }

  atRisk(name: RiskClass | 'none', nowUs: number): Count {
    return this.#worst(name, (fate) => this.acknowledgedUs(fate) <= nowUs)
  }

  oldestUs(name: RiskClass | 'none', nowUs: number): number | null {
    let oldestUs = Infinity
    for (const struck of this.#struck(name)) {
      for (const fate of this.#unsafe(name, struck)) {
        const us = this.acknowledgedUs(fate)
        if (us <= nowUs) oldestUs = Math.min(oldestUs, us)
      }
    }
    return oldestUs < Infinity ? oldestUs : null
  }

  /** Unrestorable by now without a disaster, and more than a write under way. */
  lostNow(): Fate[] {
    return this.#unsafe('none', null).filter(
      ({ confirmed, server, edit }) => confirmed || server.log.acknowledgedUs(edit) < Infinity,
    )
  }

  acknowledgedUs({ server, edit }: Fate): number {
    const us = server.log.acknowledgedUs(edit)
    return us <= this.world.answersUntilUs ? us : Infinity
  }

  inWal(fate: Fate): boolean {
    return this.#inWals('region-server-crash').has(fate.key)
  }

  isStaged(fate: Fate): boolean {
    return this.#editsIn(this.world.staged, 'region-server-crash').has(fate.key)
  }

  get #isShort(): boolean {
    return [...this.world.staged].some(({ shortOfReplicas }) => shortOfReplicas)
  }

  #worst(name: RiskClass | 'none', counted: (fate: Fate) => boolean): Count {
    const worst = { edits: 0, bytes: 0 }
    for (const struck of this.#struck(name)) {
      const lost = this.#unsafe(name, struck).filter(counted)
      worst.edits = Math.max(worst.edits, lost.length)
      worst.bytes = Math.max(worst.bytes, bytesOf(lost))
    }
    return worst
  }

  /** The servers or racks that the disaster could strike; null for all there is. */
  #struck(name: RiskClass | 'none'): (string | number | null)[] {
    if (name === 'region-server-crash') return this.world.servers.map((server) => server.name)
    if (name === 'rack-power-loss') return [...new Set(this.world.servers.map(({ rack }) => rack))]
    return [null]
  }

  /** To be called whenever the world has changed. */
  forget(): void {
    this.#sets.clear()
    this.#lists.clear()
  }

  #unsafe(name: RiskClass | 'none', struck: string | number | null): readonly Fate[] {
    const known = this.#lists.get(`${name} ${struck}`)
    if (known !== undefined) return known
    const open = this.world.fates.filter(
      ({ wanted, filtered, lostIn }) => wanted && !filtered && lostIn === null,
    )
    const unsafe = this.#unsafeOf(open, name, struck)
    this.#lists.set(`${name} ${struck}`, unsafe)
    return unsafe
  }

  #unsafeOf(
    fates: readonly Fate[],
    name: RiskClass | 'none',
    struck: string | number | null,
  ): readonly Fate[] {
    if (name === 'store-loss') return fates.filter(({ released }) => released === true)
    const streams = this.#keptStreams(name, struck)
    const left = fates.filter(({ objects, key }) => objects === 0 && !streams.has(key))
    if (['cluster-loss', 'hdfs-loss', 'hdfs-loss-clean-abort'].includes(name)) return left
    const disaster = name === 'none' ? 'region-server-crash' : (name as DisasterClass)
    const staged = this.#editsIn(this.world.staged, disaster)
    const inWals = this.#inWals(disaster)
    return left.filter(({ confirmed, key }) => !staged.has(key) && (confirmed || !inWals.has(key)))
  }

  #keptStreams(name: RiskClass | 'none', struck: string | number | null): Set<string> {
    return this.#cached(`streams ${name} ${struck}`, () => {
      const { streams, storeAnswers } = this.world
      const kept = [...streams].filter(({ server, closedAtStop }) => {
        if (name === 'hdfs-loss-clean-abort') return storeAnswers && closedAtStop
        if (name === 'data-node-crash' || name === 'none') return true
        if (name === 'region-server-crash') return server.name !== struck
        return name === 'rack-power-loss' && server.rack !== struck
      })
      return this.#holding(kept.map(({ extents }) => ({ extents, bytes: Infinity })))
    })
  }

  #inWals(disaster: DisasterClass): Set<string> {
    const files = this.world.servers.flatMap(({ wals }) => wals)
    return this.#cached(`wals ${disaster}`, () =>
      this.#holding(files.map((file) => prefixOf(file, disaster))),
    )
  }

  #editsIn(files: Iterable<FakeFile>, disaster: DisasterClass): Set<string> {
    return this.#cached(`staged ${disaster}`, () =>
      this.#holding([...files].map((file) => prefixOf(file, disaster))),
    )
  }

  #cached(key: string, find: () => Set<string>): Set<string> {
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const found = find()
    this.#sets.set(key, found)
    return found
  }

  /** Edits whose last byte lies in a file's prefix. */
  #holding(prefixes: { extents: readonly Extent[]; bytes: number }[]): Set<string> {
    const held = new Set<string>()
    for (const { extents, bytes } of prefixes) {
      let end = 0
      for (const extent of extents) {
        const start = end
        for (let edit = extent.from; edit < extent.to; edit++) {
          end += this.world.servers[extent.log].log.bytesOf(edit, edit + 1)
          if (end <= bytes) held.add(`${extent.log}/${edit}`)
        }
        end = start + extent.bytes
      }
    }
    return held
  }
}

export function bytesOf(fates: readonly Fate[]): number {
  return fates.reduce((sum, { server, edit }) => sum + server.log.bytesOf(edit, edit + 1), 0)
}

function prefixOf(file: FakeFile, disaster: DisasterClass) {
  return { extents: file.extents, bytes: file.survivingBytes(disaster) }
}
