import { expect, test } from 'vitest'
import type { CompactionRequest } from '../../../src/hbase/compactions/compaction-request.js'
import { HStore } from '../../../src/hbase/regionserver/h-store.js'
import type { StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import { Stores } from '../../../src/hbase/regionserver/stores.js'
import { fileOf } from '../compactions/store-files.js'

function storeWith(...files: readonly StoreFile[]): HStore {
  const store = new HStore(0, 0)
  for (const file of files) store.add(file)
  return store
}

function requestOf(...files: readonly StoreFile[]): CompactionRequest {
  return { files, bytes: 0, isAllFiles: false, isMajor: false, isOffPeak: false }
}

test('files stand in the order of their highest sequence id, whenever they came', () => {
  const [a, b, c] = [fileOf(10, 1), fileOf(20, 1), fileOf(30, 1)]
  const store = storeWith(b, c, a)
  expect(store.files).toEqual([a, b, c])
  expect(store.maxSequenceId).toBe(30)
  expect(new HStore(0, 0).maxSequenceId).toBe(-1)
})

test('files without a sequence id come first; of equals the larger, the older, then by name', () => {
  const loaded = fileOf(-1, 5, { bulkLoaded: true })
  const large = fileOf(7, 9)
  const old = fileOf(7, 5, { name: 'z', createdUs: -5 })
  const a = fileOf(7, 5, { name: 'a' })
  const b = fileOf(7, 5, { name: 'b' })
  expect(storeWith(b, a, old, large, loaded).files).toEqual([loaded, large, old, a, b])
})

test('an output takes the place of its inputs, which stay beside until they are archived', () => {
  const [a, b, c] = [fileOf(1, 10), fileOf(2, 20), fileOf(3, 30)]
  const store = storeWith(a, b, c)
  const output = fileOf(2, 30, { name: 'output' })
  store.replace([a, b], [output])
  expect(store.files).toEqual([output, c])
  expect(store.compactedFiles).toEqual([a, b])
  expect(store.bytes).toBe(60)
  store.discharged(a)
  expect(store.compactedFiles).toEqual([b])
  expect(() => store.replace([a], [])).toThrow('does not have')
})

test('a reader keeps the files of the instant at which it began', () => {
  const [a, b] = [fileOf(1, 10), fileOf(2, 20)]
  const store = storeWith(a)
  const first = store.acquire()
  store.add(b)
  const second = store.acquire()
  store.replace([a, b], [fileOf(2, 30, { name: 'output' })])
  expect([store.readersOf(a), store.readersOf(b)]).toEqual([2, 1])
  expect(store.dischargeableFiles).toEqual([])
  store.release(second)
  expect(store.dischargeableFiles).toEqual([b])
  store.release(first)
  expect(store.dischargeableFiles).toEqual([a, b])
})

test('no file is in two compactions', () => {
  const [a, b, c] = [fileOf(1, 1), fileOf(2, 1), fileOf(3, 1)]
  const store = storeWith(a, b, c)
  const request = requestOf(a, b)
  store.startCompaction(request)
  expect(store.filesCompacting).toEqual([a, b])
  expect(() => store.startCompaction(requestOf(b, c))).toThrow('in common')
  store.endCompaction(request)
  expect(store.filesCompacting).toEqual([])
})

test('compactions and readers are gone when another server opens the region; files are not', () => {
  const [a, b] = [fileOf(1, 1), fileOf(2, 1)]
  const stores = new Stores([1])
  const store = stores.store(0, 0)
  store.add(a)
  store.acquire()
  store.replace([a], [b])
  const request = requestOf(b)
  store.startCompaction(request)
  store.forceMajor = true
  stores.opened(0)
  expect(store.isCompacting(request)).toBe(false)
  expect(store.forceMajor).toBe(false)
  expect(store.files).toEqual([b])
  expect(store.dischargeableFiles).toEqual([a])
})

test('a region has as many files as the family with most', () => {
  const stores = new Stores([2, 1])
  stores.store(0, 1).add(fileOf(1, 1))
  stores.store(0, 1).add(fileOf(2, 1))
  stores.store(0, 0).add(fileOf(1, 1))
  expect([stores.filesOf(0), stores.filesOf(1)]).toEqual([2, 0])
  expect(() => stores.store(2, 0)).toThrow('no region')
  expect(() => stores.store(1, 1)).toThrow('no family')
})
