import { distribution } from '../kernel/distribution.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { FaultSpec } from '../scenario/scenario.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import type { FaultWindow } from './result.js'

/** A fault of the scenario with the instant that this seed drew for it. */
export interface ScheduledFault extends FaultWindow {
  readonly spec: FaultSpec
}

/** Draws when each fault strikes: twins are struck at the same instants. */
export function drawFaults(model: Model): ScheduledFault[] {
  const alike = new Map<string, number>()
  return model.scenario.faults.map((spec) => {
    // Named by what it strikes, not by its place in the list: others may come before it.
    const name = labelOf(spec)
    const n = alike.get(name) ?? 0
    alike.set(name, n + 1)
    const u = model.once(purposes.fault, `${name} ${n}`)
    const atUs = Math.round(distribution(spec.at).quantile(u))
    const untilUs = 'forUs' in spec ? atUs + spec.forUs : null
    return { spec, kind: spec.kind, label: labelOf(spec), atUs, untilUs }
  })
}

/** Calls `begin` and `end` when the faults do; one that is drawn for after `untilUs` never strikes. */
export function scheduleFaults(
  scheduler: Scheduler,
  faults: readonly ScheduledFault[],
  untilUs: number,
  begin: (fault: ScheduledFault) => void,
  end: (fault: ScheduledFault) => void,
): void {
  const beginning = scheduler.handler((i) => begin(faults[i] as ScheduledFault))
  const ending = scheduler.handler((i) => end(faults[i] as ScheduledFault))
  faults.forEach((fault, i) => {
    if (fault.atUs > untilUs) return
    scheduler.schedule(fault.atUs, beginning, i)
    if (fault.untilUs !== null) scheduler.schedule(fault.untilUs, ending, i)
  })
}

function labelOf(spec: FaultSpec): string {
  switch (spec.kind) {
    case 'store-outage':
      return `${spec.store} answers ${spec.as}`
    case 'suspend-region-server':
      return `${spec.server} suspended`
    case 'cluster-loss':
      return 'cluster lost'
  }
}
