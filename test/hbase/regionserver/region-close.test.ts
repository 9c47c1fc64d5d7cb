import { expect, test } from 'vitest'
import { closeRegion, closeRegions } from '../../../src/hbase/regionserver/region-close.js'
import { DroppedSnapshotException } from '../../../src/hbase/regionserver/region-flush.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { IOException } from '../../../src/storage/io-exception.js'

const dropped = new DroppedSnapshotException(0, new IOException('no-space', 'full'))

/** A region with three HFiles; each step of closing it takes 10 ms. */
class ClosingRegion {
  readonly scheduler = new Scheduler()
  readonly host = new Host(this.scheduler, 'rs1')
  readonly history: string[] = []
  memstoreBytes = 6_000_000
  /** Written while the first flush runs. */
  writtenMeanwhile = 1000
  descriptor: MarkerDescriptor | null = null
  fault: ((step: string) => Error | null) | null = null

  close(): void {
    const closing = closeRegion(0, {
      flushes: {
        disable: () => this.step('flushes disabled'),
        flushToClose: () => this.#flush(),
      },
      memstoreBytes: () => this.memstoreBytes,
      precloseFlushSize: 5_242_880,
      wal: {
        appendMarker: (_region, bytes, descriptor) => {
          this.history.push(`${descriptor.kind} of ${bytes} bytes`)
          this.descriptor = descriptor
        },
        sync: () => this.step('sync'),
      },
      filesOf: () => 3,
      readPoint: () => 9,
      stopReplication: () => this.step('replication stopped'),
      stopCompactions: () => this.step('compactions stopped'),
      stopServing: () => this.step('no more served'),
    })
    this.host.spawn('close', closing)
    this.scheduler.run()
  }

  *#flush(): Protocol {
    yield* this.step(`flush of ${this.memstoreBytes}`)
    this.memstoreBytes = this.writtenMeanwhile
    this.writtenMeanwhile = 0
  }

  *step(name: string): Protocol {
    yield 10_000
    const error = this.fault?.(name) ?? null
    if (error !== null) throw error
    this.history.push(`${this.scheduler.now / 1000} ${name}`)
  }
}

test('a large memstore is flushed while it is served, and the rest when it is not', () => {
  const world = new ClosingRegion()
  world.close()
  expect(world.history).toEqual([
    '10 compactions stopped',
    '20 flushes disabled',
    '30 flush of 6000000',
    '40 replication stopped',
    '50 no more served',
    '60 flush of 1000',
    'REGION_CLOSE of 376 bytes',
    '70 sync',
  ])
  expect(world.descriptor).toEqual({ kind: 'REGION_CLOSE', sequence: 9 })
})

test('a small memstore is flushed once, when it is served no more', () => {
  const world = new ClosingRegion()
  world.memstoreBytes = 5_242_880
  world.writtenMeanwhile = 0
  world.close()
  expect(world.history.slice(3, 5)).toEqual(['40 no more served', '50 flush of 5242880'])
})

test('an empty memstore is not flushed', () => {
  const world = new ClosingRegion()
  world.memstoreBytes = 0
  world.close()
  expect(world.history.at(-1)).toBe('50 sync')
})

test('a preflush that fails is no hindrance', () => {
  const world = new ClosingRegion()
  let failures = 0
  world.fault = (step) =>
    step.startsWith('flush of') && failures++ === 0 ? new IOException('refused', 'no') : null
  world.close()
  expect(world.history.at(-1)).toBe('80 sync')
})

test.each([6_000_000, 1000])('a flush of %i bytes that drops its snapshot is', (bytes) => {
  const world = new ClosingRegion()
  world.memstoreBytes = bytes
  world.fault = (step) => (step.startsWith('flush of') ? dropped : null)
  expect(() => world.close()).toThrow('dropped')
  expect(world.history).not.toContain('REGION_CLOSE of 376 bytes')
})

test('a memstore that no flush empties makes the closing fail', () => {
  const world = new ClosingRegion()
  world.memstoreBytes = 1000
  Object.defineProperty(world, 'memstoreBytes', { get: () => 1000, set: () => {} })
  expect(() => world.close()).toThrow('cannot be emptied')
  expect(world.history.filter((line) => line.includes('flush of'))).toHaveLength(6)
})

test('a server that stops closes its regions, three at a time', () => {
  const scheduler = new Scheduler()
  const host = new Host(scheduler, 'rs1')
  const closed: string[] = []
  function* close(region: number): Protocol {
    yield 100_000
    closed.push(`${region} at ${scheduler.now / 1000}`)
  }
  host.spawn('stop', closeRegions([4, 5, 6, 7], 3, host, close))
  scheduler.run()
  expect(closed).toEqual(['4 at 100', '5 at 100', '6 at 100', '7 at 200'])
})

test('a region that cannot be closed keeps no other from being', () => {
  const scheduler = new Scheduler()
  const host = new Host(scheduler, 'rs1')
  const closed: number[] = []
  function* close(region: number): Protocol {
    yield 100_000
    if (region === 4) throw new IOException('refused', 'region 4')
    closed.push(region)
  }
  host.spawn('stop', closeRegions([4, 5, 6, 7], 2, host, close))
  expect(() => scheduler.run()).toThrow('region 4')
  expect(closed).toEqual([5, 6, 7])
})
