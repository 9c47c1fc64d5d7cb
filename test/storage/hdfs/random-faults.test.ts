import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Luck } from '../../../src/kernel/draws.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../../src/storage/hdfs/hdfs-output-stream.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { bytesOf, World } from '../world.js'

const BLOCK = 1000
const RACKS = 3

type Step =
  | { do: 'write'; bytes: number; how: 'hflush' | 'hsync' | 'close' }
  | { do: 'kill' | 'start'; dataNode: number }
  | { do: 'power off' | 'power on'; rack: number | null }
  | { do: 'recover' }
  | { do: 'wait'; seconds: number }

const dataNode = fc.integer({ min: 1, max: 6 })
const rack = fc.constantFrom(0, 1, 2, null)

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('write' as const),
      bytes: fc.integer({ min: 1, max: 1500 }),
      how: fc.constantFrom('hflush' as const, 'hsync' as const, 'close' as const),
    }),
    fc.record({ do: fc.constantFrom('kill' as const, 'start' as const), dataNode }),
    fc.record({ do: fc.constantFrom('power off' as const, 'power on' as const), rack }),
    fc.record({ do: fc.constant('recover' as const) }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 700 }) }),
  ),
  { maxLength: 25 },
)

/** One writer after the other, each with a new file when its stream is gone. */
class Cluster {
  readonly world = new World(new Luck(9))
  readonly hdfs: Hdfs = this.world.hdfsWith({ dataNodes: 6, racks: RACKS, phases: 'drawn' })
  readonly files = new Set<HdfsFile>()
  #stream: HdfsOutputStream | null = null
  #ordinal = 0

  take(step: Step): void {
    const { world, hdfs } = this
    if (step.do === 'write') this.#run(this.#write(step.bytes, step.how))
    else if (step.do === 'kill') hdfs.killDataNode(step.dataNode)
    else if (step.do === 'start') hdfs.startDataNode(step.dataNode)
    else if (step.do === 'power off') this.#powerOff(step.rack)
    else if (step.do === 'power on') hdfs.powerOn(step.rack)
    else if (step.do === 'wait') world.scheduler.run(world.scheduler.now + step.seconds * 1_000_000)
    else for (const file of this.files) this.#run(hdfs.recoverLease(file))
  }

  /** What a drill says would be left is what is left. */
  #powerOff(struck: number | null): void {
    const disaster = struck === null ? 'cluster-power-loss' : 'rack-power-loss'
    const drill = new Map([...this.files].map((file) => [file, file.survivingBytes(disaster)]))
    this.hdfs.powerOff(struck)
    for (const [file, bytes] of drill) {
      if (struck === null) expect(file.visibleBytes()).toBe(bytes)
      else expect(file.visibleBytes()).toBeGreaterThanOrEqual(bytes)
    }
  }

  *#write(bytes: number, how: 'hflush' | 'hsync' | 'close'): Protocol {
    const { hdfs, world } = this
    try {
      const ordinal = this.#ordinal++
      this.#stream ??= yield* hdfs.create(`/f${ordinal}`, world.writer(ordinal), BLOCK)
      const { file } = this.#stream
      this.files.add(file)
      this.#stream.write(bytesOf(file.bytesWritten, bytes))
      yield* this.#stream[how]()
      expect(file.bytesFlushed).toBe(file.bytesWritten)
      if (how === 'close') this.#stream = null
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#stream = null
    }
  }

  #run(protocol: Protocol<unknown>): void {
    this.world.finish(protocol)
  }
}

test('whatever fails when, files, blocks and room agree, and drills foretell what happens', () => {
  fc.assert(
    fc.property(steps, (plan) => {
      const cluster = new Cluster()
      for (const step of plan) {
        cluster.take(step)
        for (const file of cluster.files) {
          const whole = file.survivingBytes('region-server-crash')
          const blocks = file.blocks.reduce((sum, block) => sum + block.bytes, 0)
          const extents = file.extents.reduce((sum, { bytes }) => sum + bytes, 0)
          expect(file.bytesFlushed).toBe(blocks)
          expect(file.bytesWritten).toBe(extents)
          expect(whole).toBe(blocks)
          for (const { closed, bytes, replicas } of file.blocks) {
            expect(replicas.length).toBeLessThanOrEqual(3)
            if (closed && bytes > 0) expect(replicas.length).toBeGreaterThan(0)
            for (const { durableBytes } of replicas) expect(durableBytes).toBeLessThanOrEqual(bytes)
          }
          const oneRack = file.survivingBytes('rack-power-loss')
          expect(file.survivingBytes('data-node-crash')).toBeLessThanOrEqual(whole)
          expect(file.survivingBytes('cluster-power-loss')).toBeLessThanOrEqual(whole)
          expect(oneRack).toBeLessThanOrEqual(whole)
        }
        const flushed = [...cluster.files].reduce((sum, file) => sum + file.bytesFlushed, 0)
        expect(cluster.hdfs.usedBytes).toBe(3 * flushed)
      }
    }),
    { seed: 11, numRuns: 300 },
  )
})
