import { describe, expect, test } from 'vitest'
import { noDuplicates } from '../../src/measure/duplicates.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario, peerOf } from './constant-world.js'

const S = 1_000_000

/** A put every second, and direct writing; what is stored when. */
function operated(operations: string, more = '', ...set: string[]) {
  const spec = constantScenario(
    `
duration: 100 s
drain: 5 min
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
operations: [ ${operations} ]
${more}
`,
    ...set,
  )
  const run = new Run(spec, spec.seed)
  const stored: [timeUs: number, from: number, to: number][] = []
  run.peers[0]?.store.onObject(({ extents }) => {
    for (const { from, to } of extents) stored.push([run.nowUs, from, to])
  })
  run.execute()
  const result = resultOf(run, spec.seed, 'base')
  return { run, result, peer: peerOf(result), stored }
}

describe('peers', () => {
  /** The WAL of roll 30 s begins with put 31. */
  test('a peer that is added gets what is in the WALs being written, and what comes', () => {
    const { peer, stored } = operated(`
      { at: 30 s, do: roll-wal, server: rs1 },
      { at: 50 s, do: add-peer, peer: backup }`)
    expect(stored[0]?.[1]).toBe(30)
    expect(stored[0]?.[0]).toBeGreaterThan(50 * S)
    expect(peer).toMatchObject({
      storedEdits: 69,
      missingAfterQuiescence: 0,
      duplicateEdits: noDuplicates(),
    })
    expect(peer.holes).toEqual({ edits: 0, bytes: 0, firstUs: null })
    expect(peer.rpo['cluster-loss']?.maxUs).toBeLessThan(20 * S)
  })

  test('a peer that is removed gets nothing more, and nothing is missing from it', () => {
    const { peer, result, stored } = operated('{ at: 50 s, do: remove-peer, peer: backup }')
    expect(stored.at(-1)?.[0]).toBeLessThan(51 * S)
    expect(peer).toMatchObject({ storedEdits: 48, missingAfterQuiescence: 0 })
    expect(result.endedUs).toBeLessThan(105 * S)
  })

  test('a peer that is disabled keeps its WALs; enabled, it goes on where it was', () => {
    const { peer, stored } = operated(`
      { at: 30500 ms, do: disable-peer, peer: backup },
      { at: 80 s, do: enable-peer, peer: backup }`)
    const during = stored.filter(([us]) => us > 31 * S && us < 80 * S)
    expect(during).toEqual([])
    expect(peer).toMatchObject({
      storedEdits: 99,
      missingAfterQuiescence: 0,
      duplicateEdits: noDuplicates(),
    })
    // Put 30 is answered at 30.000757 s and stored when the peer has been enabled.
    expect(peer.rpo['cluster-loss']?.maxUs).toBeGreaterThan(49 * S)
    expect(peer.rpo['region-server-crash']?.maxUs).toBe(0)
  })

  test('a peer whose tables change gets the new ones from then on', () => {
    const { peer, stored } = operated(
      `{ at: 50500 ms, do: update-peer-config, peer: backup, set: { tables: [ usertable ] } }`,
      '',
      'tables={ usertable: { regions: 1 }, other: { regions: 1 } }',
      'peers.backup.tables=[ other ]',
    )
    // Put 50 comes before the change is through: the old source passes it over, the new one reads it
    // again, for no offset has passed it.
    expect(stored[0]?.slice(1)).toEqual([49, 51])
    expect(stored.at(-1)?.[2]).toBe(99)
    expect(peer.hbaseMetrics.logEditsFiltered).toBe(50)
    expect(peer.missingAfterQuiescence).toBe(0)
  })

  test('a change of bandwidth needs no new sources', () => {
    const sourcesAfter = (set: string) =>
      operated(`{ at: 50 s, do: update-peer-config, peer: backup, set: { ${set} } }`).run.peers[0]
        ?.sources.length
    expect(sourcesAfter('bandwidth: 1 MB/s')).toBe(1)
    expect(sourcesAfter('configuration: { replication.source.nb.capacity: "5" }')).toBe(2)
  })

  test('a server that dies while a peer is changed is recovered with the peer as it is then', () => {
    const { peer, run } = operated(
      '{ at: 50 s, do: disable-peer, peer: backup }, { at: 70 s, do: enable-peer, peer: backup }',
      'faults: [ { at: 50500 ms, for: 1 s, kind: restart-region-server, server: rs1 } ]',
    )
    expect(run.peers[0]?.sources.at(-1)?.limits.nbCapacity).toBe(25_000)
    expect(peer).toMatchObject({ storedEdits: 99, missingAfterQuiescence: 0 })
    expect(peer.duplicateEdits).toMatchObject({ unexplained: 0 })
  })
})

describe('WALs', () => {
  test('a roll on request is a roll like another: nothing is lost or stored twice', () => {
    const { peer } = operated('{ at: 30 s, do: roll-wal, server: any }')
    expect(peer).toMatchObject({
      storedEdits: 99,
      duplicateEdits: noDuplicates(),
      missingAfterQuiescence: 0,
    })
    expect(peer.hbaseMetrics.sizeOfLogQueue).toBe(1)
  })

  test('a WAL of no bytes is passed over with autorecovery, and without it for ever in the way', () => {
    const empty = '{ at: 30 s, do: empty-wal, server: rs1 }'
    const recovering = operated(empty, '', 'site["replication.source.eof.autorecovery"]=true')
    expect(recovering.peer).toMatchObject({ storedEdits: 99, missingAfterQuiescence: 0 })
    const stuck = operated(empty)
    expect(stuck.peer).toMatchObject({ storedEdits: 30, missingAfterQuiescence: 69 })
    expect(stuck.peer.hbaseMetrics.sizeOfLogQueue).toBe(2)
    expect(stuck.result.endedUs).toBe(400 * S)
    expect(stuck.result.invariants).toMatchObject({
      'no wanted edit is missing from backup after quiescence': 'undecided',
    })
  })
})
