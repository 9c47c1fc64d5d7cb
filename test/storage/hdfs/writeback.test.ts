import { describe, expect, test } from 'vitest'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { Writeback } from '../../../src/storage/hdfs/writeback.js'
import { bytesOf } from '../world.js'

const S = 1_000_000

/** Three DataNodes on two racks, whose page caches go to disk by ticks. */
class Caches {
  readonly scheduler = new Scheduler()
  readonly namesystem = new FSNamesystem(1e15, 3, 2)
  readonly writeback: Writeback

  constructor(phasesUs = [0, 0, 0], beforeTick: (() => void) | null = null) {
    const { scheduler, namesystem } = this
    this.writeback = new Writeback({
      scheduler,
      dataNodes: namesystem.dataNodes,
      watchers: namesystem.watchers,
      intervalUs: 5 * S,
      ageUs: 30 * S,
      phaseUs: ({ index }) => phasesUs[index],
      beforeTick,
    })
  }

  file(path = '/wal'): HdfsFile {
    return new HdfsFile(path, this.namesystem, 1e9)
  }

  /** At `us`, before the events of that instant, `bytes` more are flushed. */
  flush(file: HdfsFile, us: number, bytes: number): void {
    this.scheduler.run(us)
    file.append(bytesOf(file.bytesWritten, bytes))
    file.acknowledge(file.bytesWritten, 0)
  }

  /** What the loss of power at `us`, after the events of that instant, leaves of `file`. */
  left(file: HdfsFile, us: number): number {
    this.scheduler.run(us)
    return file.survivingBytes('cluster-power-loss')
  }
}

describe('bytes reach the disk', () => {
  test('30 s after the first tick that saw them', () => {
    const caches = new Caches()
    const wal = caches.file()
    caches.flush(wal, 2 * S, 100)
    caches.flush(wal, 7 * S, 100)
    // Seen at 5 s and at 10 s.
    expect(caches.left(wal, 35 * S - 1)).toBe(0)
    expect(caches.left(wal, 35 * S)).toBe(100)
    expect(caches.left(wal, 40 * S - 1)).toBe(100)
    expect(caches.left(wal, 40 * S)).toBe(200)
  })

  test('so a steady writer loses the last 30 to 35 s without power', () => {
    const caches = new Caches()
    const wal = caches.file()
    const lost: number[] = []
    for (let second = 1; second <= 120; second++) {
      caches.flush(wal, second * S, 1)
      if (second > 40) lost.push(wal.bytesFlushed - wal.survivingBytes('cluster-power-loss'))
    }
    // A byte of the instant of a tick comes after the tick.
    expect([Math.min(...lost), Math.max(...lost)]).toEqual([31, 35])
  })

  test('of an open block the shortest replica counts, but one without bytes does not', () => {
    // Ticks: dn1 at 5 s, dn2 at 6 s, dn3 at 4 s and 9 s.
    const caches = new Caches([0, 1 * S, 4 * S])
    const wal = caches.file()
    caches.flush(wal, 2 * S, 100)
    caches.flush(wal, 4.5 * S, 100)
    expect(caches.left(wal, 34 * S - 1)).toBe(0)
    expect(caches.left(wal, 34 * S)).toBe(100)
    expect(caches.left(wal, 36 * S)).toBe(100)
    expect(caches.left(wal, 39 * S - 1)).toBe(100)
    expect(caches.left(wal, 39 * S)).toBe(200)
  })

  test('of a closed block one whole replica is enough, and anything less is nothing', () => {
    const caches = new Caches([0, 1 * S, 4 * S])
    const wal = caches.file()
    caches.flush(wal, 2 * S, 100)
    caches.flush(wal, 4.5 * S, 100)
    wal.markClosed()
    expect(caches.left(wal, 35 * S - 1)).toBe(0)
    expect(caches.left(wal, 35 * S)).toBe(200)
  })

  test('though the process of the DataNode is dead: its machine is not', () => {
    const caches = new Caches()
    const wal = caches.file()
    caches.flush(wal, 2 * S, 100)
    for (const dataNode of caches.namesystem.dataNodes) dataNode.crash(2 * S)
    expect(caches.left(wal, 35 * S - 1)).toBe(0)
    expect(caches.left(wal, 35 * S)).toBe(100)
  })
})

describe('ticks', () => {
  test('pause when all is on the disks, and keep their grid', () => {
    const caches = new Caches()
    const wal = caches.file()
    caches.flush(wal, 1, 100)
    caches.scheduler.run()
    expect(caches.scheduler.now).toBe(35 * S)
    caches.flush(wal, 101 * S, 100)
    caches.scheduler.run()
    expect(caches.scheduler.now).toBe(135 * S)
    expect(wal.survivingBytes('cluster-power-loss')).toBe(200)
  })

  test('are not needed where all is hsynced, after the one that sees it', () => {
    const caches = new Caches()
    const wal = caches.file()
    wal.append(bytesOf(0, 100))
    wal.acknowledge(100, 100)
    caches.scheduler.run()
    expect(caches.scheduler.now).toBe(5 * S)
  })

  test('see what a file has grown unseen, as long as it is open', () => {
    // One byte per second, told only when somebody looks.
    let look = () => {}
    const caches = new Caches([0, 0, 0], () => look())
    const wal = caches.file()
    look = () => {
      if (wal.closed) return
      const grown = Math.floor(caches.scheduler.now / S) - wal.bytesWritten
      if (grown > 0) wal.append(bytesOf(wal.bytesWritten, grown))
      wal.acknowledge(wal.bytesWritten, 0)
    }
    caches.flush(wal, 0, 1)
    expect(caches.left(wal, 300 * S)).toBe(270)
    wal.markClosed()
    caches.scheduler.run()
    expect(caches.scheduler.now).toBe(330 * S)
  })

  test('end when all is lost', () => {
    const caches = new Caches()
    caches.flush(caches.file(), 2 * S, 100)
    caches.writeback.stop()
    caches.scheduler.run()
    expect(caches.scheduler.now).toBe(2 * S)
  })

  test('tell watchers when they alter what survives, and only then', () => {
    const caches = new Caches([0, 0, 1 * S])
    const told: string[] = []
    caches.namesystem.watchers.add('/wal', {
      changing: () => told.push(`${caches.scheduler.now / S} s`),
      changed: ({ path }) => told.push(path),
    })
    const wal = caches.file()
    caches.flush(caches.file('/other'), 1, 100)
    caches.flush(wal, 2 * S, 100)
    caches.scheduler.run()
    expect(told).toEqual(['0 s', '/wal', '35 s', '/wal', '35 s', '/wal', '36 s', '/wal'])
  })
})
