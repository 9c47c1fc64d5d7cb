import type { WorkloadPhase } from '../hbase/client/clients.js'
import { type ClosedLoopFigures, ClosedLoopMeter } from '../measure/closed-loop-meter.js'
import type { Scenario } from '../scenario/scenario.js'

/** What closed-loop clients of one phase got done between warm-up and the end of the phase. */
export interface ClosedLoopResult extends ClosedLoopFigures {
  /** Place of the phase in `workload`, counted from 0. */
  phase: number
}

/** Measures clients between warm-up and the end of their phase. */
export function buildClosedLoopMeter(
  { warmupUs }: Scenario,
  phases: readonly WorkloadPhase[],
): ClosedLoopMeter {
  return new ClosedLoopMeter(
    phases.map(({ closedLoop, fromUs, untilUs }) => {
      if (closedLoop === undefined) return null
      const { clients, tickUs } = closedLoop
      return { fromUs: Math.max(fromUs, warmupUs), untilUs, clients, paced: tickUs > 0 }
    }),
  )
}

/** By phase with closed-loop clients; null if there is none. */
export function closedLoopOf(
  meter: ClosedLoopMeter,
  { workload }: Scenario,
  endUs: number,
): ClosedLoopResult[] | null {
  const results = workload.flatMap((_, phase): ClosedLoopResult[] => {
    const figures = meter.figures(phase, endUs)
    return figures === null ? [] : [{ phase, ...figures }]
  })
  return results.length > 0 ? results : null
}
