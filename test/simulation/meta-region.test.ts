import { describe, expect, test } from 'vitest'
import type { ServerRecovery } from '../../src/hbase/master/server-crash-procedure.js'
import type { RegionServer } from '../../src/hbase/regionserver/region-server.js'
import { conservationOf, invariantsOf } from '../../src/simulation/checks.js'
import { recoveriesOf } from '../../src/simulation/recoveries.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario } from './constant-world.js'

const S = 1_000_000
const MS = 1000

/** Three servers with two regions each, every region written five times a second. */
const SCENARIO = `
duration: 400 s
workload:
  - { table: usertable, rate: 30/s, valueSize: 1000 B, arrivals: periodic }
`

interface Cast {
  readonly run: Run
  /** Carries hbase:meta when the run begins; the two others. */
  readonly carrier: RegionServer
  readonly second: RegionServer
  readonly third: RegionServer
}

/** Plays the scenario to its end; `acts` happen at their times. */
function played(acts: readonly (readonly [atUs: number, act: (cast: Cast) => void])[]): Run {
  const scenario = constantScenario(
    SCENARIO,
    'cluster.regionServers=3',
    'tables.usertable.regions=6',
  )
  const run = new Run(scenario, scenario.seed)
  const { servers, map } = run.cluster
  const carrier = servers[map.metaServer]
  const [second, third] = servers.filter((server) => server !== carrier)
  for (const [atUs, act] of acts) {
    const handler = run.scheduler.handler(() => {
      run.cluster.advanceAll()
      act({ run, carrier, second, third })
    })
    run.scheduler.schedule(atUs, handler)
  }
  run.execute()
  expect(Object.entries(invariantsOf(run)).filter(([, verdict]) => verdict === 'violated')).toEqual(
    [],
  )
  for (const law of Object.values(conservationOf(run))) expect(law.verdict).toBe('held')
  return run
}

function phasesOf(recovery: ServerRecovery): [name: string, us: number][] {
  const [{ phases }] = recoveriesOf([recovery], 0)
  return phases.map(({ name, fromUs, untilUs }) => [name, (untilUs ?? Infinity) - fromUs])
}

function move({ run }: Cast, region: number, target: string | null): void {
  run.cluster.master.host.spawn('move', run.cluster.master.move(region, target))
}

/** Clients' edits of living servers that are answered. */
function answered({ cluster, nowUs }: Run): number {
  return cluster.acknowledgements.reduce((sum, each) => sum + each.count(nowUs).edits, 0)
}

test('its WAL is on the server that carries it, and in no queue of a peer', () => {
  const run = played([])
  const groups = run.cluster.servers.map(({ walGroups }) => walGroups.length)
  expect(groups.toSorted()).toEqual([1, 1, 2])
  const { metaServer, metaRegion } = run.cluster.map
  const [, ofMeta] = run.cluster.servers[metaServer].walGroups
  expect(ofMeta.wal.name).toMatch(/^WALs\/rs\d\/rs\d\.\d+\.meta$/)
  expect(run.cluster.locations.serverOf(metaRegion)).toBe(run.cluster.servers[metaServer])
})

test('what a server has opened is its own before hbase:meta says so: it flushes and closes it', () => {
  let moved = -1
  const run = played([
    [
      100 * S,
      (cast) => {
        moved = cast.run.cluster.locations.regionsOf(cast.third)[0]
        move(cast, moved, cast.second.name)
      },
    ],
    [100 * S + 200 * MS, ({ carrier }) => carrier.suspend()],
    [
      101 * S,
      ({ run, second }) => {
        expect(run.cluster.locations.serverOf(moved)).toBeNull()
        expect(second.regions.online).toContain(moved)
        second.stop()
      },
    ],
    [101 * S + 500 * MS, ({ second }) => expect(second.regions.online).not.toContain(moved)],
    [102 * S, ({ carrier }) => carrier.resume()],
  ])
  expect(run.cluster.locations.serverOf(moved)).not.toBeNull()
})

describe('when its server crashes', () => {
  /**
   * Its empty WAL: 2 ms to ask for the lease, 4 s, 2 ms to find it recovered. Then it opens: its WAL
   * is created (8 ms as any file), 300 ms, one HFile (4 ms), REGION_OPEN synced (503 us).
   */
  const META_SPLIT_US = 2 * MS + 4 * S + 2 * MS
  const META_OPEN_US = 8 * MS + 300 * MS + 4 * MS + 503

  test('it is recovered before the WALs of users’ regions are split', () => {
    const dies = (who: 'carrier' | 'second') =>
      played([[100 * S, (cast) => cast[who].kill()]]).cluster.master.recoveries[0]
    const [withMeta, without] = [dies('carrier'), dies('second')]

    expect(phasesOf(without).map(([name]) => name)).toEqual([
      'detection',
      'WAL splitting',
      'assignment',
      'queue claim',
    ])
    expect(phasesOf(withMeta).map(([name]) => name)).toEqual([
      'detection',
      'WAL splitting of hbase:meta',
      'assignment of hbase:meta',
      'WAL splitting',
      'assignment',
      'queue claim',
    ])
    expect(phasesOf(withMeta)[1][1]).toBe(META_SPLIT_US)
    expect(phasesOf(withMeta)[2][1]).toBe(META_OPEN_US)
    expect(withMeta).toMatchObject({ carriesMeta: true, regions: 3, wals: 2 })
    expect(without).toMatchObject({ carriesMeta: false, regions: 2, wals: 1 })
    expect(without.metaAvailableUs).toBe(without.detectedUs)
    expect(withMeta.metaAvailableUs).toBe(withMeta.detectedUs + META_SPLIT_US + META_OPEN_US)
  })

  test('clients that know where their regions are go on', () => {
    const seen: number[] = []
    const look = ({ run }: Cast) => seen.push(answered(run))
    played([
      [100 * S, ({ carrier }) => carrier.kill()],
      [110 * S, look],
      [180 * S, look],
    ])
    // Of 30 puts a second, 20 or so go to the two servers that live.
    expect((seen[1] - seen[0]) / 70).toBeCloseTo(20, -0.5)
  })

  test('clients that look a region up wait, though it is there', () => {
    const waiting: number[] = []
    const look = ({ run: { cluster } }: Cast) => {
      const [moved] = cluster.map.regionsOf(cluster.servers.indexOf(hasMoved.second))
      const refused = cluster.caller.pending().filter(({ sentUs }) => sentUs < 101 * S)
      waiting.push(refused.length)
      expect(cluster.locations.serverOf(moved)).toBe(hasMoved.third)
    }
    let hasMoved: Cast
    played([
      [
        100 * S,
        (cast) => {
          hasMoved = cast
          const { master, locations } = cast.run.cluster
          const [region] = locations.regionsOf(cast.second)
          master.host.spawn('move', moveAndKill())

          // Whoever was refused meanwhile has to look the region up anew.
          function* moveAndKill() {
            yield* master.move(region, cast.third.name)
            cast.carrier.kill()
          }
        },
      ],
      [180 * S, look],
      [250 * S, look],
    ])
    expect(waiting[0]).toBeGreaterThan(0)
    expect(waiting[1]).toBe(0)
  })

  test('another server that dies just before waits for it with its regions', () => {
    const run = played([
      [100 * S, ({ second }) => second.kill()],
      [101 * S, ({ carrier }) => carrier.kill()],
    ])
    const [ofSecond, ofCarrier] = run.cluster.master.recoveries
    expect(phasesOf(ofSecond)[1][0]).toBe('wait for hbase:meta')
    expect(ofSecond.metaAvailableUs).toBe(ofCarrier.metaAvailableUs)
  })

  test('what was put into it is replayed from its WAL', () => {
    const run = played([
      [100 * S, (cast) => move(cast, cast.run.cluster.locations.regionsOf(cast.second)[0], null)],
      [110 * S, ({ carrier }) => carrier.kill()],
    ])
    const { metaRegion } = run.cluster.map
    const [{ assignments }] = run.cluster.master.recoveries
    const ofMeta = assignments.find(({ region }) => region === metaRegion)
    // CLOSING, CLOSED, OPENING and OPEN of one region, 500 B each.
    expect(ofMeta?.opening.replayedBytes).toBe(2000)
  })
})

describe('a server that stops', () => {
  test('closes it last and leaves nothing of it to split', () => {
    const closed: number[] = []
    const run = played([
      [
        100 * S,
        ({ carrier }) => {
          const { closeRegion } = carrier.writePath
          carrier.writePath.closeRegion = (region) => {
            closed.push(region)
            return closeRegion.call(carrier.writePath, region)
          }
          carrier.stop()
        },
      ],
    ])
    const { metaRegion, metaServer } = run.cluster.map
    const [recovery] = run.cluster.master.recoveries
    expect(closed).toHaveLength(3)
    expect(closed.at(-1)).toBe(metaRegion)
    expect(recovery).toMatchObject({ carriesMeta: true, wals: 0, regions: 3 })
    const now = run.cluster.locations.serverOf(metaRegion)
    expect(now?.alive).toBe(true)
    expect(now).not.toBe(run.cluster.servers[metaServer])
  })
})

describe('moved to another server', () => {
  test('it has a WAL there, and the one that is left behind is not split', () => {
    const run = played([
      [50 * S, (cast) => move(cast, 0, null)],
      [100 * S, (cast) => move(cast, cast.run.cluster.map.metaRegion, cast.second.name)],
      [120 * S, ({ carrier }) => carrier.kill()],
    ])
    const { master, locations, map, servers } = run.cluster
    const there = locations.serverOf(map.metaRegion)
    expect(there).not.toBe(servers[map.metaServer])
    expect(there?.walGroups).toHaveLength(2)
    expect(master.recoveries).toMatchObject([{ carriesMeta: false, wals: 1 }])
    const left = servers[map.metaServer].wals().filter(({ isMeta }) => isMeta)
    expect(left.every(({ archivedUs }) => archivedUs !== null)).toBe(true)
  })

  test('new states of regions go there', () => {
    const run = played([
      [100 * S, (cast) => move(cast, cast.run.cluster.map.metaRegion, cast.second.name)],
      [120 * S, (cast) => move(cast, 0, null)],
    ])
    const [before, after] = run.cluster.metaLogs
    expect(before.length - before.markers.countIn(0, before.length)).toBe(0)
    expect(after.length - after.markers.countIn(0, after.length)).toBe(4)
  })
})

test('its memstore is flushed when it has an edit that is older than 5 minutes', () => {
  const filesUs: number[] = []
  const look = ({ run }: Cast) => {
    const [store] = run.cluster.files.stores.of(run.cluster.map.metaRegion)
    filesUs.push(store.files.length)
  }
  played([
    [10 * S, (cast) => move(cast, 0, null)],
    [300 * S, look],
    [399 * S, look],
  ])
  expect(filesUs).toEqual([1, 2])
})
