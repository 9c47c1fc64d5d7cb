import { describe, expect, it } from 'vitest'
import { AsyncRegionReplicationRetryingCaller } from '../../../../src/hbase/regionserver/regionreplication/async-region-replication-retrying-caller.js'
import type { ReplicaCallFailure } from '../../../../src/hbase/regionserver/regionreplication/replica-calls.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'
import { CallsByHand } from './calls-by-hand.js'
import { edit } from './replica-entries.js'

const MS = 1000
const SECOND = 1_000_000

function fixture() {
  const scheduler = new Scheduler()
  const calls = new CallsByHand(scheduler)
  const caller = new AsyncRegionReplicationRetryingCaller({
    scheduler,
    calls,
    pauseUs: 100 * MS,
    pauseServerOverloadedUs: 500 * MS,
    jitter: (replica) => (replica === 9 ? 0 : 0.5),
  })
  const outcomes: (ReplicaCallFailure | null)[] = []
  const replicate = (replica: number, rpcUs: number, operationUs: number, retries: number) =>
    caller.replicate(replica, [edit(7)], rpcUs, operationUs, retries, (failure) =>
      outcomes.push(failure),
    )
  /** Fails every attempt after `afterUs`; answers when each was sent. */
  const failAll = (failure: ReplicaCallFailure, afterUs: number) => {
    while (outcomes.length === 0) {
      const [call] = calls.waiting
      if (call === undefined) scheduler.run(scheduler.nextTime())
      else {
        scheduler.run(call.sentUs + Math.min(afterUs, call.timeoutUs))
        calls.answer(failure)
      }
    }
    return calls.made.map(({ sentUs }) => sentUs)
  }
  return { scheduler, calls, caller, outcomes, replicate, failAll }
}

describe('the retrying caller of region replication', () => {
  it('is done with the first success', () => {
    const { calls, outcomes, replicate } = fixture()
    replicate(1, SECOND, 5 * SECOND, 3)
    calls.answer()
    expect(outcomes).toEqual([null])
    expect(calls.made).toHaveLength(1)
  })

  it('tries so many times again, after pauses that grow and end at a tick of 10 ms', () => {
    const { outcomes, replicate, failAll } = fixture()
    replicate(1, SECOND, 100 * SECOND, 3)
    // Pauses of 100.5, 201 and 301.5 ms on a timer that starts with the first.
    expect(failAll('refused', 0)).toEqual([0, 110 * MS, 320 * MS, 630 * MS])
    expect(outcomes).toEqual(['refused'])
  })

  it('pauses longer after a server with full queues', () => {
    const { replicate, failAll } = fixture()
    replicate(1, SECOND, 100 * SECOND, 1)
    expect(failAll('call queue too big', 0)).toEqual([0, 510 * MS])
  })

  it('has no jitter where the draw is none', () => {
    const { replicate, failAll } = fixture()
    replicate(9, SECOND, 100 * SECOND, 2)
    expect(failAll('refused', 0)).toEqual([0, 110 * MS, 320 * MS])
  })

  it('gives an attempt no more time than is left for all', () => {
    const { calls, replicate, failAll } = fixture()
    replicate(1, 15 * SECOND, 40 * SECOND, 3)
    failAll('timeout', 15 * SECOND)
    const lastUs = calls.made[2]?.sentUs ?? 0
    expect(calls.made.map(({ timeoutUs }) => timeoutUs)).toEqual([
      15 * SECOND,
      15 * SECOND,
      40 * SECOND - lastUs,
    ])
  })

  it('gives up when less than a millisecond is left to pause', () => {
    const { scheduler, calls, outcomes, replicate } = fixture()
    replicate(1, SECOND, SECOND, 3)
    scheduler.run(999 * MS)
    calls.answer('not serving')
    expect(outcomes).toEqual(['not serving'])
  })

  it('ends with a timeout when the pause ends too late for another attempt', () => {
    const { scheduler, calls, outcomes, replicate } = fixture()
    replicate(1, SECOND, 905 * MS, 3)
    scheduler.run(900 * MS)
    calls.answer('not serving')
    scheduler.run()
    expect(outcomes).toEqual(['timeout'])
    expect(calls.made).toHaveLength(1)
  })

  it('makes calls to several replicas side by side', () => {
    const { calls, scheduler, outcomes, replicate } = fixture()
    replicate(1, SECOND, 5 * SECOND, 3)
    replicate(2, SECOND, 5 * SECOND, 3)
    calls.answerOf(1, 'refused')
    calls.answerOf(2)
    replicate(3, SECOND, 5 * SECOND, 3)
    scheduler.run(SECOND)
    expect(calls.waiting.map(({ replica }) => replica)).toEqual([3, 1])
    calls.answerAll()
    expect(outcomes).toEqual([null, null, null])
  })

  it('neither tries again nor hears answers when its server has ended', () => {
    const { calls, caller, scheduler, outcomes, replicate } = fixture()
    replicate(1, SECOND, 5 * SECOND, 3)
    replicate(2, SECOND, 5 * SECOND, 3)
    calls.answer('refused')
    caller.stop()
    scheduler.run()
    calls.answer()
    expect(calls.made).toHaveLength(2)
    expect(outcomes).toEqual([])
  })
})
