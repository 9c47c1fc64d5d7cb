import { Progress, peerProgress } from '../../src/hbase/progress.js'
import { Acknowledgements } from '../../src/measure/acknowledgements.js'
import { PeerLedger } from '../../src/measure/peer-ledger.js'
import { WalCover } from '../../src/measure/wal-cover.js'
import type { DisasterClass } from '../../src/storage/disaster.js'
import type { Extent, Resend } from '../../src/storage/extent.js'
import type { StoredObject } from '../../src/storage/s3/external-store.js'
import { FakeFile } from './fake-files.js'
import { LazyServer, type PlannedEdit } from './lazy-server.js'
import { type Fate, NaiveLedger, type OpenStream, type World } from './naive-ledger.js'
import { type History, LENGTH_US, type Step, type StepKind } from './random-history.js'

const CAUSES: readonly (Resend | undefined)[] = [undefined, undefined, 'retry', 'claim']

/** Plays a history to a ledger and, by plain book-keeping, to a naive one. */
export class PlayedHistory implements World {
  nowUs = 0
  readonly servers: LazyServer[] = []
  readonly staged = new Set<FakeFile>()
  readonly streams = new Set<OpenStream>()
  readonly fates: Fate[] = []
  readonly wals = new WalCover()
  readonly ledger: PeerLedger
  readonly naive: NaiveLedger
  readonly acknowledgements: Acknowledgements[] = []
  storeAnswers = true
  answersUntilUs = Number.POSITIVE_INFINITY
  strikes = 0
  storedEdits = 0
  readonly lost: { kind: DisasterClass; atUs: number; storeLost: Fate[] }[] = []
  readonly #objects: StoredObject[] = []
  readonly #read: number[] = []

  constructor(
    readonly history: History,
    private readonly look: (played: PlayedHistory) => void,
  ) {
    const { fromUs, untilUs, wanted } = history
    this.ledger = new PeerLedger({
      window: { fromUs, untilUs },
      now: () => this.nowUs,
      wals: this.wals,
      wants: wanted === null ? null : (region) => wanted.includes(region),
    })
    this.naive = new NaiveLedger(this, fromUs, untilUs)
    history.edits.forEach((edits, i) => {
      this.#addServer(`rs${i + 1}`, i % 2, edits)
    })
  }

  play(): void {
    const steps = this.history.steps.slice()
    let dueUs = 0
    for (; this.nowUs <= LENGTH_US; this.nowUs++) {
      this.#advance()
      this.naive.beforeInstant(this.nowUs)
      if (this.nowUs === this.history.untilUs) this.ledger.close()
      for (let step = steps[0]; step && dueUs + step.afterUs <= this.nowUs; step = steps[0]) {
        steps.shift()
        dueUs = this.nowUs
        this.#take(step)
        this.naive.forget()
        this.#advance()
        this.naive.noteReleased()
      }
      if (this.nowUs < LENGTH_US) this.naive.afterInstant(this.nowUs)
    }
    this.nowUs = LENGTH_US
  }

  #advance(): void {
    for (const server of this.servers) {
      server.advance()
      const known = this.fates.filter((fate) => fate.server === server).length
      for (let edit = known; edit < server.log.length; edit++) {
        const { wanted } = this.history
        this.fates.push({
          server,
          edit,
          key: `${server.log.id}/${edit}`,
          wanted: wanted === null || wanted.includes(server.log.region(edit)),
          confirmed: false,
          filtered: false,
          objects: 0,
          lostIn: null,
          walGone: false,
          owedSince: null,
          released: false,
        })
      }
    }
    this.naive.forget()
  }

  #addServer(name: string, rack: number, edits: readonly PlannedEdit[]): void {
    const id = this.servers.length
    const { hsync, twoRacks, twoNodes } = this.history
    const newFile = () => new FakeFile(twoRacks, twoNodes)
    const now = () => this.nowUs
    const server = new LazyServer(id, name, rack, edits, hsync, now, newFile)
    this.servers.push(server)
    this.acknowledgements.push(new Acknowledgements(server))
    this.#read.push(0)
    this.wals.addLog(server)
    this.wals.addWal(id, server.wal)
    this.ledger.addLog(this.acknowledgements[id], { server: name, rack })
  }

  #take({ kind, a, b, c }: Step): void {
    const file = [...this.staged][a % Math.max(1, this.staged.size)]
    const steps: Record<StepKind, () => void> = {
      read: () => this.#pass(a, b),
      stage: () => this.#stage(a, b, c),
      'flush staged': () => this.#alterStaged(file, () => this.#flushStaged(file, b, c)),
      'delete staged': () => this.#alterStaged(file, () => this.#deleteStaged(file)),
      confirm: () => this.#confirm(a, b, c),
      store: () => this.#store(this.#wantedIn(a, b, c), null),
      overwrite: () => this.#store(this.#wantedIn(a, b, c), this.#objects[a % 5] ?? null),
      'write stream': () => this.#writeStream(a, b, c),
      'end stream': () => this.#endStream([...this.streams][a % Math.max(1, this.streams.size)]),
      'write back': () => this.#alterWal(a, b, (wal) => wal.sync(c % 70)),
      roll: () => this.#roll(a, b % 4),
      'delete WAL': () => this.#alterWal(a, b, (wal) => wal.deleteIfClosed()),
      'store answers': () => this.#turnStore(),
      kill: () => this.#kill(a, b),
      'power loss': () => this.#losePower(a),
      'lose store': () => this.#loseStore(),
      look: () => this.look(this),
    }
    steps[kind]()
  }

  #turnStore(): void {
    this.storeAnswers = !this.storeAnswers
    this.ledger.storeAnswers(this.storeAnswers)
  }

  #flushStaged(file: FakeFile, b: number, c: number): void {
    file.flush(b % 60).sync(c % 60)
    file.shortOfReplicas = b % 3 === 0
  }

  #deleteStaged(file: FakeFile): void {
    file.deleted = true
    this.staged.delete(file)
    this.#reckonWithLostStores()
  }

  #fatesOf(log: number, from: number, to: number): Fate[] {
    return this.fates.filter(
      ({ server, edit }) => server.log.id === log && edit >= from && edit < to,
    )
  }

  /** A range of edits of one log that are flushed to its WALs, or were. */
  #range(a: number, b: number, c: number): { log: number; from: number; to: number } {
    const log = a % this.servers.length
    const extents = this.servers[log].wals.flatMap((file) => file.extents)
    const flushed = this.#fatesOf(log, 0, Infinity).filter((fate) => {
      return this.naive.inWal(fate) || fate.confirmed || extents.length === 0
    })
    const end = flushed.length > 0 ? flushed[flushed.length - 1].edit + 1 : 0
    const from = end > 0 ? b % end : 0
    return { log, from, to: Math.min(end, from + (c % 9)) }
  }

  #wantedIn(a: number, b: number, c: number): Extent[] {
    const { log, from, to } = this.#range(a, b, c)
    const resend = CAUSES[(a + b + c) % CAUSES.length]
    const extents: Extent[] = []
    for (const { server, edit, wanted } of this.#fatesOf(log, from, to)) {
      const bytes = server.log.bytesOf(edit, edit + 1)
      const last = extents[extents.length - 1]
      if (!wanted) continue
      if (last?.to === edit) {
        extents[extents.length - 1] = { ...last, to: edit + 1, bytes: last.bytes + bytes }
      } else {
        const extent = { log, from: edit, to: edit + 1, bytes }
        extents.push(resend === undefined ? extent : { ...extent, resend })
      }
    }
    return extents
  }

  #pass(a: number, b: number): void {
    const log = a % this.servers.length
    const from = this.#read[log]
    const { to } = this.#range(log, from, b)
    if (to <= from) return
    this.#read[log] = to
    this.#filter(log, from, to)
    this.ledger.progress(peerProgress(Progress.accepted, 0), this.nowUs, log, from, to)
  }

  #filter(log: number, from: number, to: number): void {
    for (const fate of this.#fatesOf(log, from, to)) {
      if (fate.wanted || fate.filtered) continue
      fate.filtered = true
      const { edit } = fate
      this.ledger.progress(peerProgress(Progress.filtered, 0), this.nowUs, log, edit, edit + 1)
    }
  }

  #confirm(a: number, b: number, c: number): void {
    const { log, from, to } = this.#range(a, b, c)
    if (from >= to) return
    this.#filter(log, from, to)
    this.ledger.progress(peerProgress(Progress.confirmed, 0), this.nowUs, log, from, to)
    for (const fate of this.#fatesOf(log, from, to)) fate.confirmed = true
    this.#reckonWithLostStores()
  }

  #stage(a: number, b: number, c: number): void {
    const files = [...this.staged].filter(({ closed }) => !closed)
    const { stagingWatcher } = this.ledger
    stagingWatcher.changing()
    let file = files[c % (files.length + 1)]
    if (file === undefined) {
      const { twoRacks, twoNodes } = this.history
      file = new FakeFile(twoRacks, twoNodes)
      this.staged.add(file)
    }
    file.append(...this.#wantedIn(a, b, c))
    if (c % 3 > 0) file.flush()
    if (c % 3 > 1) file.sync()
    stagingWatcher.changed(file)
  }

  #alterStaged(file: FakeFile | undefined, alter: () => void): void {
    if (file === undefined) return
    this.ledger.stagingWatcher.changing()
    alter()
    this.ledger.stagingWatcher.changed(file)
  }

  #store(extents: readonly Extent[], replaced: StoredObject | null): void {
    const bytes = extents.reduce((sum, extent) => sum + extent.bytes, 0)
    const object = { key: 'object', extents, bytes, createdAtUs: this.nowUs }
    this.ledger.stored(object, replaced)
    this.#objects.push(object)
    if (replaced !== null) this.#objects.splice(this.#objects.indexOf(replaced), 1)
    for (const { log, from, to } of extents) {
      for (const fate of this.#fatesOf(log, from, to)) {
        if (fate.objects++ === 0) this.storedEdits++
        fate.lostIn = null
        fate.owedSince = null
      }
    }
    for (const { log, from, to } of replaced?.extents ?? []) {
      for (const fate of this.#fatesOf(log, from, to)) if (--fate.objects === 0) this.storedEdits--
    }
  }

  #writeStream(a: number, b: number, c: number): void {
    const [extent] = this.#wantedIn(a, b, c)
    const server = this.servers[a % this.servers.length]
    if (extent === undefined || !server.alive) return
    const open = [...this.streams].filter((stream) => stream.server === server)
    const stream = open[c % (open.length + 1)] ?? { server, extents: [], closedAtStop: b % 3 > 0 }
    const watcher = this.ledger.streamWatcher(server.name)
    watcher.changing()
    stream.extents.push(extent)
    this.streams.add(stream)
    watcher.changed(stream, 'written')
  }

  #endStream(stream: OpenStream | undefined): void {
    if (stream === undefined) return
    const watcher = this.ledger.streamWatcher(stream.server.name)
    watcher.changing()
    this.streams.delete(stream)
    watcher.changed(stream, 'gone')
  }

  #alterWal(a: number, b: number, alter: (file: FakeFile) => void): void {
    const { wals } = this.servers[a % this.servers.length]
    const file = wals[b % wals.length]
    this.wals.changing()
    const before = this.fates.filter((fate) => this.naive.inWal(fate))
    alter(file)
    this.wals.changed(file)
    this.naive.forget()
    for (const fate of before) {
      const answered = fate.server.log.acknowledgedUs(fate.edit) < Infinity
      const unread = answered && !fate.confirmed && !this.naive.isStaged(fate)
      if (unread && fate.released === false && !this.naive.inWal(fate)) fate.released = true
    }
  }

  #roll(a: number, again: number): void {
    const server = this.servers[a % this.servers.length]
    if (!server.alive || server.wals.length > 4) return
    const next = server.roll(again)
    this.wals.addWal(server.log.id, next)
  }

  #kill(a: number, b: number): void {
    const server = this.servers[a % this.servers.length]
    if (!server.alive) return
    this.#end(server)
    this.#strike('region-server-crash', server.name)
    const shifted = this.history.edits[b % this.history.edits.length].map((edit) => ({
      ...edit,
      writtenUs: edit.writtenUs + this.nowUs,
      flushedUs: edit.flushedUs + this.nowUs,
      answeredUs: edit.answeredUs + this.nowUs,
      acknowledgedUs: edit.acknowledgedUs + this.nowUs,
    }))
    if (this.servers.length < 6) this.#addServer(`${server.name},2`, server.rack, shifted)
  }

  #end(server: LazyServer): void {
    server.alive = false
    for (const stream of [...this.streams]) if (stream.server === server) this.#endStream(stream)
  }

  #losePower(a: number): void {
    const editsOf = (log: number) => this.servers[log].log
    for (const server of this.servers) {
      if (!server.alive) continue
      this.#end(server)
    }
    this.servers.forEach(({ wals }, i) => {
      wals.forEach((_, j) => {
        this.#alterWal(i, j, (file) => {
          if (!file.deleted) file.cut(editsOf)
        })
      })
    })
    this.staged.forEach((_, file) => {
      this.ledger.stagingWatcher.changing()
      if (a % 2 === 0) file.cut(editsOf)
      this.ledger.stagingWatcher.changed(file)
    })
    this.naive.forget()
    this.#strike('cluster-power-loss', null)
  }

  #strike(kind: DisasterClass, target: string | null): void {
    this.naive.forget()
    const strike = this.strikes++
    for (const fate of this.naive.lostNow()) {
      if (this.naive.holesBefore.has(fate)) continue
      this.#destroy(fate, strike)
    }
    this.lost.push({ kind, atUs: this.nowUs, storeLost: [] })
    this.ledger.strike(kind, target)
  }

  /**
   * What is released and stored is lost, or is in open streams; what the cluster has is to be stored
   * again.
   */
  #loseStore(): void {
    const strike = this.strikes++
    const released = this.fates.filter(
      (fate) => fate.released && fate.wanted && this.naive.acknowledgedUs(fate) <= this.nowUs,
    )
    this.lost.push({
      kind: 'store-loss',
      atUs: this.nowUs,
      storeLost: released.filter((fate) => fate.objects > 0),
    })
    for (const fate of this.fates) {
      if (fate.released && this.#isOnlyInStreams(fate)) this.#destroy(fate, strike)
      if (fate.released) fate.released = null
      const unread = !fate.confirmed && this.naive.inWal(fate)
      if (fate.objects > 0 && (this.naive.isStaged(fate) || unread)) {
        fate.objects = 0
        fate.owedSince = strike
      }
    }
    this.#objects.length = 0
    this.storedEdits = 0
    this.ledger.strike('store-loss')
  }

  #isOnlyInStreams(fate: Fate): boolean {
    if (fate.objects > 0 || !fate.wanted || fate.lostIn !== null) return false
    return [...this.streams].some(({ extents }) =>
      extents.some(({ log, from, to }) => {
        return log === fate.server.log.id && from <= fate.edit && fate.edit < to
      }),
    )
  }

  #destroy(fate: Fate, strike: number): void {
    fate.lostIn = strike
    fate.walGone = !this.naive.inWal(fate)
    fate.released = null
  }

  /** What the cluster had still when the store was lost, and lets go all the same. */
  #reckonWithLostStores(): void {
    this.naive.forget()
    for (const fate of this.naive.lostNow()) {
      if (fate.owedSince === null) continue
      this.#destroy(fate, fate.owedSince)
      fate.owedSince = null
    }
    this.naive.forget()
  }
}
