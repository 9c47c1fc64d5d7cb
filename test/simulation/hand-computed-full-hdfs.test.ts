import { describe, expect, test } from 'vitest'
import { noDuplicates } from '../../src/measure/duplicates.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/**
 * Three DataNodes of 2.2 MB, three replicas, staging and WAL files with blocks of 2 MiB: a file can be
 * created while no more than 2,200,000 - 2,097,152 = 102,848 B are in use. The store refuses from 5 s
 * to 100 s, so that puts 1–70, one a second, are in the WAL and in staging.
 */
function full(more: string, ...set: string[]) {
  return simulateConstantWorld(
    `
duration: 200 s
workload:
  - { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B, until: 70500 ms }
peers: { backup: { endpoint: staged-copy, store: backup, flushInterval: 30 s, copiers: 1 } }
faults: [ { at: 5 s, for: 95 s, kind: store-outage, store: backup, as: refuse } ]
${more}
`,
    'cluster.hdfs.capacity=2200 kB',
    'site["dfs.blocksize"]=1048576',
    ...set,
  )
}

describe('a full HDFS, by hand', () => {
  /**
   * Staging files are rolled at 30 s (puts 1–28) and 60 s (puts 29–58). At 60.0035 s 60,000 B of WAL and
   * 58,000 B of staging are in use, and no further file can be created. An attempt takes 6 ms: create,
   * ask for a block, and delete what is there, an RPC each; the shipper repeats it at once.
   *
   * The tick of 120 s gets the endpoint's lock when attempt 9999 ends, at 120.0035 s. The copier asks
   * with LIST (20 ms), reads 28,000 B (28 us), sends them (280 us), PUT 30 ms: stored at 120.053808 s;
   * HEAD 10 ms, deleted at 120.065808 s. The attempt that began at 60.0035 + 10,010 × 0.006 s asks for
   * its block at 120.0675 s: set-up 4 ms, hsync 1.301 ms, the NameNode's 2 ms, ZooKeeper's 3 ms: put
   * 59 is confirmed at 120.077801 s. The others follow; the file is rolled at 150 s.
   *
   * The second copy: LIST at 120.065808 s, 30 + 300 us, PUT: stored at 120.116138 s. The third, of
   * 12,000 B, begins at 150.0035 s: 20 + 0.012 + 0.12 + 30 ms, stored at 150.053632 s.
   *
   * RPO: ramps 0 (1.000757 s) → 119.053051 s, 91.053051 → 91.115381 s, 61.115381 → 91.052875 s, then 0.
   * Median: 1.000757 + v + 49.946368 = 100; p99: 2 s of the first ramp lie above it.
   *
   * Verdict: at 5 s puts 1–4 are in the WAL and 1–3 in staging, 21,000 B with replicas; at 100 s
   * 70,000 + 58,000 B, 384,000 B. 6,579,000 B of room would last 95 s × 6579 / 363. It is reckoned in
   * bytes; that placement asks for whole blocks is felt only where the whole of HDFS is a few blocks.
   */
  test('staging fills it: nothing more is accepted until a copy makes room', () => {
    const run = full('')
    const peer = peerOf(run)
    expect(run.edits).toMatchObject({ acknowledged: 70, failed: 0 })
    expect(run.writeLatencyUs.max).toBe(757)
    expect(peer.confirmLatencyUs.max).toBe(120_077_801 - 59_000_150)
    expect(peer.storeLatencyUs.max).toBe(120_053_808 - 1_000_150)
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 100 * S - 1_000_757 - 49_946_368,
      p99Us: 117_053_051,
      maxUs: 119_053_051,
      maxEdits: 70,
      maxBytes: 70_000,
      timeShareAboveZero: (150_053_632 - 1_000_757) / (200 * S),
    })
    expect(peer.rpo['region-server-crash']).toMatchObject({ maxUs: 0 })
    expect(peer).toMatchObject({
      storedEdits: 70,
      duplicateEdits: noDuplicates(),
      missingAfterQuiescence: 0,
    })
    expect(peer.staging).toEqual({ maxBytes: 58_000, maxFiles: 3 })
    expect(run.hdfs).toEqual({
      capacityBytes: 6_600_000,
      maxUsedBytes: 384_000,
      fillsUs: [{ fault: 'backup answers refuse', us: 1_721_776_860 }],
    })
  })

  /**
   * With a roll period of 65 s the LogRoller, which wakes every 10 s, rolls at 70 s: it creates the
   * file (2 ms) and asks for a block (2 ms). `hbase.regionserver.logroll.retries` is 0.
   */
  test('a server that cannot roll its WAL for want of room aborts', () => {
    const run = full('drain: 10 s', 'site["hbase.regionserver.logroll.period"]=65000')
    expect(run.faults[1]).toMatchObject({
      kind: 'region-server-abort',
      label: expect.stringContaining('log roll failed: no-space'),
      atUs: 70 * S + 4000,
    })
  })
})
