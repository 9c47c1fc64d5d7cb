import type { Protocol } from '../../../src/kernel/process.js'
import type { FutureSync } from '../wal/plain-wal.js'
import type { PlainRegion } from './plain-region.js'
import { Step, type Turns } from './turns.js'
import type { RegionWork, RegionWorkOutcome } from './write-scenario.js'

/** What flushing and closing a region needs of its server. */
export interface PlainWorkContext {
  readonly turns: Turns
  readonly regions: readonly PlainRegion[]
  appendMarker(region: number, sequenceId: number): FutureSync
  /** Of the region's WAL. */
  sync(region: number): Protocol
  free(bytes: number): void
}

type NumberedWork = RegionWork & { place: number }

/** Flushes a region, or closes and opens it, as a thread of its own would. */
export class PlainRegionWork {
  readonly outcomes: RegionWorkOutcome[] = []

  constructor(private readonly context: PlainWorkContext) {}

  /** The works of one region, one after the other. */
  *run(works: readonly NumberedWork[]): Protocol {
    const { turns } = this.context
    for (const work of works) {
      yield* turns.pass(work.atUs - turns.nowUs)
      yield* turns.take(Step.regionWork, work.place)
      if (work.kind === 'flush') yield* this.#flush(work)
      else yield* this.#close(work)
    }
  }

  *#flush({ region: number, place, holdUs, writeUs }: NumberedWork): Protocol {
    const { turns, regions } = this.context
    const region = regions[number]
    yield* region.updatesLock.lock(true)
    yield* turns.take(Step.regionWork, place)
    this.#worked(place, 'locked')
    yield* turns.pass(holdUs)
    yield* turns.take(Step.regionWork, place)
    const flushOpSeqId = region.begin()
    region.complete(flushOpSeqId)
    const start = region.begin()
    this.context.appendMarker(number, start.sequenceId)
    region.complete(start)
    yield* turns.take(Step.regionWork, place)
    region.snapshot()
    region.updatesLock.unlock()
    this.#worked(place, 'unlocked')
    yield* turns.take(Step.regionWork, place)
    yield* this.context.sync(number)
    yield* turns.take(Step.regionWork, place)
    this.#worked(place, 'synced')
    yield* turns.pass(writeUs)
    yield* turns.take(Step.regionWork, place)
    this.context.free(region.commit(flushOpSeqId.sequenceId))
    this.#worked(place, 'committed')
    yield* turns.take(Step.regionWork, place)
    const commit = region.begin()
    const future = this.context.appendMarker(number, commit.sequenceId)
    region.syncedMarker = future
    yield future.synced
    region.complete(commit)
    yield* turns.take(Step.regionWork, place)
    this.#worked(place, 'flushed')
  }

  *#close({ region: number, place, holdUs }: NumberedWork): Protocol {
    const { turns, regions } = this.context
    const region = regions[number]
    yield* region.close()
    yield* turns.take(Step.regionWork, place)
    this.context.free(region.clear())
    this.#worked(place, 'closed')
    yield* turns.pass(holdUs)
    yield* turns.take(Step.regionWork, place)
    region.open = true
    this.#worked(place, 'opened')
  }

  #worked(place: number, what: RegionWorkOutcome['what']): void {
    this.outcomes.push({ place, what, atUs: this.context.turns.nowUs })
  }
}
