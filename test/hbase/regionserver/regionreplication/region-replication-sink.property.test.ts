import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DropReason } from '../../../../src/hbase/regionserver/regionreplication/region-replication-sink.js'
import type {
  ReplicaCallFailure,
  ReplicaCalls,
} from '../../../../src/hbase/regionserver/regionreplication/replica-calls.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'
import { commitFlush, edit, markerEntry, startFlush, startPartialFlush } from './replica-entries.js'
import { SECOND, serverFixture } from './sink-fixture.js'

type Outcome = 'taken' | 'refused' | 'answer lost' | 'lost'

/** A wire that does with every call what the next of `fates` says, over and over. */
class FatefulCalls implements ReplicaCalls {
  /** Entries that each replica has replayed, in that order, again if they came again. */
  readonly replayed = new Map<number, ReplicaEntry[]>()
  calm = false
  readonly #scheduler: Scheduler
  readonly #fates: readonly { outcome: Outcome; delayUs: number }[]
  readonly #pending: (() => void)[] = []
  readonly #handler: number
  #calls = 0

  constructor(scheduler: Scheduler, fates: readonly { outcome: Outcome; delayUs: number }[]) {
    this.#scheduler = scheduler
    this.#fates = fates
    this.#handler = scheduler.handler((n) => this.#pending[n]?.())
  }

  call(
    replica: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void {
    const fate = this.#fates[this.#calls++ % this.#fates.length]
    const outcome = this.calm ? 'taken' : (fate?.outcome ?? 'taken')
    const delayUs = Math.min(fate?.delayUs ?? 1000, timeoutUs - 1)
    const replay = () => {
      const replayed = this.replayed.get(replica) ?? []
      this.replayed.set(replica, [...replayed, ...entries])
    }
    if (outcome === 'taken' || outcome === 'answer lost') this.#after(delayUs, replay)
    if (outcome === 'taken') this.#after(delayUs, () => done(null))
    else if (outcome === 'refused') this.#after(delayUs, () => done('refused'))
    else this.#after(timeoutUs, () => done('timeout'))
  }

  #after(delayUs: number, run: () => void): void {
    const n = this.#pending.push(run) - 1
    this.#scheduler.schedule(this.#scheduler.now + delayUs, this.#handler, n)
  }
}

const fates = fc.array(
  fc.record({
    outcome: fc.constantFrom<Outcome>('taken', 'taken', 'refused', 'answer lost', 'lost'),
    delayUs: fc.integer({ min: 1, max: 900_000 }),
  }),
  { minLength: 1, maxLength: 40 },
)

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'edit', 'edit', 'edit', 'partial', 'start', 'commit', 'cannot'),
    bytes: fc.integer({ min: 100, max: 4000 }),
    waitUs: fc.constantFrom(0, 0, 0, 1000, 200_000, 3 * SECOND),
  }),
  { maxLength: 60 },
)

/** Markers come with ids of their own, and a flush takes one before its first. */
function nextEntry(kind: string, lastId: number, bytes: number): ReplicaEntry {
  if (kind === 'edit') return edit(lastId + 1, bytes)
  if (kind === 'partial') return startPartialFlush(lastId + 2, lastId + 1)
  if (kind === 'start') return startFlush(lastId + 2, lastId + 1)
  if (kind === 'commit') return commitFlush(lastId + 1, lastId)
  return markerEntry(lastId + 1, { kind: 'CANNOT_FLUSH' })
}

function world(wire: readonly { outcome: Outcome; delayUs: number }[], retries: number) {
  const scheduler = new Scheduler()
  const calls = new FatefulCalls(scheduler, wire)
  const limits = { maxPendingBytes: 7000, softPendingBytes: 6000, batchBytes: 5000 }
  const settings = { retries, batchEntries: 4, flushMinIntervalSeconds: 2, ...limits }
  const added: ReplicaEntry[] = []
  const lastId = () => added[added.length - 1]?.sequenceId ?? 0
  const add = (kind: string, bytes: number) => {
    const entry = nextEntry(kind, lastId(), bytes)
    added.push(entry)
    fixture.sink.add(entry)
    check()
  }
  const startHandler = scheduler.handler(() => add('start', 0))
  const commitHandler = scheduler.handler(() => add('commit', 0))
  const requestFlush = () => {
    scheduler.schedule(scheduler.now + 5000, startHandler)
    scheduler.schedule(scheduler.now + 70_000, commitHandler)
  }
  const replicas = [1, 2, 3]
  const missed = new Map<number, number>()
  const onDropped = (
    replica: number | null,
    entries: readonly ReplicaEntry[],
    reason: DropReason,
  ) => {
    const last = entries[entries.length - 1]?.sequenceId ?? 0
    if (reason !== 'flush')
      for (const q of replica === null ? replicas : [replica]) missed.set(q, last)
  }
  const options = { replicas, requestFlush, onDropped }
  const fixture = serverFixture(scheduler, calls, settings, options)
  const check = () => {
    expect(fixture.sink.pendingBytes).toBeGreaterThanOrEqual(0)
    expect(fixture.bufferManager.pendingBytes).toBe(fixture.sink.pendingBytes)
    const coveredId = added[lastFlushOfAll(added)]?.sequenceId ?? 0
    const behind = replicas.filter((q) => (missed.get(q) ?? 0) > coveredId)
    expect(fixture.sink.failedReplicas).toEqual(expect.arrayContaining(behind))
  }
  return { ...fixture, scheduler, calls, replicas, added, add, check }
}

/** The last entry that began a flush of all families. */
function lastFlushOfAll(added: readonly ReplicaEntry[]): number {
  return added.findLastIndex(
    ({ marker }) =>
      marker?.kind === 'CANNOT_FLUSH' || (marker?.kind === 'START_FLUSH' && marker.isFull),
  )
}

it('whatever the wire does, a replica misses nothing that no flush brings it', () => {
  const property = fc.property(
    steps,
    fates,
    fc.integer({ min: 0, max: 2 }),
    (script, wire, retries) => {
      const { scheduler, calls, sink, replicas, added, add, check } = world(wire, retries)
      for (const { kind, bytes, waitUs } of script) {
        add(kind, bytes)
        scheduler.run(scheduler.now + waitUs)
        check()
      }
      scheduler.run(scheduler.now + 20 * SECOND)

      for (const replica of replicas) {
        const replayed = calls.replayed.get(replica) ?? []
        const inOrder = [...new Set(replayed.map(({ sequenceId }) => sequenceId))]
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
      }
      calls.calm = true
      scheduler.run(scheduler.now + 300 * SECOND)
      expect(sink.pendingBytes).toBe(0)
      for (const replica of replicas.filter((q) => !sink.failedReplicas.includes(q))) {
        const needed = added.slice(Math.max(0, lastFlushOfAll(added)))
        expect(calls.replayed.get(replica) ?? []).toEqual(expect.arrayContaining(needed))
      }
      add('start', 0)
      add('commit', 0)
      scheduler.run(scheduler.now + 300 * SECOND)
      check()
      expect(sink.failedReplicas).toEqual([])
      expect(sink.pendingBytes).toBe(0)
      for (const replica of replicas) {
        expect(calls.replayed.get(replica)).toEqual(expect.arrayContaining(added.slice(-2)))
      }
    },
  )
  fc.assert(property, { numRuns: 300, seed: 26233 })
})
