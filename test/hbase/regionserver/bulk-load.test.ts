import { expect, test } from 'vitest'
import { bulkLoadHFiles, type HFileToLoad } from '../../../src/hbase/regionserver/bulk-load.js'
import { Stores } from '../../../src/hbase/regionserver/stores.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { outcome, World } from '../../storage/world.js'
import { fileOf } from '../compactions/store-files.js'

class BulkLoadWorld {
  readonly world = new World()
  readonly stores = new Stores([2])
  readonly log: string[] = []
  marker: MarkerDescriptor | null = null
  /** What the region's flush answers. */
  flushed: number | null = 7
  failing = ''
  readonly #hdfs = this.world.hdfs()

  hfile(family: number, name: string): HFileToLoad {
    const file = this.#hdfs.register(`staging/${name}`)
    return { name, family, bytes: 100, entries: 10, oldestCellUs: -1000, file }
  }

  load(assignSequenceId: boolean, ...files: readonly HFileToLoad[]) {
    return bulkLoadHFiles(0, files, assignSequenceId, {
      scheduler: this.world.scheduler,
      stores: this.stores,
      flush: () => this.#flush(),
      commit: (file) => this.#commit(file),
      writeMarker: (_region, _bytes, descriptor) => {
        this.marker = descriptor
        return this.#step('marker', 100)
      },
      abort: (reason) => this.log.push(`abort: ${reason}`),
    })
  }

  *#flush(): Protocol<number | null> {
    yield* this.#step('flush', 5000)
    return this.flushed
  }

  *#commit(file: HdfsFile): Protocol {
    yield* this.#step(`commit ${file.path}`, 20)
    file.rename(file.path.replace('staging', 'data/0/cf'))
  }

  *#step(what: string, us: number): Protocol {
    this.log.push(what)
    yield us
    if (what === this.failing) throw new IOException('refused', what)
  }
}

test('the region is flushed, files get the id of the flush, and a marker tells of them', () => {
  const world = new BulkLoadWorld()
  world.stores.store(0, 0).add(fileOf(7, 10))
  const loaded = world.world.run(world.load(true, world.hfile(0, 'a'), world.hfile(1, 'b')))
  expect(world.log).toEqual(['flush', 'commit staging/a', 'commit staging/b', 'marker'])
  expect(world.marker).toEqual({ kind: 'BULK_LOAD', sequence: 7, files: loaded })
  expect(loaded.map(({ name }) => name)).toEqual(['data/0/cf/a', 'data/0/cf/b'])
  expect(world.stores.store(0, 1).files).toEqual([loaded[1]])
  expect(loaded[0]).toMatchObject({ bulkLoaded: true, maxSequenceId: 7, createdUs: 5020 })
  expect(loaded[0].oldestCellUs).toBe(-1000)
})

test('without an id nothing is flushed, and the file counts as older than all', () => {
  const world = new BulkLoadWorld()
  world.stores.store(0, 0).add(fileOf(3, 10))
  const loaded = world.world.run(world.load(false, world.hfile(0, 'a')))
  expect(world.log).not.toContain('flush')
  expect(world.stores.store(0, 0).files[0]).toBe(loaded[0])
})

test('where another flush was under way, files get no id', () => {
  const world = new BulkLoadWorld()
  world.flushed = null
  expect(world.world.run(world.load(true, world.hfile(0, 'a')))[0].maxSequenceId).toBe(-1)
})

test('a load that fails in the middle leaves what was loaded, and the marker tells of it', () => {
  const world = new BulkLoadWorld()
  world.failing = 'commit staging/b'
  const files = [world.hfile(0, 'a'), world.hfile(0, 'b'), world.hfile(0, 'c')]
  expect(world.world.run(outcome(world.load(true, ...files)))).toBe('refused')
  expect(world.stores.store(0, 0).files).toHaveLength(1)
  expect(world.log).toEqual(['flush', 'commit staging/a', 'commit staging/b', 'marker'])
})

test('nothing is loaded, and nothing told, where the flush fails', () => {
  const world = new BulkLoadWorld()
  world.failing = 'flush'
  expect(world.world.run(outcome(world.load(true, world.hfile(0, 'a'))))).toBe('refused')
  expect(world.log).toEqual(['flush'])
})

test('a server that cannot write the marker aborts', () => {
  const world = new BulkLoadWorld()
  world.failing = 'marker'
  expect(world.world.run(world.load(true, world.hfile(0, 'a')))).toEqual([])
  expect(world.log.at(-1)).toBe('abort: Failed to write bulk load event into WAL.')
})
