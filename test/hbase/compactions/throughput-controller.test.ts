import { expect, test } from 'vitest'
import {
  PressureAwareCompactionThroughputController,
  type ThroughputSettings,
} from '../../../src/hbase/compactions/pressure-aware-compaction-throughput-controller.js'
import { storePressure } from '../../../src/hbase/compactions/store-pressure.js'
import { Host, type Process, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'

const SECOND = 1_000_000
const MIB = 1_048_576

/** A controller whose compactions write `bytes` in no time, and when each ends. */
class Throttled {
  readonly scheduler = new Scheduler()
  readonly host = new Host(this.scheduler, 'rs1')
  readonly controller: PressureAwareCompactionThroughputController
  readonly endedUs: number[] = []
  pressure = 0
  offPeak = false

  constructor(settings: Partial<ThroughputSettings> = {}) {
    this.controller = new PressureAwareCompactionThroughputController({
      scheduler: this.scheduler,
      settings: {
        lowerBound: 10 * MIB,
        higherBound: 20 * MIB,
        offPeak: 40 * MIB,
        tunePeriodUs: SECOND,
        controlBytes: MIB,
        ...settings,
      },
      pressure: () => this.pressure,
      isOffPeak: () => this.offPeak,
    })
  }

  compact(atUs: number, bytes: number): Process {
    return this.host.spawn('compaction', this.#compact(atUs, bytes))
  }

  *#compact(atUs: number, bytes: number): Protocol {
    yield atUs
    const operation = this.controller.start()
    try {
      yield* this.controller.control(operation, bytes)
      this.endedUs.push(this.scheduler.now)
    } finally {
      this.controller.finish(operation)
    }
  }

  at(us: number, effect: () => void): void {
    this.scheduler.schedule(us, this.scheduler.handler(effect))
  }
}

test('R16: the limit starts at the lower bound and follows the fullest store from tune to tune', () => {
  const world = new Throttled()
  const { controller, scheduler, host } = world
  host.spawn('CompactionThroughputTuner', controller.tuner(0))
  expect(controller.maxThroughput).toBe(10 * MIB)
  const after = (files: number) => {
    world.pressure = storePressure(files, 4, 6)
    scheduler.run(scheduler.now + 2 * SECOND)
    return controller.maxThroughput
  }
  expect(after(5)).toBe(15 * MIB)
  expect(after(6)).toBe(20 * MIB)
  expect(after(7)).toBe(Infinity)
  expect(after(0)).toBe(10 * MIB)
})

test('R18: limits of the defaults at 3, 9, 16 and 17 files', () => {
  const world = new Throttled({ lowerBound: 50 * MIB, higherBound: 100 * MIB })
  const at = (files: number) => {
    world.pressure = storePressure(files, 3, 16)
    world.controller.tune()
    return world.controller.maxThroughput / MIB
  }
  expect(at(3)).toBe(50)
  expect(at(9)).toBeCloseTo(73.08, 2)
  expect(at(16)).toBe(100)
  expect(at(17)).toBe(Infinity)
})

test('off-peak hours have a limit of their own, but for stores above the blocking number', () => {
  const world = new Throttled()
  world.offPeak = true
  world.controller.tune()
  expect(world.controller.maxThroughput).toBe(40 * MIB)
  world.pressure = 1.1
  world.controller.tune()
  expect(world.controller.maxThroughput).toBe(Infinity)
})

test('a compaction takes its bytes over the limit', () => {
  const world = new Throttled()
  world.compact(0, 100 * MIB)
  world.scheduler.run()
  expect(world.endedUs).toEqual([10 * SECOND])
})

test('a new limit counts from the instant at which it is set', () => {
  const world = new Throttled()
  world.compact(0, 100 * MIB)
  // 4 s at 10 MiB/s and 3 s at 20.
  world.at(4 * SECOND, () => {
    world.pressure = 1
    world.controller.tune()
  })
  world.scheduler.run()
  expect(world.endedUs).toEqual([7 * SECOND])
})

test('compactions under way share the limit in equal parts', () => {
  const world = new Throttled()
  world.compact(0, 100 * MIB)
  world.compact(2 * SECOND, 30 * MIB)
  world.scheduler.run()
  // The second has half of the limit for 6 s; the first 20 + 30 MiB by then, and 50 left alone.
  expect(world.endedUs).toEqual([8 * SECOND, 13 * SECOND])
})

test('a compaction that is killed leaves its share to the others', () => {
  const world = new Throttled()
  world.compact(0, 100 * MIB)
  const killed = world.compact(0, 100 * MIB)
  world.at(4 * SECOND, () => killed.kill())
  world.scheduler.run()
  expect(world.endedUs).toEqual([12 * SECOND])
  expect(world.controller.activeOperations).toBe(0)
})

test('bytes beyond the last whole interval of control are not held back', () => {
  const world = new Throttled({ controlBytes: 40 * MIB })
  world.compact(0, 39 * MIB)
  world.compact(100 * SECOND, 119 * MIB)
  world.scheduler.run()
  expect(world.endedUs).toEqual([0, 108 * SECOND])
})

test('without a limit nobody waits', () => {
  const world = new Throttled()
  world.compact(0, 100 * MIB)
  world.at(3 * SECOND, () => {
    world.pressure = 1.5
    world.controller.tune()
  })
  world.compact(5 * SECOND, 100 * MIB)
  world.scheduler.run()
  expect(world.endedUs).toEqual([3 * SECOND, 5 * SECOND])
})
