import { describe, expect, test } from 'vitest'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/**
 * A put every second, and a roll when 60 s are over, which the roller, who wakes every 10 s, finds at
 * 70 s; the new file takes 8 ms and its znode 3 ms, and from there the roller counts its 10 s. So roll
 * k begins at 60 k + 10 + 0.011 (k - 1) s, and WAL k ends with put 60 k + 10.
 *
 * A put takes 1,104 B of memstore, the tenth more than 9,999 B: the region flushes. START_FLUSH (290 B)
 * is appended 657 us after put 10 n was sent, COMMIT_FLUSH (330 B) 14.67 ms after: WAL 1, left at
 * 70.011 s, has not the last. It has 70,000 + 7 · 290 + 6 · 330 = 74,010 B, WAL 2 has
 * 60,000 + 6 · 290 + 7 · 330 = 64,050 B and each later one 60,000 + 6 · (290 + 330) = 63,720 B.
 *
 * A WAL is archived when it is closed, 3.5 ms after the switch; WAL 1 with the next roll, for the
 * flush that put 70 had set off was still under way. The cleaner comes every second and takes what
 * was closed more than 1 s before, unless the peer needs it.
 */
function rolling(endpoint: string) {
  return simulateConstantWorld(
    `
duration: 700 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { ${endpoint}, store: backup, flushInterval: 300 s } }
`,
    'site["hbase.regionserver.logroll.period"]=60000',
    'site["hbase.hregion.memstore.flush.size"]=9999',
    'site["hbase.regionserver.compaction.enabled"]=false',
    'site["hbase.hstore.blockingStoreFiles"]=1000',
    'site["hbase.master.logcleaner.ttl"]=1000',
    'site["hbase.master.cleaner.interval"]=1000',
  )
}

describe('whoever defers the offset has oldWALs for a staging area, by hand', () => {
  /**
   * The timer closes the object at 300 s (puts 1–298, 298,000 B in 2.98 ms, PUT 30 ms) and at 600 s
   * (puts 299–598, 3 ms): stored at 300.032980 and 600.033000 s. Their offsets lie in the WALs 5
   * (puts 251–310) and 10. So WALs 5–9 are in oldWALs from when WAL 9 is archived, at 550.1025 s,
   * until the cleaner comes at 601 s; the rest leave after the tick of 900 s.
   *
   * RPO: 0 until 1.000757 s, ramps 0 → 299.032223 s, 1.032223 → 301.032243 s, and from 1.032243 to
   * 100.999243 s at the end. Median: 1.000757 + v + (v - 1.032223) + 99.967 = 350 gives 125.032233 s;
   * 1 % (7 s): (299.032223 - v) + (301.032243 - v) = 7 gives 296.532233 s.
   */
  test('deferred-offset pins every WAL since the last close: five of them', () => {
    const run = rolling('endpoint: deferred-offset, form: feature-branch')
    const peer = peerOf(run)
    expect(peer.oldWALs.maxBytes).toBe(5 * 63_720)
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 125_032_233,
      p99Us: 296_532_233,
      maxUs: 301_032_243,
      maxEdits: 302,
      maxBytes: 302_000,
      timeShareAboveZero: (700 * S - 1_000_757) / (700 * S),
    })
    expect(peer.rpo['region-server-crash']).toMatchObject({ maxUs: 0 })
    expect(peer.confirmedNotStoredEdits.max).toBe(0)
    expect(peer.staging).toBeUndefined()
    expect(peer.objects).toMatchObject({ count: 3, maxBytes: 300_000 })
  })

  /**
   * Staged copies leave at the same ticks, so at the loss of the cluster they are worth the same, but
   * for the copier's way: 3.5 ms to close, LIST 20 ms, 300,000 B read in 300 us. The WAL is released a
   * second after the roll; WALs 1 and 2 are archived together.
   */
  test('staged-copy pins what was archived just now, and keeps as much in staging', () => {
    const peer = peerOf(rolling('endpoint: staged-copy'))
    expect(peer.oldWALs.maxBytes).toBe(74_010 + 64_050)
    expect(peer.staging?.maxBytes).toBe(301_000)
    expect(peer.rpo['cluster-loss']?.maxUs).toBe(301_032_243 + 3500 + 20_000 + 300)
  })
})
