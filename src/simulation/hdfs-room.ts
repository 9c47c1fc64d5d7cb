import type { Hdfs } from '../storage/hdfs/hdfs.js'
import type { ScheduledFault } from './faults.js'
import type { HdfsResult } from './result.js'

/** Faults that keep edits from leaving HDFS. */
const PILE_UP: readonly string[] = [
  'store-outage',
  'slow-store',
  'store-errors',
  'store-throttling',
]

/** How the room in HDFS fares while a store is not what it should be. */
export class HdfsRoom {
  readonly #begun = new Map<ScheduledFault, { readonly atUs: number; readonly usedBytes: number }>()
  readonly #fills: HdfsResult['fillsUs'] = []

  constructor(private readonly hdfs: Hdfs) {}

  begin(fault: ScheduledFault, atUs: number): void {
    if (!PILE_UP.includes(fault.kind)) return
    this.#begun.set(fault, { atUs, usedBytes: this.hdfs.usedBytes })
  }

  end(fault: ScheduledFault, atUs: number): void {
    const begun = this.#begun.get(fault)
    if (begun === undefined) return
    const grownBytes = this.hdfs.usedBytes - begun.usedBytes
    const roomBytes = this.hdfs.capacityBytes - begun.usedBytes
    const us = grownBytes > 0 ? Math.round((roomBytes / grownBytes) * (atUs - begun.atUs)) : null
    this.#fills.push({ fault: fault.label, us })
  }

  result(): HdfsResult {
    const { capacityBytes, maxUsedBytes } = this.hdfs
    return { capacityBytes, maxUsedBytes, fillsUs: this.#fills }
  }
}
