import { expect, test } from 'vitest'
import { cleanHFiles } from '../../../src/hbase/master/hfile-cleaner.js'
import { dischargeCompactedHFiles } from '../../../src/hbase/regionserver/compacted-hfiles-discharger.js'
import { HFileArchive } from '../../../src/hbase/regionserver/hfile-archive.js'
import type { StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import { Stores } from '../../../src/hbase/regionserver/stores.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { World } from '../../storage/world.js'
import { fileOf } from '../compactions/store-files.js'

const SECOND = 1_000_000
const RENAME_US = 3000

/** A store whose one file was compacted away at time 0, a discharger and a cleaner of HBase's defaults. */
class FileLife {
  readonly world = new World()
  readonly scheduler = this.world.scheduler
  readonly archive = new HFileArchive()
  readonly stores = new Stores([1])
  readonly store = this.stores.store(0, 0)
  readonly file: HdfsFile
  readonly compacted: StoreFile
  referenced = false
  storageFails = false

  constructor(dischargerPhaseUs: number, cleanerPhaseUs: number) {
    const { scheduler, archive, stores, store } = this
    this.file = this.world.hdfs().register('data/0/cf/1')
    this.compacted = fileOf(1, 10, { file: this.file })
    store.add(this.compacted)
    const io = {
      archive: () => this.#storage(() => this.file.rename('archive/data/0/cf/1')),
      remove: () => this.#storage(() => this.file.remove()),
    }
    const regions = () => [0]
    const discharger = { scheduler, stores, archive, io }
    this.world.host.spawn(
      'CompactedHFilesDischarger',
      dischargeCompactedHFiles(regions, 120 * SECOND, dischargerPhaseUs, discharger),
    )
    this.world.host.spawn(
      'HFileCleaner',
      cleanHFiles({
        scheduler,
        archive,
        intervalUs: 600 * SECOND,
        phaseUs: cleanerPhaseUs,
        ttlUs: 300 * SECOND,
        isReferenced: () => this.referenced,
        io,
      }),
    )
  }

  compact(): void {
    this.store.replace([this.compacted], [fileOf(1, 10, { name: 'output' })])
  }

  *#storage(effect: () => void): Protocol {
    yield RENAME_US
    if (this.storageFails) throw new IOException('refused', 'no NameNode')
    effect()
  }
}

test('a compacted file goes to the archive with the next run of the discharger', () => {
  const life = new FileLife(100 * SECOND, 0)
  life.compact()
  life.scheduler.run(100 * SECOND)
  expect(life.store.compactedFiles).toEqual([life.compacted])
  life.scheduler.run(100 * SECOND + RENAME_US)
  expect(life.store.compactedFiles).toEqual([])
  const archivedUs = 100 * SECOND + RENAME_US
  expect(life.archive.files).toEqual([{ file: life.compacted, archivedUs }])
  expect(life.file.path).toBe('archive/data/0/cf/1')
})

test('a file that somebody reads stays in its directory until nobody does', () => {
  const life = new FileLife(100 * SECOND, 0)
  const reader = life.store.acquire()
  life.compact()
  life.scheduler.run(330 * SECOND)
  expect(life.archive.files).toEqual([])
  life.store.release(reader)
  life.scheduler.run(345 * SECOND)
  expect(life.archive.files).toHaveLength(1)
})

test('an archived file is deleted with the first run of the cleaner after the TTL, strictly', () => {
  // Archived at 100 s and 3 ms; the second run comes exactly 300 s later.
  const exact = new FileLife(100 * SECOND, 400 * SECOND + RENAME_US)
  exact.compact()
  exact.scheduler.run(999 * SECOND)
  expect(exact.file.deleted).toBe(false)
  exact.scheduler.run(1001 * SECOND)
  expect(exact.file.deleted).toBe(true)
  expect(exact.archive.files).toEqual([])

  const later = new FileLife(100 * SECOND, 400 * SECOND + RENAME_US + 1)
  later.compact()
  later.scheduler.run(401 * SECOND)
  expect(later.file.deleted).toBe(true)
})

test('an archived file that something else refers to is kept', () => {
  const life = new FileLife(0, 0)
  life.referenced = true
  life.compact()
  life.scheduler.run(5000 * SECOND)
  expect(life.file.deleted).toBe(false)
  life.referenced = false
  life.scheduler.run(5401 * SECOND)
  expect(life.file.deleted).toBe(true)
})

test('what HDFS refuses is done by a later run', () => {
  const life = new FileLife(0, 0)
  life.storageFails = true
  life.compact()
  life.scheduler.run(60 * SECOND)
  expect(life.store.compactedFiles).toHaveLength(1)
  life.storageFails = false
  life.scheduler.run(130 * SECOND)
  expect(life.archive.files).toHaveLength(1)
  life.storageFails = true
  life.scheduler.run(601 * SECOND)
  expect(life.archive.files).toHaveLength(1)
  life.storageFails = false
  life.scheduler.run(1201 * SECOND)
  expect(life.archive.files).toEqual([])
})

test('files older than the run go the same way, at once', () => {
  const life = new FileLife(100 * SECOND, 0)
  const old = fileOf(0, 10, { name: 'old', createdUs: -5 })
  life.store.add(old)
  life.store.replace([old], [])
  life.scheduler.run(100 * SECOND)
  expect(life.archive.files).toEqual([{ file: old, archivedUs: 100 * SECOND }])
  life.scheduler.run(600 * SECOND)
  expect(life.archive.files).toEqual([])
})
