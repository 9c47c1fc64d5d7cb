import { recoveryParameters } from '../../../src/hbase/master/recovery-parameters.js'
import type { RegionEntries } from '../../../src/hbase/master/wal-splitter.js'
import { above } from '../../../src/hbase/regionserver/recovered-edits.js'
import { openRegion } from '../../../src/hbase/regionserver/region-open.js'
import { Luck } from '../../../src/kernel/draws.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { Sampler } from '../../../src/storage/sampler.js'
import { type FakeServer, MasterWorld } from './master-world.js'

/** The cells of one region: each edit is one byte in each of two families, its id is its number. */
interface RegionState {
  lastId: number
  readonly memstore: number[]
  readonly hFileCells: number[]
  readonly hFileMaxId: number[]
  closing: boolean
  /** A flush that is not over, by the server's name. */
  flushing: string | null
}

/**
 * Servers that write, flush, roll and archive in the plainest way, under a master that recovers them
 * by the real splits and replays.
 */
export class RecoveringCluster {
  readonly world: MasterWorld
  readonly regions: RegionState[]
  readonly #wals = new Map<FakeServer, Map<number, RegionEntries>>()

  constructor(servers: number, regions: number, site: Record<string, string> = {}) {
    this.world = new MasterWorld(servers, regions, site)
    this.world.familyShares = [0.5, 0.5]
    this.world.hdfs.operationUs = 50_000
    this.world.beforeOpen = (_server, region) => this.#open(region)
    this.world.beforeClose = (server, region) => this.#close(server, region)
    this.regions = Array.from({ length: regions }, () => ({
      lastId: 0,
      memstore: [0, 0],
      hFileCells: [0, 0],
      hFileMaxId: [0, 0],
      closing: false,
      flushing: null,
    }))
  }

  /** So many edits, acknowledged at this instant, if the region is served. */
  write(region: number, edits: number): void {
    const server = this.world.locations.serverOf(region)
    const state = this.regions[region]
    if (server === null || state.closing) return
    const first = state.lastId + 1
    state.lastId += edits
    for (const family of [0, 1]) state.memstore[family] += edits
    const wal = this.#walOf(server)
    const before = wal.get(region)
    wal.set(region, {
      region,
      minSequenceId: before?.minSequenceId ?? first,
      maxSequenceId: state.lastId,
      bytes: (before?.bytes ?? 0) + 2 * edits,
    })
  }

  /** Flushes one family, which takes 400 ms. */
  flush(region: number, family: number): void {
    const server = this.world.locations.serverOf(region)
    const { closing, flushing } = this.regions[region]
    if (server === null || closing || flushing === server.name) return
    server.host.spawn('flush', this.#flush(server, region, [family]))
  }

  /** The server's WAL is closed and archived as soon as all of it is in HFiles. */
  roll(server: FakeServer): void {
    const entries = [...this.#walOf(server).values()]
    this.#wals.delete(server)
    if (entries.length > 0) server.log(entries)
    this.#archive(server)
  }

  /** The server's report to the master. */
  report(server: FakeServer): void {
    const regions = this.world.locations.regionsOf(server)
    const flushed = regions.map((region) => [region, this.regions[region].hFileMaxId] as const)
    this.world.master.servers.report(server, new Map(flushed))
  }

  end(server: FakeServer, how: 'killed' | 'aborted'): void {
    this.roll(server)
    this.world.end(server, how)
  }

  *#flush(server: FakeServer, region: number, families: readonly number[]): Protocol {
    const state = this.regions[region]
    state.flushing = server.name
    const { lastId } = state
    const cells = families.map((family) => state.memstore[family])
    yield 400_000
    families.forEach((family, i) => {
      if (cells[i] === 0) return
      state.memstore[family] -= cells[i]
      this.#addHFile(region, family, cells[i], lastId)
    })
    state.flushing = null
    this.#archive(server)
  }

  *#close(server: FakeServer, region: number): Protocol {
    const state = this.regions[region]
    while (state.flushing === server.name) yield 10_000
    state.closing = true
    yield* this.#flush(server, region, [0, 1])
  }

  *#open(region: number): Protocol {
    const { scheduler, hdfs: storage, recoveredEdits } = this.world
    const state = this.regions[region]
    const flushRecovered = (sequenceId: number) => this.#flushRecovered(region, sequenceId)
    yield* openRegion(region, 0, {
      scheduler,
      storage,
      recoveredEdits,
      regionName: (region: number) => region,
      sampler: new Sampler(recoveryParameters, new Luck(1)),
      flushSize: 40,
      stores: {
        filesOf: () => [],
        maxSequenceId: (_region, family) => state.hFileMaxId[family],
        addRecovered: ({ families: [range] }) => {
          // What other HFiles hold, too, is there once: the master’s knowledge lags.
          const cells = above(range, state.hFileMaxId[range.family])?.bytes ?? 0
          this.#addHFile(region, range.family, cells, range.maxSequenceId)
        },
      },
      memstore: {
        families: () => 2,
        heapBytes: () => state.memstore[0] + state.memstore[1],
        restore: (_region, family, bytes) => {
          state.memstore[family] += bytes
        },
        clear: () => {
          state.memstore.fill(0)
        },
      },
      nextSequenceId: () => 0,
      wal: { appendMarker: () => null, sync: nothing },
      flushRecovered: (_region, sequenceId) => flushRecovered(sequenceId),
      requestCompaction: () => {},
      online: () => {
        state.closing = false
        state.flushing = null
      },
    })
  }

  *#flushRecovered(region: number, sequenceId: number): Protocol {
    yield 100_000
    const { memstore } = this.regions[region]
    for (const family of [0, 1]) {
      if (memstore[family] > 0) this.#addHFile(region, family, memstore[family], sequenceId)
      memstore[family] = 0
    }
  }

  #addHFile(region: number, family: number, cells: number, maxId: number): void {
    const { hFileCells, hFileMaxId } = this.regions[region]
    hFileCells[family] += cells
    hFileMaxId[family] = Math.max(hFileMaxId[family], maxId)
  }

  #archive(server: FakeServer): void {
    for (const wal of server.files) {
      const flushed = [...wal.regionEntries()].every(
        ({ region, maxSequenceId }) =>
          maxSequenceId <= Math.min(...this.regions[region].hFileMaxId),
      )
      if (flushed) wal.archivedUs ??= this.world.scheduler.now
    }
  }

  #walOf(server: FakeServer): Map<number, RegionEntries> {
    const wal = this.#wals.get(server) ?? new Map<number, RegionEntries>()
    this.#wals.set(server, wal)
    return wal
  }
}

function* nothing(): Protocol {}
