import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DisasterClass } from '../../../src/storage/disaster.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { bytesOf, MIB, World } from '../world.js'

const BLOCK = 100

function file(replicas = 3, racks = 2): HdfsFile {
  return new HdfsFile('/wal', new FSNamesystem(1e9, replicas, racks), BLOCK)
}

/** Appends `bytes`, then flushes or syncs all of it. */
function write(to: HdfsFile, bytes: number, how: 'buffer' | 'hflush' | 'hsync'): void {
  to.append(bytesOf(to.bytesWritten, bytes))
  if (how === 'hflush') to.acknowledge(to.bytesWritten, to.bytesSynced)
  if (how === 'hsync') to.acknowledge(to.bytesWritten, to.bytesWritten)
}

describe('R1: hflushed bytes', () => {
  test.each([
    ['region-server-crash', 30],
    ['data-node-crash', 30],
    ['rack-power-loss', 30],
    ['cluster-power-loss', 0],
    ['hdfs-loss', 0],
    ['cluster-loss', 0],
    ['store-loss', 30],
  ] as [DisasterClass, number][])('after %s %d bytes of 30 are left', (disaster, bytes) => {
    const wal = file()
    write(wal, 30, 'hflush')
    write(wal, 7, 'buffer')
    expect(wal.survivingBytes(disaster)).toBe(bytes)
    expect(wal.visibleBytes()).toBe(30)
  })

  test('one replica, or one rack, is no protection', () => {
    const single = file(1, 1)
    write(single, 30, 'hflush')
    expect(single.survivingBytes('data-node-crash')).toBe(0)
    const oneRack = file(3, 1)
    write(oneRack, 30, 'hflush')
    expect(oneRack.survivingBytes('rack-power-loss')).toBe(0)
  })
})

describe('R2: hsync covers the current block only', () => {
  test('hsynced bytes survive the loss of power', () => {
    const wal = file()
    write(wal, 30, 'hsync')
    write(wal, 7, 'hflush')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(30)
  })

  test('a block that is left with an unsynced end is corrupt, whatever is synced later', () => {
    const wal = file()
    write(wal, 80, 'hsync')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(80)
    write(wal, 30, 'hsync')
    expect([wal.bytesFlushed, wal.bytesSynced]).toEqual([110, 80])
    expect(wal.survivingBytes('cluster-power-loss')).toBe(0)
    write(wal, 60, 'hsync')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(0)
    expect(wal.survivingBytes('rack-power-loss')).toBe(170)
  })

  test('an hsync at the very end of a block syncs nothing: that block is finished by then', () => {
    const wal = file()
    write(wal, 80, 'hsync')
    write(wal, 20, 'hsync')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(0)
  })

  test('nothing survives of a file with a corrupt block in its middle: nobody gets through it', () => {
    const wal = file()
    write(wal, 90, 'hsync')
    wal.append(bytesOf(90, 10))
    for (const replica of wal.blocks[0].replicas) replica.durableBytes = 100
    wal.acknowledge(100, 90)
    write(wal, 50, 'hsync')
    write(wal, 60, 'hflush')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(0)
    expect(wal.survivingBytes('region-server-crash')).toBe(210)
  })

  test('through the stream: only hsync syncs, and only what was written before it', () => {
    const world = new World()
    const hdfs = world.hdfs({}, { 'dfs.blocksize': '1m' })
    const stream = world.run(hdfs.create('/wal', world.writer()))
    stream.write(bytesOf(0, MIB / 2))
    world.finish(stream.hsync())
    stream.write(bytesOf(MIB / 2, 10))
    world.finish(stream.hflush())
    expect(stream.file.survivingBytes('cluster-power-loss')).toBe(MIB / 2)
    expect(stream.file.survivingBytes('region-server-crash')).toBe(MIB / 2 + 10)
  })
})

describe('R3: close has hflush strength', () => {
  test('a closed file is readable to its end, and no safer than hflushed', () => {
    const world = new World()
    const stream = world.run(world.hdfs().create('/wal', world.writer()))
    stream.write(bytesOf(0, 30))
    world.finish(stream.close())
    expect(stream.file.closed).toBe(true)
    expect(stream.file.survivingBytes('region-server-crash')).toBe(30)
    expect(stream.file.survivingBytes('cluster-power-loss')).toBe(0)
    expect(() => stream.write(bytesOf(30, 1))).toThrow('closed')
  })

  test('closing can cost what was hsynced: replicas shorter than the block are corrupt', () => {
    const wal = file()
    write(wal, 80, 'hsync')
    write(wal, 10, 'hflush')
    expect(wal.survivingBytes('cluster-power-loss')).toBe(80)
    wal.markClosed()
    expect(wal.survivingBytes('cluster-power-loss')).toBe(0)
    const synced = file()
    write(synced, 80, 'hsync')
    synced.markClosed()
    expect(synced.survivingBytes('cluster-power-loss')).toBe(80)
  })
})

describe('the length that the NameNode reports', () => {
  test('of an open file: complete blocks, and of the last what its first flush told', () => {
    const wal = file()
    write(wal, 10, 'hflush')
    write(wal, 10, 'hflush')
    expect(wal.statusBytes()).toBe(10)
    write(wal, 90, 'hflush')
    expect(wal.statusBytes()).toBe(110)
    write(wal, 20, 'hflush')
    expect(wal.statusBytes()).toBe(110)
    wal.markClosed()
    expect(wal.statusBytes()).toBe(130)
  })

  test('of a block that is exactly full: the whole block', () => {
    const wal = file()
    write(wal, 10, 'hflush')
    write(wal, 90, 'hflush')
    expect(wal.statusBytes()).toBe(100)
  })
})

test('a deleted file has no bytes, and deleting it again changes nothing', () => {
  const namesystem = new FSNamesystem(1e9, 3, 2)
  const wal = new HdfsFile('/wal', namesystem, BLOCK)
  write(wal, 30, 'hsync')
  wal.remove()
  wal.remove()
  expect(wal.survivingBytes('region-server-crash')).toBe(0)
  expect([namesystem.files.size, namesystem.usedBytes]).toEqual([0, 0])
})

test('the loss of power never spares more than a crash, nor that more than is visible', () => {
  const how = fc.constantFrom('buffer' as const, 'hflush' as const, 'hsync' as const)
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), how)), (writes) => {
      const wal = file()
      for (const [bytes, strength] of writes) {
        write(wal, bytes, strength)
        const safe = wal.survivingBytes('cluster-power-loss')
        const rackLost = wal.survivingBytes('rack-power-loss')
        expect(safe).toBeLessThanOrEqual(wal.bytesSynced)
        expect(safe).toBeLessThanOrEqual(rackLost)
        expect(rackLost).toBeLessThanOrEqual(wal.survivingBytes('region-server-crash'))
        expect(wal.survivingBytes('region-server-crash')).toBe(wal.visibleBytes())
        expect(wal.statusBytes()).toBeLessThanOrEqual(wal.visibleBytes())
        expect(wal.visibleBytes()).toBeLessThanOrEqual(wal.bytesWritten)
      }
    }),
    { seed: 5 },
  )
})
