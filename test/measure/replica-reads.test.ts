import { describe, expect, test } from 'vitest'
import { ReplicaProbes } from '../../src/measure/replica-probes.js'
import { ReplicaReads, readOutcome } from '../../src/measure/replica-reads.js'
import { VersionHistory } from '../../src/measure/version-history.js'

const KEY = 3

/** Versions 1, 2 and 3 of one key, acknowledged at 100, 200 and 300 us. */
function threeVersions(): VersionHistory {
  const versions = new VersionHistory(10, 100)
  for (const id of [1, 2, 3]) versions.write(KEY, id, 100 * id)
  return versions
}

function read(sentUs: number, replicaId = 1, client = 7) {
  return { client, key: KEY, replicaId, sentUs }
}

describe('a read is stale', () => {
  test('if it does not return the newest version acknowledged when it was sent', () => {
    const outcome = readOutcome(threeVersions(), read(250), (id) => id === 1)
    expect(outcome).toMatchObject({ sequenceId: 1, staleAgeUs: 50 })
  })

  test('not for a version acknowledged later', () => {
    const outcome = readOutcome(threeVersions(), read(250), (id) => id <= 2)
    expect(outcome).toMatchObject({ sequenceId: 2, staleAgeUs: null })
  })

  test('not if it returns a newer version instead, over a gap', () => {
    const outcome = readOutcome(threeVersions(), read(250), (id) => id !== 2)
    expect(outcome).toMatchObject({ sequenceId: 3, staleAgeUs: null })
  })

  test('not of a key that was never written', () => {
    const outcome = readOutcome(threeVersions(), { ...read(250), key: 4 }, () => false)
    expect(outcome).toMatchObject({ sequenceId: 0, staleAgeUs: null })
  })
})

test('answered reads are counted by the replica that answered', () => {
  const versions = threeVersions()
  const reads = new ReplicaReads(3)
  for (const [replicaId, has] of [
    [0, 3],
    [1, 3],
    [1, 2],
    [2, 0],
  ]) {
    reads.answered(readOutcome(versions, read(350, replicaId), (id) => id <= has))
  }
  const counts = [0, 1, 2].map((replicaId) => reads.result(replicaId))
  expect(counts.map((count) => [count.reads, count.isStale, count.stale])).toEqual([
    [1, 0, 0],
    [2, 2, 1],
    [1, 1, 1],
  ])
  expect(counts.map((count) => count.staleAgeUs.max)).toEqual([null, 50, 50])
})

test('a client goes back in time where it reads an older version than it has read before', () => {
  const versions = threeVersions()
  const reads = new ReplicaReads(2)
  const answer = (client: number, replicaId: number, has: number) =>
    reads.answered(readOutcome(versions, read(350, replicaId, client), (id) => id <= has))
  answer(1, 0, 3)
  answer(1, 1, 2)
  answer(1, 1, 1)
  answer(2, 1, 1)
  answer(2, 1, 2)
  answer(2, 0, 3)
  expect([0, 1].map((replicaId) => reads.result(replicaId).backInTime)).toEqual([0, 2])
})

test('probes ask every secondary, with the standard error of their share', () => {
  const probes = new ReplicaProbes(threeVersions(), 3)
  const withVersions = (has: number) => ({
    isAvailable: has > 0,
    isReadable: (sequenceId: number) => sequenceId <= has,
  })
  for (const nowUs of [150, 250, 320, 350]) {
    probes.probe(KEY, nowUs, [withVersions(2), withVersions(nowUs === 150 ? 1 : 0)])
  }
  expect(probes.result(1)).toEqual({
    probes: 4,
    stale: 2,
    refused: 0,
    probability: 0.5,
    standardError: 0.25,
  })
  expect(probes.result(2)).toMatchObject({ probes: 1, stale: 0, refused: 3, standardError: 0 })
  expect(new ReplicaProbes(threeVersions(), 2).result(1).probability).toBeNull()
})
