import { expect, test } from 'vitest'
import { compare } from '../../src/experiment/compare.js'
import type { SharedAssumption, Summary, SummaryRun } from '../../src/experiment/summary.js'
import { verdict } from '../../src/experiment/verdict.js'
import type { RunFigures } from './results.js'
import { measuredRun } from './results.js'

const ASSUMPTIONS: SharedAssumption[] = [
  { parameter: 'hdfs.hsync', value: 'lognormal(1 ms, 0.3)', source: 'storage.md 3.1, grade B' },
  { parameter: 'hbase.wal.hsync', value: 'false', source: 'default of HBase 2.6' },
  { parameter: 'network.roundTrip', value: '200 us', source: 'estimate' },
]

function summaryOf(figures: RunFigures[], change: (run: SummaryRun) => void = () => {}): Summary {
  const runs = figures.map((figure) => ({ ...measuredRun(figure), expectations: [] }))
  for (const run of runs) change(run)
  return {
    schema: 'hbsim-summary/2',
    hbsim: '0.1.0',
    scenario: { name: 'backup-options', hash: 'f00d' },
    assumptions: ASSUMPTIONS,
    runs,
    comparison: runs.length > 1 ? compare(runs) : null,
  }
}

/** Three designs through the loss of the cluster, one value per seed. */
function threeDesigns(seeds: number): RunFigures[] {
  const each = (of: (index: number) => RunFigures) => Array.from({ length: seeds }, (_, i) => of(i))
  const lossAtUs = (i: number) => 1_620_000_000 + 15_000_000 * i
  return [
    ...each((i) => ({
      variant: 'direct',
      seed: i + 1,
      writeP99Us: 4_100 + 10 * i,
      clusterLost: 300_000,
      lossAtUs: lossAtUs(i),
      backup: {
        rpoP99Us: 361_000_000 + 500_000 * i,
        lostEdits: [41, 12, 80, 55, 20, 47][i],
        oldestLostAgeUs: 180_000 + 1_000 * i,
        usd: 95.5 + i,
        objects: 6_000 + 25 * i,
      },
    })),
    ...each((i) => ({
      variant: 'staged-copy',
      seed: i + 1,
      writeP99Us: 4_300 + 12 * i,
      clusterLost: 300_000,
      lossAtUs: lossAtUs(i),
      backup: {
        rpoP99Us: 640_000_000 + 2_000_000 * i,
        lostEdits: [18_310, 31_000, 9_455, 22_801, 12_006, 27_070][i],
        oldestLostAgeUs: 62_000_000 + 9_000_000 * i,
        confirmedNotStored: 110_000 + 100 * i,
        usd: 12.25,
        objects: 60 + i,
      },
    })),
    ...each((i) => ({
      variant: 'no-backup',
      seed: i + 1,
      writeP99Us: 4_000,
      clusterLost: 300_000 + 17 * i,
      lossAtUs: lossAtUs(i),
      backup: null,
    })),
  ]
}

test('five runs: medians with their range, means with their interval, causes and basis', () => {
  expect(verdict(summaryOf(threeDesigns(5))).join('\n')).toMatchInlineSnapshot(`
    "When the cluster is lost (after 27 min…28 min), \`direct\` loses 41 edits (12…80) where \`staged-copy\` loses 18,310 edits (9,455…31,000) and \`no-backup\` loses 300,034 edits (300,000…300,068): medians of 5 runs, ranges in brackets.
    Why: with \`direct\`, edits are confirmed only once they are stored, and the oldest lost edit was 182 ms old; with \`staged-copy\`, edits are confirmed before they are stored, up to 110,200 at once, and the oldest lost edit was 1 min 20 s old; with \`no-backup\`, nothing is kept outside the cluster.
    Half of the time, loss of the cluster would cost at most the last 0 µs with \`direct\` and \`staged-copy\`; the same in all 5 runs.
    At 99 % of instants, it would cost at most the last 6 min 2 s (6 min 1 s…6 min 3 s) with \`direct\` and 10 min 44 s (10 min 40 s…10 min 48 s) with \`staged-copy\`; means of 5 runs, 95 % intervals in brackets.
    A month of backup costs $97.50 ($95.54…$99.46) with \`direct\` and $12.25 with \`staged-copy\`; means of 5 runs, 95 % intervals in brackets.
    Objects left in the store: 6,050 (6,001…6,099) with \`direct\` and 62 (60…64) with \`staged-copy\`; means of 5 runs, 95 % intervals in brackets.
    99 % of writes are acknowledged within 4.12 ms (4.1 ms…4.14 ms) with \`direct\`, 4.32 ms (4.3 ms…4.35 ms) with \`staged-copy\` and 4 ms with \`no-backup\`; means of 5 runs, 95 % intervals in brackets.
    Not beyond chance (p >= 0.05 after Holm's correction) are 3 of 5 paired differences: lost edits of \`direct\` and \`staged-copy\` (5 seeds, p = 0.19), lost edits of \`direct\` and \`no-backup\` (5 seeds, p = 0.19) and lost edits of \`staged-copy\` and \`no-backup\` (5 seeds, p = 0.19).
    This rests on 5 runs of each variant (seeds 1 to 5) of 30 min, and on 3 parameters (estimated: \`network.roundTrip\` = 200 us)."
  `)
})

test('one run is called one run, and compares nothing against chance', () => {
  expect(verdict(summaryOf(threeDesigns(1))).join('\n')).toMatchInlineSnapshot(`
    "When the cluster is lost (after 27 min), \`direct\` loses 41 edits where \`staged-copy\` loses 18,310 edits and \`no-backup\` loses 300,000 edits: one run.
    Why: with \`direct\`, edits are confirmed only once they are stored, and the oldest lost edit was 180 ms old; with \`staged-copy\`, edits are confirmed before they are stored, up to 110,000 at once, and the oldest lost edit was 1 min 2 s old; with \`no-backup\`, nothing is kept outside the cluster.
    Half of the time, loss of the cluster would cost at most the last 0 µs with \`direct\` and \`staged-copy\`; one run.
    At 99 % of instants, it would cost at most the last 6 min 1 s with \`direct\` and 10 min 40 s with \`staged-copy\`; one run.
    A month of backup costs $95.50 with \`direct\` and $12.25 with \`staged-copy\`; one run.
    Objects left in the store: 6,000 with \`direct\` and 60 with \`staged-copy\`; one run.
    99 % of writes are acknowledged within 4.1 ms with \`direct\`, 4.3 ms with \`staged-copy\` and 4 ms with \`no-backup\`; one run.
    This rests on one run of each variant (seed 1) of 30 min, and on 3 parameters (estimated: \`network.roundTrip\` = 200 us)."
  `)
})

test('six runs give lost edits an interval', () => {
  expect(verdict(summaryOf(threeDesigns(6)))[0]).toMatchInlineSnapshot(
    `"When the cluster is lost (after 27 min…28 min 15 s), \`direct\` loses 44 edits (12…80) where \`staged-copy\` loses 20,556 edits (9,455…31,000) and \`no-backup\` loses 300,043 edits (300,000…300,085): medians of 6 runs, 95 % intervals in brackets."`,
  )
})

test('a single design without a disaster speaks of exposure only', () => {
  const figures = [{ variant: 'base', seed: 1, backup: { rpoP99Us: 2_500_000, lostEdits: 0 } }]
  expect(verdict(summaryOf(figures)).join('\n')).toMatchInlineSnapshot(`
    "Half of the time, loss of the cluster would cost at most the last 0 µs with \`base\`; one run.
    At 99 % of instants, it would cost at most the last 2.5 s with \`base\`; one run.
    This rests on one run of each variant (seed 1) of 30 min, and on 3 parameters (estimated: \`network.roundTrip\` = 200 us)."
  `)
})

test('violations and what is undecided are named with the runs they occurred in', () => {
  const summary = summaryOf(threeDesigns(2), (run) => {
    if (run.variant !== 'staged-copy') return
    run.invariants = {
      'confirmed edits are restorable': 'violated',
      'time never goes back': 'held',
    }
    run.expectations = [
      { that: 'events < 900', verdict: run.seed === 1 ? 'violated' : 'held', value: 1000 },
      { that: 'peers.backup.drainUs[0].us < 5 min', verdict: 'undecided', value: null },
    ]
  })
  const sentences = verdict(summary).filter((sentence) => /^(Violated|Undecided)/.test(sentence))
  expect(sentences.join('\n')).toMatchInlineSnapshot(`
    "Violated: \`events < 900\` with \`staged-copy\` in 1 of 2 runs; \`confirmed edits are restorable\` with \`staged-copy\`.
    Undecided: \`peers.backup.drainUs[0].us < 5 min\` with \`staged-copy\`."
  `)
})

const loss = (kind: string, atUs: number, lostEdits: number, target?: string) => ({
  kind,
  ...(target === undefined ? {} : { target }),
  atUs,
  lostEdits,
  lostBytes: 0,
  oldestLostAgeUs: lostEdits > 0 ? 9_000_000 : null,
})

/** Two designs of which `unsafe-flush` does not keep what it claims. */
function falseDurability(change: (run: SummaryRun) => void = () => {}): Summary {
  const figures = ['direct', 'unsafe-flush'].map((variant) => ({
    variant,
    seed: 1,
    backup: { rpoP99Us: 1_000_000, confirmedNotStored: variant === 'direct' ? 0 : 500 },
  }))
  return summaryOf(figures, (run) => {
    const { backup } = run.peers
    const lost = run.variant === 'direct' ? 0 : 400
    backup.disasters = [
      loss('rack-power-loss', 480_000_000, 0),
      loss('region-server-crash', 600_000_000, lost, 'rs2'),
    ]
    if (lost > 0) {
      backup.claims = ['region-server-crash']
      backup.brokenClaims = { 'region-server-crash': { firstUs: 3_000_000, maxEdits: 450 } }
      run.invariants = { 'confirmed edits of backup survive': 'violated' }
    }
    change(run)
  })
}

test('the costliest disaster comes first, with what it hit; those that took nothing come later', () => {
  const sentences = verdict(falseDurability())
  expect(sentences[0]).toBe(
    'When a region server crashes (`rs2`, after 10 min), `direct` loses nothing where ' +
      '`unsafe-flush` loses 400 edits: one run.',
  )
  expect(sentences[1]).toMatch(
    /^Why: with `unsafe-flush`, edits are confirmed before they are stored, up to 500 at once/,
  )
  expect(sentences).toContain(
    'Nothing is lost with any variant when a rack loses power (after 8 min): one run.',
  )
})

test('a claim that did not hold is named with what it would have cost', () => {
  const sentences = verdict(falseDurability())
  expect(sentences).toContain(
    'What `unsafe-flush` claims of a confirmed edit did not hold: `region-server-crash` would ' +
      'have taken up to 450 confirmed edits (first after 3 s).',
  )
  expect(sentences).toContain('Violated: `confirmed edits of backup survive` with `unsafe-flush`.')
})

test('a violation that the scenario is there to show is no alarm', () => {
  const that = 'invariants["confirmed edits of backup survive"] == violated'
  const sentences = verdict(
    falseDurability((run) => {
      if (run.variant !== 'direct') run.expectations = [{ that, verdict: 'held', value: null }]
    }),
  ).join('\n')
  expect(sentences).toContain(
    'did not hold, as this scenario expects: `region-server-crash` would have taken up to 450',
  )
  expect(sentences).not.toContain('Violated')
})

test('twins that kept different edits are told apart edit by edit', () => {
  const summary = summaryOf(threeDesigns(1))
  const [first] = summary.comparison?.edits ?? []
  Object.assign(first, { keptOnlyByA: 18_290, keptOnlyByB: 21 })
  expect(verdict(summary)).toContain(
    'Edit by edit, `direct` kept 18,290 edits that `staged-copy` lost, and lost 21 that it kept.',
  )
})

test('gaps, duplicates and uploads left behind are told with the designs that have them', () => {
  const summary = summaryOf(threeDesigns(1), (run) => {
    const { backup } = run.peers
    if (backup === undefined) return
    backup.duplicateEdits = { retry: 3, claim: 9 }
    if (run.variant !== 'direct') return
    backup.holes = { edits: 7, bytes: 70, firstUs: 1 }
    backup.missingAfterQuiescence = 1
    backup.pendingUploads = { maxBytes: 9 << 20, endBytes: 8 << 20 }
  })
  expect(verdict(summary)).toEqual(
    expect.arrayContaining([
      'Passed over for good although no disaster struck: 7 edits with `direct`; one run.',
      'Missing from the store when all was quiet again: 1 edit with `direct`; one run.',
      'Pending uploads left behind, invisible and billed: 8 MiB with `direct`; one run.',
      'Stored more than once: 12 edits by claim and retry with `direct` and `staged-copy`; one run.',
    ]),
  )
})

test('an endpoint that does not start is the first thing told, with its reason', () => {
  const summary = summaryOf(threeDesigns(1), (run) => {
    if (run.variant === 'direct') run.peers.backup.startFault = 'unsupported: no hflush'
  })
  expect(verdict(summary)[0]).toBe(
    'The endpoint does not start with `direct`: unsupported: no hflush.',
  )
})

test('the verdict says when HDFS would be full, and of what', () => {
  const summary = summaryOf(threeDesigns(1), (run) => {
    run.hdfs.fillsUs = [{ fault: 'store-outage backup', us: 7_200_000_000 }]
    if (run.variant === 'no-backup') {
      run.hdfs = { capacityBytes: 100, maxUsedBytes: 99, fillsUs: [] }
    } else if (run.variant === 'direct') run.peers.backup.oldWALs.maxBytes = 1 << 30
    else run.peers.backup.staging = { maxBytes: 1 << 30, maxFiles: 3 }
  })
  const sentences = verdict(summary)
  expect(sentences).toContain('HDFS was full with `no-backup`.')
  expect(sentences.find((sentence) => sentence.startsWith('At the growth'))).toContain(
    'would have been full after 2 h (mostly of oldWALs) with `direct` and ' +
      '2 h (mostly of staging) with `staged-copy`; ',
  )
})

test('the mildest disaster that is not harmless is named for each design', () => {
  const summary = summaryOf(threeDesigns(1), (run) => {
    if (run.variant !== 'staged-copy') return
    const { rpo } = run.peers.backup
    rpo['rack-power-loss'] = { ...rpo['cluster-loss'], maxUs: 31_000_000 }
    rpo['hdfs-loss'] = { ...rpo['cluster-loss'], maxUs: 99_000_000 }
  })
  expect(verdict(summary)).toContain(
    'The mildest disaster that could have cost an edit: `rack-power-loss` (at worst the last ' +
      '31 s) with `staged-copy`.',
  )
})
