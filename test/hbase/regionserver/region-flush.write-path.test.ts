import { describe, expect, it } from 'vitest'
import { HFileIo, HFileNames } from '../../../src/hbase/regionserver/hfile-io.js'
import { type FlushRecord, RegionFlush } from '../../../src/hbase/regionserver/region-flush.js'
import { SequenceIdAccounting } from '../../../src/hbase/wal/sequence-id-accounting.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { World } from '../../storage/world.js'
import { addedStoreFile } from './flush-world.js'
import { buildWritePath, calmScenario } from './write-path-fixture.js'

const FLUSH_AT_US = 10_000
const END_US = 40_000
const PERIOD_US = 200

/** A put each 200 us to regions 0 and 1 in turn; region 0 is flushed meanwhile. */
function flushUnderWrites() {
  const world = new World()
  const { scheduler, host, node } = world
  const answers: { region: number; sentUs: number; tookUs: number }[] = []
  const records: FlushRecord[] = []
  const puts = Array.from({ length: END_US / PERIOD_US }, (_, n) => ({
    sentUs: PERIOD_US * n,
    region: n % 2,
    bytes: 1000,
  }))
  const built = buildWritePath(
    { ...calmScenario, regions: 2, puts },
    {
      scheduler,
      observer: {
        answered: (sentUs, acknowledgedUs) => {
          const region = (sentUs / PERIOD_US) % 2
          answers.push({ region, sentUs, tookUs: acknowledgedUs - sentUs })
        },
      },
    },
  )
  const { path, memstores } = built
  const accounting = new SequenceIdAccounting(2, () => 1)
  const regionFlush = new RegionFlush({
    scheduler,
    memstores,
    writePath: path,
    hfiles: new HFileIo({
      hdfs: world.hdfs(),
      node,
      names: new HFileNames(),
      regionDirectory: (region) => `data/usertable/${region}`,
      familyName: () => 'cf',
    }),
    accounting: () => accounting,
    advance: () => path.advance(scheduler.now),
    flushSizeLowerBoundMin: 0,
    flushIntervalUs: 0,
    flushPerChanges: 1_000_000,
    flushRetries: 1,
    pauseUs: 0,
    isSystemTable: () => false,
    addStoreFile: (file) => addedStoreFile(file),
    onFlushed: (record) => records.push(record),
    abort() {},
  })
  for (const region of [0, 1]) {
    path.openRegion(region)
    regionFlush.open(region, 0)
  }
  puts.forEach(({ sentUs, region, bytes }, n) => {
    path.offer(sentUs, region, bytes, n)
  })
  host.spawn('look', looking())
  host.spawn('flush', flushing())
  scheduler.run(END_US + 10_000)
  const log = path.wals[0]?.log
  return { answers, records, log, memstores }

  function* looking(): Protocol {
    for (;;) {
      yield 10
      path.advance(scheduler.now)
    }
  }

  function* flushing(): Protocol {
    yield FLUSH_AT_US
    const requestedUs = scheduler.now
    yield* regionFlush.flush(0, { families: 'all', reason: 'request', requestedUs })
  }
}

describe('a flush of a region that clients write', () => {
  it('brackets what is accepted meanwhile with its markers', () => {
    const { records, log } = flushUnderWrites()
    const { flushOpSeqId = 0, committedUs = 0 } = records[0] ?? {}
    const entries = Array.from({ length: log?.length ?? 0 }, (_, edit) => edit)
      .filter((edit) => log?.region(edit) === 0)
      .map((edit) => ({ id: log?.sequenceId(edit), marker: log?.operation(edit) === -1 }))
    const markers = entries.filter(({ marker }) => marker).map(({ id = 0 }) => id)
    expect(entries.map(({ id }) => id)).not.toContain(flushOpSeqId)
    expect(markers[0]).toBe(flushOpSeqId + 1)
    expect(markers).toHaveLength(2)
    const accepted = (markers[1] ?? 0) - (markers[0] ?? 0) - 1
    expect(accepted).toBeGreaterThan(5)
    expect(accepted).toBeLessThanOrEqual((committedUs - FLUSH_AT_US) / (2 * PERIOD_US) + 2)
  })

  it('makes only writes of that region wait, and only for the lock', () => {
    const { answers, records } = flushUnderWrites()
    const { lockedUs = 0, unlockedUs = 0 } = records[0] ?? {}
    const slowestUs = [0, 1].map((region) =>
      Math.max(...answers.filter((answer) => answer.region === region).map(({ tookUs }) => tookUs)),
    )
    const [flushedUs = 0, otherUs = 0] = slowestUs
    expect(flushedUs).toBeGreaterThan(otherUs)
    expect(flushedUs).toBeLessThanOrEqual(otherUs + unlockedUs - lockedUs)
    expect(answers).toHaveLength(END_US / PERIOD_US)
  })

  it('frees what it has written, and no more', () => {
    const { records, memstores } = flushUnderWrites()
    const written = (END_US / (2 * PERIOD_US)) * 1000
    expect(memstores.heapBytes(0)).toBe(written - (records[0]?.bytes ?? 0))
    expect(memstores.heapBytes(1)).toBe(written)
    expect(memstores.flushedSequenceId(0)).toBe(records[0]?.flushOpSeqId)
  })
})
