import { describe, expect, test } from 'vitest'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/**
 * A put every second, and a roll every 60 s: roll k begins at 60 k + 0.011 (k - 1) s, the new file
 * takes 8 ms and its znode 3 ms, so WAL k has puts 60 k - 59 to 60 k. Memstores flush with every tenth
 * put, so a WAL is archived when it is closed, 3.5 ms after the switch. The cleaner comes every second
 * and takes what was closed more than 1 s before, unless the peer needs it.
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
    'site["hbase.master.logcleaner.ttl"]=1000',
    'site["hbase.master.cleaner.interval"]=1000',
  )
}

describe('whoever defers the offset has oldWALs for a staging area, by hand', () => {
  /**
   * The timer closes the object at 300 s (puts 1–298, 298,000 B in 2.98 ms, PUT 30 ms) and at 600 s
   * (puts 299–598, 3 ms): stored at 300.032980 and 600.033000 s. Their offsets lie in the WALs 5 and
   * 10. So WALs 5–10 are in oldWALs when WAL 10 is archived at 600.1135 s, until the cleaner comes at
   * 602 s (WALs 5–9) and after the tick of 900 s (the rest).
   *
   * RPO: 0 until 1.000757 s, ramps 0 → 299.032223 s, 1.032223 → 301.032243 s, and from 1.032243 to
   * 100.999243 s at the end. Median: 1.000757 + v + (v - 1.032223) + 99.967 = 350 gives 125.032233 s;
   * 1 % (7 s): (299.032223 - v) + (301.032243 - v) = 7 gives 296.532233 s.
   */
  test('deferred-offset pins every WAL since the last close: six of them', () => {
    const run = rolling('endpoint: deferred-offset, form: feature-branch')
    const peer = peerOf(run)
    expect(peer.oldWALs.maxBytes).toBe(360_000)
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
   * second after the roll.
   */
  test('staged-copy pins one WAL at a time, and keeps as much in staging', () => {
    const peer = peerOf(rolling('endpoint: staged-copy'))
    expect(peer.oldWALs.maxBytes).toBe(60_000)
    expect(peer.staging?.maxBytes).toBe(301_000)
    expect(peer.rpo['cluster-loss']?.maxUs).toBe(301_032_243 + 3500 + 20_000 + 300)
  })
})
