import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DURABILITIES, RegionDurabilities } from '../../../src/hbase/regionserver/durability.js'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { FSHLog } from '../../../src/hbase/wal/fs-hlog.js'
import {
  type FSHLogOutcome,
  type FSHLogScenario,
  fsHLogScenario,
  variatesOf,
} from './fs-hlog-scenario.js'
import { plainOutcome } from './plain-fs-hlog.js'
import { RingBufferDriver } from './ring-buffer-driver.js'
import { groupWrites, walOf } from './wal-fixture.js'

const END_US = 1e9

/** What a run of `FSHLog` comes to, looked at when it asks for it and at `looksUs`. */
function lazyOutcome(scenario: FSHLogScenario, looksUs: readonly number[]): FSHLogOutcome {
  const { syncerCount, maxBatchCount, rollSize, bytesPerSecond, damages } = scenario
  const log = new EditLog(0)
  const { append, sync, hsync } = variatesOf(scenario)
  const rollsNeededUs: number[] = []
  const durableUs: number[] = []
  let nowUs = -1
  let safe = false
  const { writes } = groupWrites(log, sync, {
    onRollNeeded: () => {
      rollsNeededUs.push(nowUs)
    },
    onSafePoint: () => {
      safe = true
    },
    hsync,
  })
  const driver = new RingBufferDriver()
  const wal = new FSHLog(
    driver.calls,
    writes,
    {
      walBatchSize: 1,
      walRollSize: rollSize,
      durabilities: new RegionDurabilities(DURABILITIES),
      latencies: { walAppend: append, walBytesPerSecond: bytesPerSecond },
    },
    {
      syncerCount,
      maxBatchCount,
      tolerableReplication: 0,
      lowReplicationRollLimit: 5,
      closeErrorsTolerated: 2,
    },
  )
  driver.wals = [wal]
  driver.onDurable = (edit, us) => {
    durableUs[edit] = us
  }
  scenario.appends.forEach(({ atUs, bytes, durability }, edit) => {
    const awaited = durability !== 'ASYNC_WAL'
    driver.append(atUs, DURABILITIES.indexOf(durability), bytes, edit, 0, awaited)
  })
  const files = [{ file: writes.firstWal, sinceUs: 0 }]
  const rolls = scenario.rollsUs.slice()
  let rolling = false
  const roll = () => {
    while (!rolling && rolls.length > 0 && rolls[0] <= nowUs) {
      rolls.shift()
      rolling = true
      safe = false
      driver.requestSafePoint(wal, nowUs)
      switchFile()
    }
  }
  const switchFile = () => {
    if (!rolling || !safe) return
    const file = walOf(log, nowUs)
    files.push({ file, sinceUs: nowUs })
    driver.switchTo(wal, file, nowUs)
    rolling = false
    driver.advance(nowUs)
  }
  const instants = [
    ...looksUs,
    ...scenario.rollsUs,
    ...damages.flatMap(({ atUs, forUs }) => [atUs, atUs + forUs]),
    END_US,
  ].sort((a, b) => a - b)
  while (nowUs < END_US) {
    while (instants[0] <= nowUs) instants.shift()
    nowUs = Math.min(instants[0], Math.max(nowUs + 1, driver.nextCauseUs()))
    driver.advance(nowUs)
    switchFile()
    roll()
    for (const { atUs, forUs } of damages) {
      if (atUs + forUs === nowUs && forUs > 0) driver.streamRecovered(wal, nowUs, 3)
      if (atUs === nowUs) driver.streamFailed(wal, nowUs)
      if (atUs === nowUs && forUs === 0) driver.streamRecovered(wal, nowUs, 3)
    }
    driver.advance(nowUs)
    switchFile()
    roll()
  }
  return {
    durableUs,
    wals: files.map(({ file: { from, entries, hsyncedBytes }, sinceUs }) => {
      return { from, entries, sinceUs, hsyncedBytes }
    }),
    rollsNeededUs,
    synced: wal.syncedEdits,
  }
}

test('FSHLog and a model with a process per thread agree, however often one looks', () => {
  const looks = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 })
  fc.assert(
    fc.property(fsHLogScenario, looks, (scenario, looksUs) => {
      const plain = plainOutcome(scenario)
      expect(lazyOutcome(scenario, [])).toEqual(plain)
      expect(lazyOutcome(scenario, looksUs)).toEqual(plain)
      const last = scenario.appends.findLastIndex(({ durability }) => durability !== 'ASYNC_WAL')
      expect(plain.synced).toBeGreaterThan(last)
    }),
    { seed: 28987, numRuns: 500 },
  )
})
