import { expect, test } from 'vitest'
import { reportToMaster } from '../../../src/hbase/master/server-report.js'
import { MasterWorld, SECOND } from './master-world.js'

/** rs1 reports regions 0 and 2, whose flushed ids are as `flushed` says. */
function reporting(flushed: number[]) {
  const world = new MasterWorld(2, 4)
  const [rs1] = world.servers
  const told: number[] = []
  rs1.host.spawn(
    'HRegionServer',
    reportToMaster({
      intervalUs: 3 * SECOND,
      phaseUs: SECOND,
      regions: () => world.locations.regionsOf(rs1),
      flushedSequenceIds: (region) => [flushed[region]],
      report: (ids) => world.master.servers.report(rs1, ids),
      onYouAreDead: () => told.push(world.scheduler.now),
    }),
  )
  return { world, rs1, told }
}

const entries = (region: number) => ({ region, minSequenceId: 1, maxSequenceId: 100, bytes: 1000 })

test('what was flushed since the last report is recovered all the same', () => {
  const flushed = [10, 0, 20, 0]
  const { world, rs1 } = reporting(flushed)
  // Reports come at 1, 4 and 7 s.
  world.at(3 * SECOND, () => {
    flushed[0] = 50
  })
  world.at(5 * SECOND, () => {
    flushed[2] = 90
  })
  rs1.log([entries(0), entries(2)])
  world.at(6 * SECOND, () => world.end(rs1, 'aborted'))
  world.run()
  const [recovered] = world.recoveredEdits.filesOf(0)
  expect(recovered.families[0]).toMatchObject({ minSequenceId: 51, bytes: 500 })
  expect(world.recoveredEdits.filesOf(2)[0].families[0]).toMatchObject({ minSequenceId: 21 })
})

test('a smaller id than the master knows is ignored', () => {
  const flushed = [50, 0, 0, 0]
  const { world, rs1 } = reporting(flushed)
  world.at(3 * SECOND, () => {
    flushed[0] = 10
  })
  rs1.log([entries(0)])
  world.at(6 * SECOND, () => world.end(rs1, 'aborted'))
  world.run()
  expect(world.recoveredEdits.filesOf(0)[0].families[0]).toMatchObject({ minSequenceId: 51 })
})

test('a server that stood still past its session is told at once when it goes on', () => {
  const { world, rs1, told } = reporting([0, 0, 0, 0])
  world.at(10 * SECOND, () => {
    rs1.host.suspend()
    world.master.servers.suspended(rs1)
  })
  world.at(150 * SECOND, () => rs1.host.resume())
  world.run(200 * SECOND)
  expect(told).toEqual([150 * SECOND])
})
