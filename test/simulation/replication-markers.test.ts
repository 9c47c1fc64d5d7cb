import { describe, expect, test } from 'vitest'
import { Progress, peerChannel, progressOf } from '../../src/hbase/progress.js'
import { REPLICATION_MARKER } from '../../src/hbase/wal/edit-log.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario, peerOf } from './constant-world.js'

const ENABLED = [
  'site["hbase.regionserver.replication.marker.enabled"]=true',
  'site["hbase.regionserver.replication.marker.chore.duration"]=1000',
]

/** Two servers and one region, which is written every 4 s; the other server has nothing to do. */
function ran(...set: string[]) {
  const spec = constantScenario(
    `
duration: 5500 ms
workload: [ { table: usertable, rate: 0.25/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: staged-copy, store: backup, tables: [usertable] } }
`,
    'cluster.regionServers=2',
    ...set,
  )
  const run = new Run(spec, spec.seed)
  const shipped = new Map<string, number>()
  run.events.subscribe(peerChannel(0), {
    progress(kind, _timeUs, log, from, to) {
      if (progressOf(kind) !== Progress.accepted) return
      const server = run.cluster.servers.find(({ groups }) => groups.some((g) => g.log.id === log))
      const written = server?.groups.find((group) => group.log.id === log)?.log
      for (let edit = from; edit < to; edit++) {
        if (written?.operation(edit) !== REPLICATION_MARKER) continue
        shipped.set(server?.name ?? '', (shipped.get(server?.name ?? '') ?? 0) + 1)
      }
    },
  })
  run.execute()
  return { run, result: resultOf(run, spec.seed, 'markers'), shipped }
}

describe('replication markers', () => {
  test('RB40: every server ships one a second, whatever its peers want', () => {
    const { shipped, result } = ran(...ENABLED)
    expect(shipped.get('rs1')).toBeGreaterThanOrEqual(5)
    expect(shipped.get('rs2')).toBeGreaterThanOrEqual(5)
    expect(result.edits).toMatchObject({ acknowledged: 1 })
    expect(peerOf(result)).toMatchObject({ missingAfterQuiescence: 0 })
    expect(Object.values(result.invariants)).not.toContain('violated')
  })

  test('they are off by default', () => {
    expect(ran().shipped.size).toBe(0)
  })

  test('an idle server holds the checkpoint back only without them', () => {
    const without = peerOf(ran().result).hbaseMetrics.checkpointUs
    const withMarkers = peerOf(ran(...ENABLED).result).hbaseMetrics.checkpointUs
    expect(without).toBeLessThan(0)
    expect(withMarkers).toBeGreaterThan(4_000_000)
  })

  test('with multiwal one group gets them all', () => {
    const { run } = ran(
      ...ENABLED,
      'site["hbase.wal.provider"]=multiwal',
      'site["hbase.wal.regiongrouping.numgroups"]=3',
    )
    const [server] = run.cluster.servers
    const counts = server?.groups.map(({ log }) => log.length) ?? []
    expect(counts.filter((count) => count >= 5)).toHaveLength(1)
  })
})
