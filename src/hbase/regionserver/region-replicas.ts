import type { Host, Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Sampler } from '../../storage/sampler.js'
import type { SecondaryRefresher } from './mem-store-flusher.js'
import type { Memstores } from './memstores.js'
import type { RegionOpening } from './region-open.js'
import type { RegionReplication } from './regionreplication/region-replication.js'
import { openSecondary } from './secondary-open.js'
import type { SecondaryRegion } from './secondary-region.js'
import type { WritePath } from './write-path.js'

/** What a server is told about region replicas. */
export interface RegionReplicaSettings {
  isSecondary(region: number): boolean
  secondary(region: number): SecondaryRegion
  /** Region numbers of the secondaries of a primary; none if it has none. */
  secondariesOf(primary: number): readonly number[]
  /** Edits and markers come from the primary, out of its WAL or its memory. */
  isSentEntries(region: number): boolean
  /** `hbase.region.replica.wait.for.primary.flush`, where edits are replicated. */
  waitsForPrimaryFlush(region: number): boolean
  /** What a secondary here can read has changed, or whether it can be read. */
  changed(region: number): void
  /** The secondary is no longer open. */
  closed(region: number): void
}

export interface RegionReplicasOptions {
  readonly settings: RegionReplicaSettings
  readonly scheduler: Scheduler
  readonly host: Host
  readonly writePath: WritePath
  readonly memstores: Memstores
  /** Of `recoveryParameters`. */
  readonly sampler: Sampler
  /** See `WritePathOptions.regionName`. */
  regionName(region: number): number
  /** Passes the writes of primaries on; null without replication, and in HBase 2.x. */
  readonly replication: RegionReplication | null
  /**
   * RegionReplicaFlushHandler: has the primary flushed and opens the secondary for reads. The server
   * aborts when that cannot be had.
   */
  flushPrimary(region: number): Protocol
  /** Has secondaries drop what is in new files, when memory is short. */
  readonly refresher: SecondaryRefresher
  /** The threads that keep secondaries up to date, to be started with the server. */
  chores(): readonly { readonly name: string; readonly thread: Protocol }[]
}

/** The region replicas of one server: secondaries that are open here, primaries that have some. */
export class RegionReplicas {
  readonly #options: RegionReplicasOptions

  constructor(options: RegionReplicasOptions) {
    this.#options = options
  }

  get replication(): RegionReplication | null {
    return this.#options.replication
  }

  get refresher(): SecondaryRefresher {
    return this.#options.refresher
  }

  start(): void {
    const { host, chores } = this.#options
    for (const { name, thread } of chores()) host.spawn(name, thread)
  }

  isSecondary(region: number): boolean {
    return this.#options.settings.isSecondary(region)
  }

  secondary(region: number): SecondaryRegion {
    return this.#options.settings.secondary(region)
  }

  /** Before a primary's first marker is written. */
  primaryOpens(region: number): void {
    const { settings, replication, memstores } = this.#options
    if (settings.secondariesOf(region).length === 0 || !settings.isSentEntries(region)) return
    replication?.open(region, memstores.lastSequenceId(region))
  }

  /** While a primary closes; ends when nothing of it is under way any more. */
  *primaryCloses(region: number): Protocol {
    const { replication } = this.#options
    if (replication !== null) yield* replication.close(region)
  }

  /** The secondary was open here before the run began. */
  adopt(region: number): void {
    this.#options.writePath.secondaries.open(region, this.secondary(region).heapBytes)
  }

  /**
   * AssignRegionHandler for a secondary.
   *
   * @throws IOException FAILED_OPEN
   */
  *open(region: number, opening: number): Protocol<RegionOpening> {
    const { settings, writePath, host } = this.#options
    const waits = settings.waitsForPrimaryFlush(region)
    const opened = yield* openSecondary(region, opening, {
      ...this.#options,
      secondary: this.secondary(region),
      waitsForPrimaryFlush: waits,
      online: (of) => {
        writePath.secondaries.open(of, this.secondary(of).heapBytes)
        settings.changed(of)
      },
    })
    if (waits) host.spawn('RegionReplicaFlushHandler', this.#options.flushPrimary(region))
    return opened
  }

  /** UnassignRegionHandler for a secondary: its memory is gone, nothing is flushed. */
  *close(region: number): Protocol {
    const { settings, writePath } = this.#options
    yield* writePath.closeRegion(region)
    const { heapBytes } = this.secondary(region)
    this.secondary(region).close()
    settings.closed(region)
    writePath.secondaries.changed(-heapBytes)
  }
}
