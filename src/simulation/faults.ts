import { distribution } from '../kernel/distribution.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { FaultSpec } from '../scenario/scenario.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import type { FaultWindow } from './result.js'

/** A fault of the scenario with the instant and the target that this seed drew for it. */
export interface ScheduledFault extends FaultWindow {
  readonly spec: FaultSpec
  /** What is struck: a store, a region server's host, a DataNode, a rack; null for all of it. */
  readonly target: string | null
}

/** Draws when each fault strikes, and whom: twins are struck alike. */
export function drawFaults(model: Model): ScheduledFault[] {
  const alike = new Map<string, number>()
  return model.scenario.faults.map((spec) => {
    // Named by what it strikes, not by its place in the list, for others may come before it, nor by
    // how hard: a variant that changes that is a twin still.
    const name = `${spec.kind} ${targetOf(spec)}`
    const n = alike.get(name) ?? 0
    alike.set(name, n + 1)
    const u = model.once(purposes.fault, `${name} ${n}`)
    const target = drawTarget(model, spec, `${name} ${n}`)
    const atUs = Math.round(distribution(spec.at).quantile(u))
    const forUs = 'forUs' in spec ? spec.forUs : null
    const untilUs = forUs === null ? null : atUs + forUs
    return { spec, target, kind: spec.kind, label: labelOf(spec, target), atUs, untilUs }
  })
}

/**
 * How much later a call arrives that is sent to the host at a time; null if none ever is. Calls are
 * sent ahead of now, so what a fault does to them is known from the start.
 */
export function rpcDelays(
  faults: readonly ScheduledFault[],
  hostName: string,
): ((sentUs: number) => number) | null {
  const delays = faults.flatMap(({ spec, target, atUs, untilUs }) => {
    if (spec.kind !== 'delay-rpc' || target !== hostName) return []
    return [{ atUs, untilUs: untilUs ?? atUs, delayUs: spec.delayUs }]
  })
  if (delays.length === 0) return null
  return (sentUs) => {
    let delayUs = 0
    for (const delay of delays) {
      if (sentUs >= delay.atUs && sentUs < delay.untilUs) delayUs += delay.delayUs
    }
    return delayUs
  }
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

function targetOf(spec: FaultSpec): string | null {
  if ('store' in spec) return spec.store
  if ('server' in spec) return spec.server
  if ('dataNode' in spec) return spec.dataNode
  if ('rack' in spec) return String(spec.rack)
  return null
}

/** `any` is one of them, drawn per seed. */
function drawTarget(model: Model, spec: FaultSpec, entity: string): string | null {
  const target = targetOf(spec)
  // A store may well be called so.
  if (target !== 'any' || 'store' in spec) return target
  const { regionServers, racks, hdfs } = model.scenario.cluster
  const u = model.once(purposes.faultTarget, entity)
  const oneOf = (count: number) => Math.floor(u * count) + 1
  if ('server' in spec) return `rs${oneOf(regionServers)}`
  return 'dataNode' in spec ? `dn${oneOf(hdfs.dataNodes)}` : String(oneOf(racks))
}

function labelOf(spec: FaultSpec, target: string | null): string {
  switch (spec.kind) {
    case 'store-outage':
      return `${target} answers ${spec.as}`
    case 'slow-store':
      return `${target} ${spec.factor} times slower`
    case 'store-errors':
      return `${target} fails ${100 * spec.rate} % of ${spec.operation ?? 'requests'}`
    case 'store-throttling':
      return `${target} takes ${spec.limit} requests/s`
    case 'store-loss':
      return `${target} lost`
    case 'suspend-region-server':
      return `${target} suspended`
    case 'delay-rpc':
      return `calls to ${target} ${spec.delayUs / 1000} ms late`
    case 'kill-region-server':
      return `${target} killed`
    case 'restart-region-server':
      return `${target} restarted`
    case 'stop-region-server':
      return `${target} stopped`
    case 'abort-region-server':
      return `${target} aborted`
    case 'kill-data-node':
      return `${target} killed`
    case 'rack-power-loss':
      return `rack ${target} without power`
    case 'cluster-power-loss':
      return 'cluster without power'
    case 'hdfs-loss':
      return 'HDFS lost'
    case 'cluster-loss':
      return 'cluster lost'
  }
}
