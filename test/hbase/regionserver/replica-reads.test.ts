import { describe, expect, test } from 'vitest'
import { firstTry } from '../../../src/hbase/attempt.js'
import { CallKind } from '../../../src/hbase/regionserver/call-kind.js'
import type { Refusal } from '../../../src/hbase/regionserver/refusal.js'
import type { WritePath } from '../../../src/hbase/regionserver/write-path.js'
import { buildWritePath, calmScenario, type WritePathHooks } from './write-path-fixture.js'

/** Requests and answers travel 100 us, a read computes 20 us and takes 30 us. */
const READ_US = 100 + 20 + 30

function server(hooks: WritePathHooks = {}) {
  const reads: number[][] = []
  const refused: [Refusal, number][] = []
  const { path } = buildWritePath(calmScenario, {
    ...hooks,
    observer: {
      read: (...read) => reads.push(read),
      refused: (why, us) => refused.push([why, us]),
      ...hooks.observer,
    },
  })
  return { path, reads, refused }
}

function offer(path: WritePath, kind: CallKind, attempt = 0, operation = 7): void {
  path.offer(0, 0, 0, operation, attempt, 0, kind)
}

describe('a read', () => {
  test('is told with its call, when it was answered and what it saw when', () => {
    const { path, reads } = server()
    const attempt = firstTry(3, 1)
    offer(path, CallKind.scan, attempt)
    path.advance(1000)
    expect(reads).toEqual([[0, READ_US + 100, 0, 7, attempt, READ_US]])
  })

  test.each([CallKind.get, CallKind.multiget, CallKind.scan])('of kind %i is no edit', (kind) => {
    const { path, reads } = server()
    offer(path, kind)
    path.advance(1000)
    expect(reads).toHaveLength(1)
    expect(path.drained).toBe(true)
    expect(path.memstoreBytes).toBe(0)
  })
})

describe('a secondary whose reads are disabled', () => {
  const enabledUs = 3000
  const why = (isDisabled: boolean): Refusal | null => (isDisabled ? 'reads disabled' : null)
  const disabled = (now: () => number) => ({ refusesReads: () => why(now() < enabledUs) })

  test('refuses a get when its handler begins; the client tries again after a pause', () => {
    let nowUs = 0
    const { path, reads, refused } = server(disabled(() => nowUs))
    offer(path, CallKind.get)
    for (; nowUs <= 10_000; nowUs += 100) path.advance(nowUs)
    expect(refused.map(([why]) => why)).toEqual(['reads disabled', 'reads disabled'])
    // The answer travels, the client pauses for 1 ms, then 2 ms, and the call travels again.
    const [, secondUs] = refused[1] ?? []
    expect(refused[0]?.[1]).toBe(100)
    expect(secondUs).toBeGreaterThanOrEqual(100 + 1000 + 200)
    expect(secondUs).toBeLessThanOrEqual(100 + 1010 + 200)
    expect(reads).toHaveLength(1)
  })

  test('takes puts, for it is none of theirs', () => {
    const { path, refused } = server({ refusesReads: () => why(true) })
    path.offer(0, 0, 1000, 7)
    path.advance(10_000)
    expect(refused).toEqual([])
  })

  test('is not asked again by a client who has the answer from elsewhere', () => {
    const asked: number[] = []
    const { path, refused } = server({
      refusesReads: () => why(true),
      observer: { abandoned: (operation) => asked.push(operation) > 0 },
    })
    offer(path, CallKind.get)
    path.advance(1_000_000)
    expect(refused).toHaveLength(1)
    expect(path.unanswered).toBe(0)
  })

  test('has failed the client at its last try, of whatever replica', () => {
    const failures: number[] = []
    const { path, refused } = server({
      refusesReads: () => why(true),
      observer: { failed: (_sentUs, _operation, _kind, attempt) => failures.push(attempt) },
    })
    offer(path, CallKind.get, firstTry(0, 2))
    path.advance(10_000_000)
    expect(refused).toHaveLength(16)
    expect(failures).toEqual([firstTry(0, 2) + 15])
  })
})

test('while somebody awaits a read, every step is a cause to look', () => {
  const { path } = server()
  offer(path, CallKind.get)
  expect(path.nextCauseUs()).toBeGreaterThan(READ_US)
  path.awaitedReads.begin()
  expect(path.nextCauseUs()).toBe(100)
  path.advance(100)
  expect(path.nextCauseUs()).toBe(READ_US)
  path.awaitedReads.end()
  expect(path.nextCauseUs()).toBeGreaterThan(READ_US)
})
