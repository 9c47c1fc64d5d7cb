import { markerWork } from '../../../src/hbase/regionserver/marker.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { FutureSync, PlainWal } from '../wal/plain-wal.js'
import type { PlainRegion } from './plain-region.js'
import type { Turns } from './turns.js'
import {
  durabilityOf,
  type EditOutcome,
  groupsOfRegions,
  type WriteScenario,
} from './write-scenario.js'

/** Where an edit is noted, and its place among those that go on at one instant. */
export interface Logged {
  readonly group: number
  readonly edit: number
  readonly syncedWith: number
  order(): number
}

interface PlainWriteLogContext {
  readonly scenario: WriteScenario
  readonly turns: Turns
  readonly regions: readonly PlainRegion[]
  readonly wals: readonly PlainWal[]
  nextOrder(): number
}

/** Everything that a server writes, WAL by WAL, and what is to be in none of them. */
export class PlainWriteLog {
  readonly edits: readonly EditOutcome[][]
  readonly skipped: EditOutcome[] = []
  readonly #context: PlainWriteLogContext
  readonly #groupOf: Map<number, number>

  constructor(context: PlainWriteLogContext) {
    const { scenario } = context
    this.#context = context
    this.#groupOf = groupsOfRegions(scenario)
    this.edits = Array.from({ length: scenario.groups }, () => [])
  }

  walOf(region: number): PlainWal {
    return this.#context.wals[this.#groupOf.get(region) ?? 0]
  }

  /** The edit is as durable as its table wants it when this returns. */
  *write(number: number, id: number, bytes: number, operation: number): Protocol<Logged> {
    const { scenario, turns } = this.#context
    const durability = durabilityOf(scenario, number)
    const group = this.#groupOf.get(number) ?? 0
    if (durability === 'SKIP_WAL') {
      const writtenUs = turns.nowUs
      const edit = { operation, region: number, sequenceId: id, bytes, writtenUs }
      return this.#unsynced(number, id, scenario.groups, this.skipped.push(edit) - 1)
    }
    const future = this.#append(number, id, bytes, operation, operation)
    if (durability === 'ASYNC_WAL') return this.#unsynced(number, id, group, future.edit)
    yield future.synced
    const { edit, syncedWith } = future
    return { group, edit, syncedWith, order: () => future.order }
  }

  appendMarker(region: number, sequenceId: number): FutureSync {
    const work = markerWork(region, sequenceId)
    return this.#append(region, sequenceId, 60, -1, work)
  }

  /** Among what happens at one instant it has its place now, or behind the marker it waits for. */
  #unsynced(number: number, id: number, group: number, edit: number): Logged {
    const { regions, nextOrder } = this.#context
    const { syncedMarker: marker } = regions[number]
    const isBehind = marker !== null && marker.order === -1
    const order = isBehind ? 0 : nextOrder()
    return {
      group,
      edit,
      syncedWith: edit,
      order: () => (isBehind ? marker.order + id / 1e6 : order),
    }
  }

  #append(
    region: number,
    sequenceId: number,
    bytes: number,
    operation: number,
    work: number,
  ): FutureSync {
    const { scenario, turns } = this.#context
    const edits = this.edits[this.#groupOf.get(region) ?? 0]
    const writtenUs = turns.nowUs
    const edit = edits.push({ operation, region, sequenceId, bytes, writtenUs }) - 1
    const durability = durabilityOf(scenario, region)
    const isMarker = operation < 0
    return this.walOf(region).append(edit, work, bytes, {
      awaited: isMarker || durability !== 'ASYNC_WAL',
      force: isMarker ? scenario.useHsync : durability === 'FSYNC_WAL',
    })
  }
}
