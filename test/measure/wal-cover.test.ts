import { describe, expect, test } from 'vitest'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import type { FileClass } from '../../src/measure/covered-file.js'
import { WalCover } from '../../src/measure/wal-cover.js'
import type { DisasterClass } from '../../src/storage/disaster.js'
import { FakeFile } from './fake-files.js'

class CountingFile extends FakeFile {
  asked = 0

  override survivingBytes(disaster: DisasterClass): number {
    this.asked++
    return super.survivingBytes(disaster)
  }
}

/** A server whose log and WAL grow by `pending` edits of 10 B when somebody looks. */
function lazyWal(sync = false) {
  const log = new EditLog(0)
  const wals = new WalCover()
  const heard: string[] = []
  wals.subscribe({
    tailGrown: (survival, _log, from, to) => heard.push(`tail ${survival} ${from}-${to}`),
    walChanged: (survival, _log, from, to, covered) =>
      heard.push(`${covered ? '+' : '-'} ${survival} ${from}-${to}`),
  })
  const server = {
    log,
    pending: 0,
    file: new CountingFile(),
    onAdvance: () => {},
    advance() {
      for (; this.pending > 0; this.pending--) {
        const edit = log.append(0, 0, 0, 10, 0)
        this.file.append({ log: 0, from: edit, to: edit + 1, bytes: 10 }).flush()
        if (sync) this.file.sync()
      }
      this.onAdvance()
    },
    grow(edits: number) {
      this.pending += edits
      wals.refresh()
    },
  }
  wals.addLog(server)
  wals.addWal(0, server.file)
  const covered = (survival: FileClass) => wals.edits(survival, 0).size
  return { wals, server, heard, covered }
}

describe('the tail of an open WAL', () => {
  test('is looked up when somebody asks, without any word from its file', () => {
    const { server, heard, covered } = lazyWal()
    server.grow(3)
    server.grow(2)
    expect(covered('region-server-crash')).toBe(5)
    expect(covered('cluster-power-loss')).toBe(0)
    expect(heard.filter((line) => line.includes('region'))).toEqual([
      'tail region-server-crash 0-3',
      'tail region-server-crash 3-5',
    ])
  })

  test.each([false, true])('its file is not asked at every look; hsync: %s', (sync) => {
    const { server, covered } = lazyWal(sync)
    server.grow(1)
    server.grow(1)
    const { asked } = server.file
    for (let i = 0; i < 100; i++) server.grow(1)
    expect(server.file.asked).toBe(asked)
    expect(covered('data-node-crash')).toBe(102)
    expect(covered('cluster-power-loss')).toBe(sync ? 102 : 0)
  })

  test('an hsync among hflushes keeps what was at risk before it, from then on', () => {
    const { server, heard, covered } = lazyWal()
    server.grow(2)
    server.grow(3)
    expect(covered('cluster-power-loss')).toBe(0)
    server.onAdvance = () => server.file.sync()
    server.grow(1)
    expect(covered('cluster-power-loss')).toBe(6)
    expect(heard.filter((line) => line.includes('cluster'))).toEqual([
      '+ cluster-power-loss 0-5',
      'tail cluster-power-loss 5-6',
    ])
    server.onAdvance = () => {}
    server.grow(4)
    expect(covered('cluster-power-loss')).toBe(6)
    expect(covered('region-server-crash')).toBe(10)
  })

  test('an hsync among hflushes says nothing new of what survives without one', () => {
    const { server, heard } = lazyWal()
    server.grow(5)
    server.onAdvance = () => server.file.sync()
    server.grow(1)
    expect(heard.filter((line) => line.includes('region'))).toEqual([
      'tail region-server-crash 0-5',
      'tail region-server-crash 5-6',
    ])
  })

  test('what is written back stands still until the next tick', () => {
    const { wals, server, covered } = lazyWal()
    server.grow(4)
    wals.changing()
    server.file.sync()
    wals.changed(server.file)
    expect(covered('cluster-power-loss')).toBe(4)
    server.grow(3)
    server.grow(3)
    expect(covered('cluster-power-loss')).toBe(4)
    wals.changing()
    server.file.sync(75)
    wals.changed(server.file)
    expect(covered('cluster-power-loss')).toBe(7)
  })

  test('goes with a loss of power, after what was flushed until then was seen', () => {
    const { wals, server, heard, covered } = lazyWal()
    server.grow(2)
    server.pending = 3
    wals.changing()
    heard.length = 0
    server.file.cut(() => server.log)
    wals.changed(server.file)
    expect(heard).toContain('- region-server-crash 0-5')
    expect(covered('region-server-crash')).toBe(0)
  })
})

describe('several WALs of a log', () => {
  test('keep an edit that was appended again until the last of them is deleted', () => {
    const { wals, server, covered } = lazyWal()
    server.grow(5)
    const first = server.file
    first.closed = true
    server.file = new CountingFile()
    server.file.append({ log: 0, from: 3, to: 5, bytes: 20 }).flush()
    wals.addWal(0, server.file)
    server.grow(2)
    wals.changing()
    first.deleted = true
    wals.changed(first)
    expect(covered('region-server-crash')).toBe(4)
    expect(wals.edits('region-server-crash', 0).firstAt(0)).toBe(3)
  })
})

test('a server that makes somebody look while it advances is not advanced within', () => {
  const { wals, server, covered } = lazyWal()
  let depth = 0
  let deepest = 0
  server.onAdvance = () => {
    depth++
    deepest = Math.max(deepest, depth)
    wals.changing()
    server.file.sync()
    wals.changed(server.file)
    depth--
  }
  server.grow(3)
  expect(deepest).toBe(1)
  expect(covered('cluster-power-loss')).toBe(3)
})

test('files that are no WALs do not matter', () => {
  const { wals, heard } = lazyWal()
  wals.changed(new FakeFile().append({ log: 0, from: 0, to: 1, bytes: 10 }).flush())
  expect(heard).toEqual([])
})
