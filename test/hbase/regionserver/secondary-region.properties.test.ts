import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ReplicaEntry } from '../../../src/hbase/wal/replica-entry.js'
import { FAMILIES, ReplicaWorld } from './replicated-primary.js'

type Step =
  | { readonly do: 'put'; readonly rows: number }
  | { readonly do: 'start'; readonly families: readonly number[] }
  | { readonly do: 'commit' | 'compact' | 'archive' | 'move' | 'crash' | 'cannot' | 'refresh' }
  | { readonly do: 'deliver'; readonly pick: number; readonly lost: boolean }

function steps(refreshes: boolean, losses: boolean): fc.Arbitrary<readonly Step[]> {
  const families = fc.subarray(FAMILIES, { minLength: 1 })
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), rows: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('start' as const), families }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'commit' as const,
          'commit' as const,
          'compact' as const,
          'archive' as const,
          'move' as const,
          'crash' as const,
          'cannot' as const,
          ...(refreshes ? (['refresh'] as const) : []),
        ),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        pick: fc.nat(9),
        lost: losses ? fc.boolean() : fc.constant(false),
      }),
    },
  )
  return fc.array(step, { maxLength: 60 })
}

/** A primary and its secondary, with what is on the way between them. */
class Run {
  readonly world: ReplicaWorld
  /** Entries of each WAL that are still to be delivered. */
  readonly #pending: ReplicaEntry[][] = []
  #taken = 0
  /** Per family, the rows that could be read at some time. */
  readonly #read = FAMILIES.map(() => new Set<number>())

  constructor(
    version: '2.x' | '3.x',
    readonly ordered: boolean,
  ) {
    this.world = new ReplicaWorld({ version })
    this.world.primary.open()
  }

  take(step: Step): void {
    const { primary, secondary } = this.world
    if (step.do === 'put') {
      if (step.rows > 0) primary.put(step.rows)
    } else if (step.do === 'start') {
      if (!primary.isFlushing) primary.startFlush(step.families)
    } else if (step.do === 'commit') {
      if (primary.isFlushing) primary.commitFlush()
    } else if (step.do === 'compact') {
      if (primary.files(0).length > 0) primary.compact(0)
    } else if (step.do === 'archive') primary.archive()
    else if (step.do === 'move') {
      if (!primary.isFlushing) primary.move()
    } else if (step.do === 'crash') primary.crash()
    else if (step.do === 'cannot') primary.cannotFlush()
    else if (step.do === 'deliver') this.#deliver(step.pick, step.lost)
    else secondary.refreshStoreFiles()
    this.check()
  }

  deliverAll(): void {
    this.#collect()
    while (this.#pending.some(({ length }) => length > 0)) {
      this.#deliver(0, false)
      this.check()
    }
  }

  check(): void {
    const { primary, secondary, memstoreBytes } = this.world
    expect(secondary.accountedBytes).toBe(secondary.heapBytes)
    expect(memstoreBytes).toBe(secondary.heapBytes)
    expect(secondary.readable(primary.lastId, primary.lastId + 1)).toBe(false)
    FAMILIES.forEach((family) => {
      for (const file of secondary.files(family)) {
        expect(primary.everyFile.has(file) && file.family === family).toBe(true)
      }
      const read = this.#read[family] as Set<number>
      for (const id of primary.rows) {
        if (secondary.readableIn(family, id - 1, id)) read.add(id)
        else expect(read.has(id)).toBe(false)
      }
    })
  }

  #collect(): void {
    const { primary } = this.world
    for (; this.#taken < primary.entries.length; this.#taken++) {
      const wal = this.ordered ? 0 : (primary.walOf[this.#taken] as number)
      while (this.#pending.length <= wal) this.#pending.push([])
      this.#pending[wal]?.push(primary.entries[this.#taken] as ReplicaEntry)
    }
  }

  /** The first entry of one of the WALs comes to the secondary, or to nobody. */
  #deliver(pick: number, lost: boolean): void {
    this.#collect()
    const wals = this.#pending.filter(({ length }) => length > 0)
    const entry = wals[pick % wals.length]?.shift()
    if (entry !== undefined && !lost) this.world.secondary.replay([entry])
  }
}

it('HBase 2: WALs of several servers in any order lose nothing and go back nowhere', () => {
  fc.assert(
    fc.property(steps(false, false), (taken) => {
      const run = new Run('2.x', false)
      for (const step of taken) run.take(step)
      run.deliverAll()
      expect(run.world.hasRows(0, run.world.primary.rows.length)).toBe(true)
    }),
    { numRuns: 300, seed: 1 },
  )
})

it('HBase 3: lost entries leave gaps and take nothing back; a full flush ends the gaps', () => {
  fc.assert(
    fc.property(steps(true, true), (taken) => {
      const run = new Run('3.x', true)
      for (const step of taken) run.take(step)
      const { primary } = run.world
      if (primary.isFlushing) primary.commitFlush()
      primary.flush()
      run.deliverAll()
      expect(run.world.hasRows(0, primary.rows.length)).toBe(true)
    }),
    { numRuns: 300, seed: 1 },
  )
})
