import { describe, expect, test } from 'vitest'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { type CoveredFile, FILE_CLASSES, type FileClass } from '../../src/measure/covered-file.js'
import { FileCover } from '../../src/measure/file-cover.js'
import { FakeFile } from './fake-files.js'

const SEGMENT = 4096

/** Two logs of edits of 10 B each. */
function logs(edits = 100): EditLog[] {
  return [0, 1].map((id) => {
    const log = new EditLog(id)
    for (let i = 0; i < edits; i++) log.append(i, 0, i, 10, i)
    return log
  })
}

function coverOf(columns = logs()) {
  const cover = new FileCover<CoveredFile, FileClass>(
    FILE_CLASSES,
    (file, survival) => file.survivingBytes(survival),
    (log) => columns[log],
  )
  const heard: string[] = []
  const look = (file: FakeFile) =>
    cover.look(file, (survival, log, from, to, covered) => {
      heard.push(`${covered ? '+' : '-'} ${survival} ${log}: ${from}-${to}`)
    })
  const kept = (survival: FileClass, log = 0) => {
    const ranges: [number, number][] = []
    cover.edits(survival, log).forEachIn(0, 1e9, (from, to) => ranges.push([from, to]))
    return ranges
  }
  return { cover, columns, look, kept, heard }
}

const extent = (from: number, to: number, log = 0) => ({ log, from, to, bytes: 10 * (to - from) })

describe('what a set of files keeps', () => {
  test('whole edits of the prefix that survives, by class', () => {
    const { look, kept } = coverOf()
    look(
      new FakeFile()
        .append(extent(0, 5), extent(7, 9, 1), extent(20, 30))
        .flush(99)
        .sync(55),
    )
    expect(kept('region-server-crash')).toEqual([
      [0, 5],
      [20, 22],
    ])
    expect(kept('region-server-crash', 1)).toEqual([[7, 9]])
    expect(kept('cluster-power-loss')).toEqual([[0, 5]])
    expect(kept('cluster-power-loss', 1)).toEqual([])
  })

  test('grows with the file, and says by what', () => {
    const { look, heard } = coverOf()
    const file = new FakeFile().append(extent(0, 5))
    look(file)
    expect(heard).toEqual([])
    look(file.flush(20))
    look(file.append(extent(5, 8)).flush().sync(70))
    expect(heard.filter((line) => line.includes('region-server'))).toEqual([
      '+ region-server-crash 0: 0-2',
      '+ region-server-crash 0: 2-8',
    ])
    expect(heard.filter((line) => line.includes('cluster'))).toEqual([
      '+ cluster-power-loss 0: 0-7',
    ])
  })

  test('an edit in two files stays when one is deleted', () => {
    const { look, kept } = coverOf()
    const first = new FakeFile().append(extent(0, 6)).flush()
    look(first)
    look(new FakeFile().append(extent(4, 10)).flush())
    first.deleted = true
    look(first)
    expect(kept('region-server-crash')).toEqual([[4, 10]])
  })

  test('an edit twice in one file counts once more', () => {
    const { look, kept } = coverOf()
    const file = new FakeFile().append(extent(0, 6), extent(3, 8)).flush()
    look(file)
    expect(kept('region-server-crash')).toEqual([[0, 8]])
    file.deleted = true
    look(file)
    expect(kept('region-server-crash')).toEqual([])
  })

  test('a file that loses its page caches ends with the edit that is whole on its disks', () => {
    const { look, kept, columns } = coverOf()
    const file = new FakeFile().append(extent(0, 5), extent(8, 20)).flush().sync(73)
    look(file)
    file.cut((log) => columns[log])
    look(file)
    expect(kept('region-server-crash')).toEqual([
      [0, 5],
      [8, 10],
    ])
    file.deleted = true
    look(file)
    expect(kept('region-server-crash')).toEqual([])
  })

  test('where edits are recycled, those that are held count exactly', () => {
    const { look, kept, columns } = coverOf(logs(3 * SEGMENT))
    const file = new FakeFile().append(extent(10, 3 * SEGMENT)).flush()
    look(file)
    columns[0].release(2 * SEGMENT)
    look(file.sync(10 * (2 * SEGMENT + 90)))
    const [[from, to]] = kept('cluster-power-loss')
    expect([from, to]).toEqual([10, 2 * SEGMENT + 100])
  })

  test('a thousand files that overlap nowhere are no burden to the one that goes', () => {
    const { look, heard } = coverOf(logs(3000))
    const files = Array.from({ length: 1000 }, (_, i) =>
      new FakeFile().append(extent(3 * i, 3 * i + 3)),
    )
    for (const file of files) look(file.flush())
    heard.length = 0
    files[500].deleted = true
    look(files[500])
    expect(heard).toEqual([
      '- region-server-crash 0: 1500-1503',
      '- data-node-crash 0: 1500-1503',
      '- rack-power-loss 0: 1500-1503',
    ])
  })
})
