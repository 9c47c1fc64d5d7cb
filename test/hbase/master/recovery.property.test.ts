import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SECOND } from './master-world.js'
import { RecoveringCluster } from './recovering-cluster.js'

const REGIONS = 4

interface Happening {
  readonly atMs: number
  readonly what: 'write' | 'flush' | 'roll' | 'report' | 'kill' | 'abort' | 'start' | 'move'
  readonly host: number
  readonly region: number
  readonly number: number
}

const happening: fc.Arbitrary<Happening> = fc.record({
  atMs: fc.integer({ min: 0, max: 20_000 }),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('write' as const) },
    { weight: 4, arbitrary: fc.constant('flush' as const) },
    { weight: 2, arbitrary: fc.constantFrom('roll' as const, 'report' as const) },
    { weight: 3, arbitrary: fc.constantFrom('kill' as const, 'abort' as const, 'start' as const) },
    { weight: 2, arbitrary: fc.constant('move' as const) },
  ),
  host: fc.integer({ min: 1, max: 3 }),
  region: fc.integer({ min: 0, max: REGIONS - 1 }),
  number: fc.integer({ min: 1, max: 60 }),
})

function play(cluster: RecoveringCluster, happenings: readonly Happening[]) {
  const { world } = cluster
  const incarnations = new Map<number, number>()
  for (const { atMs, what, host, region, number } of happenings) {
    world.at(atMs * 1000, () => {
      const running = world.servers.find(({ hostName, alive }) => hostName === `rs${host}` && alive)
      if (what === 'write') cluster.write(region, number)
      else if (what === 'flush') cluster.flush(region, number % 2)
      else if (what === 'move') {
        world.master.host.spawn('move', world.master.move(region, running?.name ?? null))
      } else if (what === 'start' && running === undefined) {
        const n = (incarnations.get(host) ?? 1) + 1
        incarnations.set(host, n)
        world.start(`rs${host},${n}`)
      } else if (running !== undefined) {
        if (what === 'roll') cluster.roll(running)
        else if (what === 'report') cluster.report(running)
        else if (what !== 'start') cluster.end(running, what === 'kill' ? 'killed' : 'aborted')
      }
    })
  }
  world.at(400 * SECOND, () => world.start('rs4'))
}

test.each([{ 'hbase.wal.split.to.hfile': 'false' }, { 'hbase.wal.split.to.hfile': 'true' }])(
  'whoever crashes, flushes and moves when: every edit is there once, with %o',
  (site) => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const cluster = new RecoveringCluster(3, REGIONS, site)
        play(cluster, happenings)
        cluster.world.run()
        expect(cluster.world.layout()).not.toContain('-')
        cluster.regions.forEach(({ lastId, memstore, hFileCells }) => {
          const cells = hFileCells.map((inHFiles, family) => inHFiles + memstore[family])
          expect(cells).toEqual([lastId, lastId])
        })
      }),
      { seed: 28987, numRuns: 300 },
    )
  },
)
