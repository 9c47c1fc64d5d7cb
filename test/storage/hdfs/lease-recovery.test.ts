import { describe, expect, test } from 'vitest'
import { Host } from '../../../src/kernel/process.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../../src/storage/hdfs/hdfs-output-stream.js'
import { bytesOf, outcome, timed, World } from '../world.js'

const S = 1_000_000

/** An open WAL on dn1, dn2 and dn3 with 1000 bytes acknowledged; heartbeats at 0 s, 3 s, 6 s, … */
class Left {
  readonly world = new World()
  readonly hdfs: Hdfs
  readonly wal: HdfsFile

  constructor() {
    this.hdfs = this.world.hdfsWith({ dataNodes: 3 })
    this.wal = this.hdfs.openFanOut('/wal', this.world.writer()).file
    this.wal.append(bytesOf(0, 1000))
    this.wal.acknowledge(1000, 0)
  }

  /** How long the recovery takes, and whether it closes the file. */
  recover(): { us: number; closed: boolean } {
    const us = this.world.finish(timed(this.world.scheduler, this.hdfs.recoverLease(this.wal)))
    return { us, closed: this.wal.closed }
  }
}

describe('lease recovery', () => {
  test('of a closed file is one RPC', () => {
    const left = new Left()
    left.wal.markClosed()
    expect(left.recover()).toEqual({ us: 2500, closed: true })
  })

  test('takes a first pause of 4 s; the primary DataNode works from its next heartbeat on', () => {
    const left = new Left()
    left.world.host.spawn('recovery', left.hdfs.recoverLease(left.wal))
    left.world.scheduler.run(3 * S + 1000 + 2500 - 1)
    expect(left.wal.closed).toBe(false)
    left.world.scheduler.run(3 * S + 1000 + 2500)
    expect(left.wal.closed).toBe(true)
    expect(new Left().recover()).toEqual({ us: 2500 + 4 * S + 2500, closed: true })
  })

  test('is the work of the DataNode last heard of, so one that died long ago is no obstacle', () => {
    const left = new Left()
    left.world.scheduler.run(4 * S)
    left.hdfs.killDataNode(1)
    left.world.scheduler.run(9 * S)
    expect(left.recover()).toEqual({ us: 2500 + 4 * S + 2500, closed: true })
  })

  test('waits 64 s and then 128 s more when the primary DataNode has just died', () => {
    const left = new Left()
    left.world.scheduler.run(4 * S)
    left.hdfs.killDataNode(1)
    // All were last heard of at 3 s, so dn1 is chosen. The NameNode begins no other attempt for
    // 90 s, so the third request, after 4 s and 64 s, is in vain too, and the fourth is not.
    const { us, closed } = left.recover()
    expect(closed).toBe(true)
    const polls = (seconds: number) => Math.ceil((seconds * S) / (S + 700)) * (S + 700)
    const requestedUs = 4 * S + 2500 + 4 * S + 2500 + polls(64) + 2500 + polls(128) + 2500
    // Then at the next heartbeat, and seen by the poll after it.
    const closedUs = Math.ceil(requestedUs / (3 * S)) * 3 * S + 1000 + 2500
    const seenUs = Math.ceil((closedUs - requestedUs) / (S + 700)) * (S + 700)
    expect(us).toBe(requestedUs - 4 * S + seenUs)
  })

  test('is given up after 900 s when no DataNode of the file runs', () => {
    const left = new Left()
    for (const n of [1, 2, 3]) left.hdfs.killDataNode(n)
    const { us, closed } = left.recover()
    expect(closed).toBe(false)
    // 4 s and 64 s × (1 + 2 + 3 + 4 + 5) are more than 900 s.
    expect(Math.floor(us / S)).toBeGreaterThanOrEqual(964)
    expect(Math.floor(us / S)).toBeLessThanOrEqual(966)
  })

  test('asks again later while no NameNode answers', () => {
    const left = new Left()
    left.wal.acknowledge(1000, 1000)
    left.hdfs.powerOff(null)
    left.world.host.spawn('recovery', left.hdfs.recoverLease(left.wal))
    left.world.scheduler.run(60 * S)
    expect(left.wal.closed).toBe(false)
    left.hdfs.powerOn(null)
    left.world.scheduler.run(90 * S)
    expect([left.wal.closed, left.wal.bytesFlushed]).toEqual([true, 1000])
  })

  test('goes on although who asked for it dies', () => {
    const left = new Left()
    left.world.host.spawn('recovery', left.hdfs.recoverLease(left.wal))
    left.world.scheduler.run(2500)
    left.world.host.kill()
    left.world.scheduler.run(4 * S)
    expect(left.wal.closed).toBe(true)
  })

  test('fails for a file that is gone, and with HDFS', () => {
    const left = new Left()
    left.world.finish(left.hdfs.delete(left.wal))
    expect(left.world.finish(outcome(left.hdfs.recoverLease(left.wal)))).toBe('not-found')
    left.hdfs.lose()
    expect(left.world.finish(outcome(left.hdfs.recoverLease(left.wal)))).toBe('lost')
  })
})

describe('the recovered length', () => {
  test('is what was acknowledged; what was only in the buffer of the writer is gone', () => {
    const left = new Left()
    left.wal.append(bytesOf(1000, 500))
    left.recover()
    expect([left.wal.bytesFlushed, left.wal.bytesWritten]).toEqual([1000, 1000])
    expect(left.wal.extents).toEqual([bytesOf(0, 1000)])
  })

  test('is more where all DataNodes had received more, and ends with a torn edit perhaps', () => {
    const world = new World()
    const editsWithin = (_: unknown, bytes: number) => Math.floor(bytes / 100)
    const hdfs = world.hdfsWith({ editsWithin })
    const { file } = hdfs.openFanOut('/wal', world.writer())
    file.append({ log: 1, from: 0, to: 10, bytes: 1000 })
    file.acknowledge(400, 0)
    file.received(650)
    expect(file.survivingBytes('region-server-crash')).toBe(400)
    world.finish(hdfs.recoverLease(file))
    expect(file.bytesFlushed).toBe(650)
    expect(file.extents).toEqual([{ log: 1, from: 0, to: 6, bytes: 650 }])
    expect(hdfs.usedBytes).toBe(3 * 650)
  })

  test('has all that was received, over the end of a block that was not acknowledged, too', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const { file } = hdfs.openFanOut('/wal', world.writer(), 1000)
    file.append(bytesOf(0, 2500))
    file.received(2300)
    world.finish(hdfs.recoverLease(file))
    expect(file.bytesFlushed).toBe(2300)
    expect(file.extents).toEqual([bytesOf(0, 2300)])
    expect(hdfs.usedBytes).toBe(3 * 2300)
  })

  test('a flush that was under way may survive its writer', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const stream = world.finish(hdfs.create('/staged', world.writer()))
    stream.write(bytesOf(0, 350_000))
    world.host.spawn('writer', stream.hsync())
    world.scheduler.run(world.scheduler.now + 1000)
    world.host.kill()
    expect(stream.file.survivingBytes('region-server-crash')).toBe(0)
    new Host(world.scheduler, 'master').spawn('recovery', hdfs.recoverLease(stream.file))
    world.scheduler.run()
    expect(stream.file.survivingBytes('region-server-crash')).toBe(350_000)
    expect(stream.file.extents).toEqual([bytesOf(0, 350_000)])
  })

  test('replicas that wait (RWR) count only where none is being written (RBW)', () => {
    const left = new Left()
    left.hdfs.killDataNode(1)
    left.hdfs.startDataNode(1)
    left.wal.append(bytesOf(1000, 500))
    left.wal.acknowledge(1500, 0)
    left.recover()
    expect(left.wal.bytesFlushed).toBe(1500)
  })

  test('all DataNodes having been restarted it is the shortest of the replicas that wait', () => {
    const left = new Left()
    left.hdfs.killDataNode(1)
    left.wal.append(bytesOf(1000, 500))
    left.wal.acknowledge(1500, 0)
    left.hdfs.killDataNode(2)
    left.hdfs.killDataNode(3)
    for (const n of [1, 2, 3]) left.hdfs.startDataNode(n)
    left.recover()
    expect(left.wal.bytesFlushed).toBe(1000)
  })
})

test('recovery shuts the writer out, should it live', () => {
  const world = new World()
  const hdfs = world.hdfsWith()
  const stream: HdfsOutputStream = world.finish(hdfs.create('/staged', world.writer(0)))
  const output = hdfs.openFanOut('/wal', world.writer(1))
  let failures = 0
  output.onFailure = () => failures++
  stream.write(bytesOf(0, 10))
  world.finish(stream.hflush())
  world.finish(hdfs.recoverLease(stream.file))
  world.finish(hdfs.recoverLease(output.file))
  expect(() => stream.write(bytesOf(10, 1))).toThrow('pipeline')
  expect([stream.failed, output.failed, failures]).toEqual([true, true, 1])
  expect(world.finish(outcome(output.close()))).toBe('pipeline')
})

test('a recovered block that is short of replicas gets another', () => {
  const world = new World()
  const hdfs = world.hdfsWith()
  const { file } = hdfs.openFanOut('/wal', world.writer())
  file.append(bytesOf(0, 1000))
  file.acknowledge(1000, 0)
  hdfs.killDataNode(1)
  world.finish(hdfs.recoverLease(file))
  expect(file.blocks[0].replicas).toHaveLength(2)
  world.scheduler.run(world.scheduler.now + 10 * S)
  expect(file.blocks[0].replicas).toHaveLength(3)
})
