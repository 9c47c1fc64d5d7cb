import { describe, expect, it } from 'vitest'
import {
  StorefileRefresherChore,
  type StorefileRefresherOptions,
  storefileRefresherSettings,
} from '../../../src/hbase/regionserver/storefile-refresher-chore.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { Configuration } from '../../../src/storage/configuration.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { World } from '../../storage/world.js'
import { FAMILIES, ReplicaWorld } from './replicated-primary.js'

const SECOND = 1_000_000
const LISTING_US = 700

/** A server with one secondary, or more, of primaries of their own, and its chore. */
class RefreshingServer {
  readonly world = new World()
  readonly replicas: readonly ReplicaWorld[]
  readonly changes: { region: number; atUs: number; freedBytes: number }[] = []
  readonly closed = new Set<number>()

  constructor(changes: Partial<StorefileRefresherOptions> = {}, secondaries = 1) {
    this.replicas = Array.from({ length: secondaries }, () => new ReplicaWorld())
    const { scheduler } = this.world
    const chore = new StorefileRefresherChore({
      scheduler,
      periodUs: 2 * SECOND,
      onlyMeta: false,
      phaseUs: SECOND,
      hfileTtlUs: 300 * SECOND,
      secondaries: () => this.replicas.keys(),
      isOpen: (region) => !this.closed.has(region),
      isMeta: () => false,
      secondary: (region) => this.replica(region).secondary,
      list: (region) => this.#list(region),
      advance() {},
      changed: (region, freedBytes) => {
        this.changes.push({ region, atUs: scheduler.now, freedBytes })
      },
      ...changes,
    })
    this.world.host.spawn('StorefileRefresherChore', chore.run())
  }

  replica(region = 0): ReplicaWorld {
    return this.replicas[region] as ReplicaWorld
  }

  run(untilUs: number): void {
    this.world.scheduler.run(untilUs)
  }

  *#list(region: number): Protocol {
    yield LISTING_US
    if (this.replica(region).primary.listingFails) {
      throw new IOException('refused', 'no NameNode is running')
    }
  }
}

describe('StorefileRefresherChore', () => {
  it('R41: a secondary has what was flushed after one run', () => {
    const server = new RefreshingServer()
    const { primary } = server.replica()
    primary.put(100)
    primary.flush()
    server.run(SECOND - 1)
    expect(server.replica().rowsRead(100)).toBe(0)
    server.run(2 * SECOND)
    expect(server.replica().hasRows(0, 100)).toBe(true)
  })

  it('R42: reads are refused when the listing has failed for too long, until it succeeds', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    server.run(2 * SECOND)
    primary.listingFails = true
    // The last success began at 1 s; 300 s of TTL less a period of 2 s must have passed, not more.
    server.run(300 * SECOND)
    expect(secondary.readsEnabled).toBe(true)
    server.run(301 * SECOND + LISTING_US)
    expect(secondary.readsEnabled).toBe(false)
    expect(() => secondary.checkReadsEnabled()).toThrow(IOException)
    primary.listingFails = false
    server.run(304 * SECOND)
    expect(secondary.readsEnabled).toBe(true)
  })

  it('R43: its period is at most half of the time that archived files are kept', () => {
    const hfileTtlUs = 300 * SECOND
    expect(() => new RefreshingServer({ periodUs: 150 * SECOND, hfileTtlUs })).not.toThrow()
    const tooLong = { periodUs: 150 * SECOND + 1000, hfileTtlUs }
    expect(() => new RefreshingServer(tooLong)).toThrow(/smaller than half/)
  })

  it('R44: a loop of refreshes shows every flush', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    primary.put(1000)
    primary.flush()
    secondary.open(true)
    expect(server.replica().files()).toEqual([1, 1, 1])
    server.run(1.5 * SECOND)
    for (let i = 0; i < 2; i++) {
      primary.put(100)
      primary.flush()
    }
    expect(server.replica().files()).toEqual([1, 1, 1])
    server.run(8 * SECOND)
    expect(server.replica().files()).toEqual([3, 3, 3])
    for (const row of [42, 1042, 1142]) expect(server.replica().hasRows(row, row + 1)).toBe(true)
  })

  it('R45: with a period for hbase:meta alone only its secondaries are refreshed', () => {
    const settings = settingsOf({ 'hbase.regionserver.meta.storefile.refresh.period': '60000' })
    const [user, meta] = [0, 1]
    const isMeta = (region: number) => region === meta
    const server = new RefreshingServer({ ...settings, phaseUs: 0, isMeta }, 2)
    for (const { primary } of server.replicas) {
      primary.put(10)
      primary.flush()
    }
    server.run(61 * SECOND)
    expect(server.replica(user).rowsRead(10)).toBe(0)
    expect(server.replica(meta).hasRows(0, 10)).toBe(true)
  })

  it('is off by default, and the period for all goes before that of hbase:meta', () => {
    expect(settingsOf({})).toBeNull()
    const both = {
      'hbase.regionserver.storefile.refresh.period': '30000',
      'hbase.regionserver.meta.storefile.refresh.period': '60000',
      'hbase.master.hfilecleaner.ttl': '3600000',
    }
    expect(settingsOf(both)).toEqual({
      periodUs: 30 * SECOND,
      onlyMeta: false,
      hfileTtlUs: 3600 * SECOND,
    })
  })

  it('lists family after family, and shows half of a row in between', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    primary.put(1)
    primary.flush()
    server.run(SECOND + 2 * LISTING_US)
    const shown = FAMILIES.map((family) => secondary.readableIn(family, 0, 1))
    expect(shown).toEqual([true, true, false])
    server.run(SECOND + 3 * LISTING_US)
    expect(secondary.readable(0, 1)).toBe(true)
  })

  it('keeps its period, whatever the listings take', () => {
    const server = new RefreshingServer()
    server.run(6 * SECOND)
    const begunUs = server.changes
      .filter((_, i) => i % (FAMILIES.length + 1) === 0)
      .map(({ atUs }) => atUs - LISTING_US)
    expect(begunUs).toEqual([SECOND, 3 * SECOND, 5 * SECOND])
  })

  it('says what memory it has freed', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    primary.put(10)
    server.replica().replay()
    primary.flush()
    const { heapBytes } = secondary
    expect(heapBytes).toBeGreaterThan(0)
    server.run(2 * SECOND)
    const freedBytes = server.changes.reduce((sum, change) => sum + change.freedBytes, 0)
    expect(freedBytes).toBe(heapBytes)
    expect(secondary.heapBytes).toBe(0)
  })

  it('leaves a secondary alone that is closed while it lists', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    primary.put(1)
    primary.flush()
    server.run(SECOND + LISTING_US - 1)
    server.closed.add(0)
    secondary.close()
    server.run(10 * SECOND)
    expect(server.replica().files()).toEqual([0, 0, 0])
    expect(secondary.readsEnabled).toBe(false)
    expect(server.changes).toEqual([])
  })

  it('counts the time without a refresh anew for a secondary that comes back', () => {
    const server = new RefreshingServer()
    const { primary, secondary } = server.replica()
    server.run(2 * SECOND)
    server.closed.add(0)
    server.run(400 * SECOND)
    primary.listingFails = true
    server.closed.clear()
    server.run(600 * SECOND)
    expect(secondary.readsEnabled).toBe(true)
    server.run(702 * SECOND)
    expect(secondary.readsEnabled).toBe(false)
  })
})

/** The chore's settings with these properties in the site file. */
function settingsOf(site: Readonly<Record<string, string>>) {
  return storefileRefresherSettings(new Configuration(site))
}
