import { describe, expect, it } from 'vitest'
import type { FlushResult } from '../../../src/hbase/regionserver/region-flush.js'
import {
  RegionReplicaFlushHandler,
  type RegionReplicaFlushOptions,
  regionReplicaFlushRetries,
} from '../../../src/hbase/regionserver/region-replica-flush-handler.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { World } from '../../storage/world.js'

const MS = 1000
const FLUSH_US = 50 * MS
const FLUSHED: FlushResult = { result: 'FLUSHED_NO_COMPACTION_NEEDED', sequenceId: 7 }
const EMPTY: FlushResult = { result: 'CANNOT_FLUSH_MEMSTORE_EMPTY', sequenceId: 7 }
const BUSY: FlushResult = { result: 'CANNOT_FLUSH', reason: 'already flushing' }

/** A server that has opened secondaries, and what their primaries answer. */
class OpeningServer {
  readonly world = new World()
  readonly requestedUs: number[] = []
  readonly requested: number[] = []
  readonly readable: number[] = []
  readonly aborts: string[] = []
  readonly closed = new Set<number>()
  readonly #handler: RegionReplicaFlushHandler

  /** @param answer of the n-th request; null: the primary cannot be reached */
  constructor(
    answer: (n: number) => FlushResult | null,
    changes: Partial<RegionReplicaFlushOptions> = {},
  ) {
    const { scheduler } = this.world
    this.#handler = new RegionReplicaFlushHandler({
      scheduler,
      threads: 3,
      pauseUs: 100 * MS,
      retries: 4,
      enablesReads: true,
      isOpen: (region) => !this.closed.has(region),
      requestFlush: (region) => this.#request(region, answer),
      enableReads: (region) => this.readable.push(region),
      abort: (reason) => this.aborts.push(reason),
      ...changes,
    })
  }

  opened(...regions: readonly number[]): void {
    for (const region of regions) {
      this.world.host.spawn('RegionReplicaFlushHandler', this.#handler.process(region))
    }
  }

  run(untilUs: number): void {
    this.world.scheduler.run(untilUs)
  }

  *#request(region: number, answer: (n: number) => FlushResult | null): Protocol<FlushResult> {
    this.requested.push(region)
    const n = this.requestedUs.push(this.world.scheduler.now) - 1
    yield FLUSH_US
    const result = answer(n)
    if (result === null) throw new IOException('refused', 'no region server is there')
    return result
  }
}

describe('RegionReplicaFlushHandler', () => {
  it.each([FLUSHED, EMPTY])('HBase 3 enables reads when the primary answers $result', (answer) => {
    const server = new OpeningServer(() => answer)
    server.opened(5)
    server.run(FLUSH_US - 1)
    expect(server.readable).toEqual([])
    server.run(1e6)
    expect(server.readable).toEqual([5])
    expect(server.requestedUs).toEqual([0])
  })

  it('HBase 2 leaves that to what the secondary replays', () => {
    const server = new OpeningServer(() => FLUSHED, { enablesReads: false })
    server.opened(5)
    server.run(60e6)
    expect(server.readable).toEqual([])
    expect(server.requestedUs).toEqual([0])
  })

  it.each([
    ['flushes already or closes', BUSY],
    ['cannot be reached', null],
  ])('asks again, after longer and longer, a primary that %s', (_why, answer) => {
    const server = new OpeningServer((n) => (n < 3 ? answer : FLUSHED))
    server.opened(5)
    server.run(60e6)
    expect(server.requestedUs).toEqual([0, 150 * MS, 400 * MS, 850 * MS])
    expect(server.readable).toEqual([5])
    expect(server.aborts).toEqual([])
  })

  it('aborts the server when its retries are exhausted', () => {
    const server = new OpeningServer(() => BUSY)
    server.opened(5)
    server.run(60e6)
    expect(server.requestedUs).toHaveLength(5)
    expect(server.aborts).toHaveLength(1)
    expect(server.readable).toEqual([])
  })

  it('gives up when the secondary is closed', () => {
    const server = new OpeningServer(() => BUSY)
    server.opened(5)
    server.run(200 * MS)
    server.closed.add(5)
    server.run(60e6)
    expect(server.requestedUs).toHaveLength(2)
    expect(server.aborts).toEqual([])
  })

  it('asks for three flushes at once, for others when one of them has ended', () => {
    const server = new OpeningServer(() => FLUSHED)
    server.opened(5, 6, 7, 8, 9)
    server.run(60e6)
    expect(server.requestedUs).toEqual([0, 0, 0, FLUSH_US, FLUSH_US])
    expect(server.requested).toEqual([5, 6, 7, 8, 9])
    expect(server.readable).toEqual([5, 6, 7, 8, 9])
  })

  it('retries as often as a client, or a multiple if that is little', () => {
    expect(regionReplicaFlushRetries(15, 3)).toBe(15)
    expect(regionReplicaFlushRetries(3, 3)).toBe(9)
  })
})
