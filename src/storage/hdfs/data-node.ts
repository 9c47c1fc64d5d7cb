import type { Replica } from './replica.js'

/**
 * One DataNode: its process, its machine's power, and the replicas on its disk. DataNode number i
 * (from 0) is called dn<i+1> and stands on rack i % racks, as region server number i does.
 */
export class DataNode {
  readonly name: string
  readonly rack: number
  readonly replicas = new Set<Replica>()
  /** Replicas of which the page cache may hold bytes that the disk does not. */
  readonly unsynced = new Set<Replica>()
  /** Called when a replica joins `unsynced`. */
  onUnsynced: () => void = () => {}
  /** When it went down; null while it is up. */
  downSinceUs: number | null = null
  #powered = true

  constructor(
    readonly index: number,
    racks: number,
  ) {
    this.name = `dn${index + 1}`
    this.rack = index % racks
  }

  get up(): boolean {
    return this.downSinceUs === null
  }

  /** Whether peers learn of its death by a time-out only, as its machine cannot reset connections. */
  get silent(): boolean {
    return !this.#powered
  }

  noteUnsynced(replica: Replica): void {
    this.unsynced.add(replica)
    this.onUnsynced()
  }

  /** The process ends; disk and page cache stay. */
  crash(nowUs: number): void {
    if (!this.up) return
    this.downSinceUs = nowUs
    for (const replica of this.replicas) replica.processEnded(nowUs)
  }

  /** The process starts again, if there is power. What was being written is then waiting (RWR). */
  start(): void {
    if (this.#powered) this.downSinceUs = null
  }

  /** The machine stops, and its page cache is gone. */
  powerOff(nowUs: number): void {
    if (!this.#powered) return
    this.#powered = false
    this.downSinceUs ??= nowUs
    this.unsynced.clear()
    for (const replica of [...this.replicas]) replica.cacheLost(nowUs)
  }

  /** The machine boots, and the process with it. */
  powerOn(): void {
    this.#powered = true
    this.downSinceUs = null
  }
}
