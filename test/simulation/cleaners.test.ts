import { describe, expect, test } from 'vitest'
import { Run } from '../../src/simulation/run.js'
import { constantScenario } from './constant-world.js'

const MINUTE = 60_000_000

describe('the HFile cleaner', () => {
  /** Flushes of 1 MB every 20 s, so a compaction and archived files every few minutes. */
  test('deletes what compactions have replaced: 5 min in the archive, looked at every minute', () => {
    const spec = constantScenario(
      `
duration: 31 min
workload: [ { table: usertable, rate: 5/s, arrivals: periodic, valueSize: 10000 B } ]
peers: {}
`,
      'site["hbase.hregion.memstore.flush.size"]=1000000',
      'site["hbase.master.cleaner.interval"]=60000',
    )
    const run = new Run(spec, spec.seed)
    const { archive, stores } = run.cluster.files
    const archivedUs = new Map<string, number>()
    const goneUs = new Map<string, number>()
    for (let minute = 1; minute <= 30; minute++) {
      run.scheduler.schedule(
        minute * MINUTE - 1_000_000,
        run.scheduler.handler(() => {
          const there = archive.files.map(({ file }) => file.name)
          for (const { file, archivedUs: atUs } of archive.files) archivedUs.set(file.name, atUs)
          for (const name of archivedUs.keys()) {
            if (!there.includes(name) && !goneUs.has(name)) goneUs.set(name, run.nowUs)
          }
        }),
      )
    }
    run.execute()
    expect(goneUs.size).toBeGreaterThan(20)
    for (const [name, atUs] of goneUs) {
      const ageUs = atUs - (archivedUs.get(name) ?? 0)
      expect(ageUs).toBeGreaterThan(5 * MINUTE)
      expect(ageUs).toBeLessThan(8 * MINUTE)
    }
    expect(stores.filesOf(0)).toBeGreaterThan(0)
  })
})
