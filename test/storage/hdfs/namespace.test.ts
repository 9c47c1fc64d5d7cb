import { describe, expect, test } from 'vitest'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import { bytesOf, timed, World } from '../world.js'

/** Everything that a watcher is told, as text. */
function watching(hdfs: Hdfs, prefix: string): string[] {
  const told: string[] = []
  hdfs.watch(prefix, {
    changing: () => told.push('changing'),
    changed: (file) => told.push(`${file.path} ${file.visibleBytes()}`),
  })
  return told
}

describe('list', () => {
  test('finds the files below a directory, oldest first, for one NameNode read', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    for (const path of ['/a/rs2/1', '/a/rs1/1', '/ab/1', '/a/rs1/2']) hdfs.register(path)
    const paths = (directory: string) => world.finish(hdfs.list(directory)).map(({ path }) => path)
    expect(paths('/a')).toEqual(['/a/rs2/1', '/a/rs1/1', '/a/rs1/2'])
    expect(paths('/a/rs1')).toEqual(['/a/rs1/1', '/a/rs1/2'])
    expect(paths('/b')).toEqual([])
    expect(world.timed(hdfs.list('/a'))).toBe(700)
  })

  test('finds no deleted file', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = hdfs.register('/a/1')
    world.finish(hdfs.delete(file))
    expect(world.finish(hdfs.list('/a'))).toEqual([])
  })
})

describe('rename', () => {
  test('moves a directory with all below it, for one NameNode write', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const [one, two, other] = ['/a/x/1', '/a/x/y/2', '/a/xx/1'].map((path) => hdfs.register(path))
    expect(world.finish(timed(world.scheduler, hdfs.rename('/a/x', '/b')))).toBe(2500)
    expect([one, two, other].map(({ path }) => path)).toEqual(['/b/1', '/b/y/2', '/a/xx/1'])
    expect(world.finish(hdfs.list('/a'))).toEqual([other])
  })

  test('only one of two who want the same thing gets it', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    hdfs.register('/a/1')
    expect(world.finish(hdfs.rename('/a', '/b'))).toBe(true)
    expect(world.finish(hdfs.rename('/a', '/c'))).toBe(false)
  })

  test('does not overwrite', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    hdfs.register('/a')
    hdfs.register('/b')
    expect(world.finish(hdfs.rename('/a', '/b'))).toBe(false)
    expect(hdfs.files).toBe(2)
  })
})

describe('a watcher is told right before and right after', () => {
  test('a file is created, flushed, synced, closed, renamed and deleted', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const told = watching(hdfs, 'staging/')
    const stream = world.finish(hdfs.create('staging/1', world.writer(0)))
    expect(told.splice(0)).toEqual(['changing', 'staging/1 0'])
    stream.write(bytesOf(0, 10))
    expect(told).toEqual([])
    world.finish(stream.hflush())
    expect(told.splice(0)).toEqual(['changing', 'staging/1 10'])
    world.finish(stream.hsync())
    expect(told.splice(0)).toEqual(['changing', 'staging/1 10'])
    world.finish(stream.close())
    expect(told.splice(0).at(-1)).toBe('staging/1 10')
    world.finish(hdfs.rename('staging', 'gone'))
    expect(told.splice(0)).toEqual(['changing', 'gone/1 10'])
    world.finish(hdfs.rename('gone', 'staging'))
    expect(told.splice(0)).toEqual(['changing', 'staging/1 10'])
    world.finish(hdfs.delete(stream.file))
    expect(told.splice(0)).toEqual(['changing', 'staging/1 0'])
  })

  test('DataNodes and power fail, files are recovered, all is lost; once for all files', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 3 })
    const told = watching(hdfs, 'WALs/')
    const files = [0, 1].map((n) => hdfs.openFanOut(`WALs/${n}`, world.writer(n)).file)
    told.splice(0)
    for (const file of files) {
      file.append(bytesOf(0, 10))
      file.acknowledge(10, 0)
    }
    // The writer that advances its files itself tells its own watchers.
    expect(told).toEqual([])
    hdfs.killDataNode(1)
    expect(told.splice(0)).toEqual(['changing', 'WALs/0 10', 'WALs/1 10'])
    hdfs.powerOff(null)
    expect(told.splice(0)).toEqual(['changing', 'WALs/0 0', 'WALs/1 0'])
    hdfs.powerOn(null)
    told.splice(0)
    world.finish(hdfs.recoverLease(files[0]))
    expect(told.splice(0)).toEqual(['changing', 'WALs/0 0'])
    hdfs.lose()
    expect(told).toEqual(['changing', 'WALs/0 0', 'WALs/1 0'])
  })

  test('and not of files that are none of its business', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const told = watching(hdfs, 'staging/a/')
    const file = hdfs.register('staging/ab')
    world.finish(hdfs.delete(file))
    expect(told).toEqual([])
  })
})
