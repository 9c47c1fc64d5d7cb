import type { FaultSpec } from '../scenario/scenario.js'
import { RequestLimit } from '../storage/s3/request-limit.js'
import type { StoreWeather } from '../storage/s3/store-weather.js'
import type { ScheduledFault } from './faults.js'

type StoreThrottling = Extract<FaultSpec, { kind: 'store-throttling' }>

/**
 * Faults under way. Where several outages or limits strike one store, the latest to begin is felt;
 * slowness multiplies and error rates combine. A target is healed when the last of its faults is
 * over.
 */
export class ActiveFaults {
  #faults: ScheduledFault[] = []
  readonly #limits = new Map<StoreThrottling, RequestLimit>()

  begin(fault: ScheduledFault): void {
    this.#faults.push(fault)
  }

  /** False if the fault never began. */
  end(fault: ScheduledFault): boolean {
    const others = this.#faults.filter((other) => other !== fault)
    const begun = others.length < this.#faults.length
    this.#faults = others
    return begun
  }

  /** Sets the weather of the store `name` to what its faults make of it. */
  makeWeather(name: string, weather: StoreWeather): void {
    const outage = this.#ofStore(name, 'store-outage').at(-1)
    const lost = this.#ofStore(name, 'store-loss').length > 0
    weather.outage = lost ? 'refuse' : (outage?.as ?? null)
    weather.slowness = this.#ofStore(name, 'slow-store').reduce(
      (all, { factor }) => all * factor,
      1,
    )
    weather.errors = this.#ofStore(name, 'store-errors').map(({ rate, operation }) => {
      return { rate, operation: operation ?? null }
    })
    const throttling = this.#ofStore(name, 'store-throttling').at(-1)
    weather.throttle = throttling === undefined ? null : this.#limitOf(throttling)
  }

  /** True while a fault of this kind on this target, or on all of its sort, is not over. */
  lasts(kind: FaultSpec['kind'], target: string | null = null): boolean {
    return this.#faults.some((fault) => fault.kind === kind && fault.target === target)
  }

  /** True while the machines of a rack, numbered from 0, cannot run. */
  darkens(rack: number): boolean {
    if (this.lasts('rack-power-loss', String(rack + 1))) return true
    const ofAll = ['cluster-power-loss', 'hdfs-loss', 'cluster-loss'] as const
    return ofAll.some((kind) => this.lasts(kind))
  }

  /** Each fault has one, which other faults that come and go do not fill up again. */
  #limitOf(throttling: StoreThrottling): RequestLimit {
    const limit =
      this.#limits.get(throttling) ??
      new RequestLimit(throttling.limit, () => Number.POSITIVE_INFINITY)
    this.#limits.set(throttling, limit)
    return limit
  }

  #ofStore<K extends FaultSpec['kind']>(name: string, kind: K): Extract<FaultSpec, { kind: K }>[] {
    return this.#faults.flatMap(({ spec, target }) =>
      isOfKind(spec, kind) && target === name ? [spec] : [],
    )
  }
}

function isOfKind<K extends FaultSpec['kind']>(
  spec: FaultSpec,
  kind: K,
): spec is Extract<FaultSpec, { kind: K }> {
  return spec.kind === kind
}
