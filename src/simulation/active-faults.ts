import type { FaultSpec } from '../scenario/scenario.js'
import type { Outage } from '../storage/s3/external-store.js'

/**
 * Faults under way. Where several strike one target, the latest to begin is felt, and the target is
 * healed when the last of them is over.
 */
export class ActiveFaults {
  readonly #faults: FaultSpec[] = []

  begin(fault: FaultSpec): void {
    this.#faults.push(fault)
  }

  /** False if the fault never began. */
  end(fault: FaultSpec): boolean {
    const at = this.#faults.indexOf(fault)
    if (at < 0) return false
    this.#faults.splice(at, 1)
    return true
  }

  outageOf(store: string): Outage | null {
    const outage = this.#faults.findLast(
      (fault) => fault.kind === 'store-outage' && fault.store === store,
    )
    return outage?.kind === 'store-outage' ? outage.as : null
  }

  suspends(server: string): boolean {
    return this.#faults.some(
      (fault) => fault.kind === 'suspend-region-server' && fault.server === server,
    )
  }
}
