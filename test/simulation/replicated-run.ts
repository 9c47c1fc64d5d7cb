import { vi } from 'vitest'
import { Memstores } from '../../src/hbase/regionserver/memstores.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario } from './constant-world.js'

export const S = 1_000_000

/** A run of the constant world with what is seen of it from outside. */
export interface ReplicatedRun {
  readonly run: Run
  /** Sequence ids of the edits of each primary, as they became visible. */
  readonly visible: ReadonlyMap<number, readonly number[]>
}

export type Act = readonly [atUs: number, act: (seen: ReplicatedRun) => void]

/** Three servers unless `set` says otherwise; `acts` happen at their times. */
export function replicatedRun(scenario: string, set: readonly string[], acts: readonly Act[] = []) {
  const spec = constantScenario(scenario, 'cluster.regionServers=3', ...set)
  const run = new Run(spec, spec.seed)
  const visible = new Map<number, number[]>()
  const seen: ReplicatedRun = { run, visible }
  for (const [atUs, act] of acts) {
    const handler = run.scheduler.handler(() => {
      run.cluster.advanceAll()
      act(seen)
    })
    run.scheduler.schedule(atUs, handler)
  }
  const apply = Memstores.prototype.apply
  const spy = vi.spyOn(Memstores.prototype, 'apply').mockImplementation(function (
    this: Memstores,
    ...args
  ) {
    const [region, sequenceId] = args
    const ids = visible.get(region) ?? []
    visible.set(region, ids)
    ids.push(sequenceId)
    apply.apply(this, args)
  })
  try {
    run.execute()
  } finally {
    spy.mockRestore()
  }
  return seen
}

/** How many edits of its primary a secondary would show now; 0 while it refuses reads. */
export function shownBy({ run, visible }: ReplicatedRun, secondary: number): number {
  const { map, replicas, locations } = run.cluster
  const region = replicas?.secondary(secondary)
  if (region?.readsEnabled !== true || locations.serverOf(secondary) === null) return 0
  const ids = visible.get(map.replicas.primaryOf(secondary)) ?? []
  return ids.filter((id) => region.readable(id - 1, id)).length
}
