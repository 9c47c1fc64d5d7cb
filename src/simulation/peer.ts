import type { EditLog } from '../hbase/wal/edit-log.js'
import type { PeerLedger } from '../measure/peer-ledger.js'
import type { ReplicationPeer, SourceLimits } from '../replication/replication-peer.js'
import type { ReplicationSource } from '../replication/replication-source.js'
import { wantedRegions } from '../replication/wal-entry-filters.js'
import type { PeerSpec } from '../scenario/scenario.js'
import { Configuration } from '../storage/configuration.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { ExternalStore } from '../storage/s3/external-store.js'
import { S3Usage } from '../storage/s3/s3-operations.js'
import type { S3AFileSystem } from '../storage/s3/s3a-file-system.js'
import { type Model, modelledProperties } from './model.js'
import { sourceLimits } from './source-limits.js'
import type { RegionMap } from './workload.js'

const OFFSET_INTERVAL = 'hbase.replication.shipper.offset.update.interval.ms'
const OFFSET_THRESHOLD = 'hbase.replication.shipper.offset.update.size.threshold'

/** A replication peer: its configuration, its store, and what is known of it. */
export class Peer implements ReplicationPeer {
  /** There from the start, or added by an operator. */
  exists = false
  enabled: boolean
  readonly usage = new S3Usage()
  /** Each source's client of the store. */
  readonly fileSystems: S3AFileSystem[] = []
  /** All sources of all servers there have been. */
  readonly sources: ReplicationSource[] = []
  /** Queues that two servers were shipping at once, counted when the second began. */
  sharedQueues = 0
  /** Bytes of the edits in all objects there have been, by what the objects hold. */
  storedBytes = 0
  /** When an object was last stored; 0 if none was. */
  lastStoredUs = 0
  /** What its endpoints claim. */
  claims: readonly DisasterClass[] = []
  /** As an operator has left it. */
  spec: PeerSpec
  readonly #model: Model
  readonly #map: RegionMap
  #configured: { own: object; values: Configuration } | null = null

  constructor(
    readonly id: string,
    readonly number: number,
    spec: PeerSpec,
    readonly store: ExternalStore,
    readonly ledger: PeerLedger,
    model: Model,
    map: RegionMap,
  ) {
    this.spec = spec
    this.enabled = spec.enabled
    this.#model = model
    this.#map = map
  }

  get wants(): ((edit: number, log: EditLog) => boolean) | undefined {
    if (this.spec.tables === null) return undefined
    const wanted = wantedRegions(this.spec.tables, (region) => this.#map.tableOf(region))
    return (edit, log) => wanted(log.region(edit))
  }

  /** Its endpoint has a staging area in HDFS. */
  get stages(): boolean {
    return this.spec.endpoint === 'staged-copy' || this.spec.endpoint === 'dual-write'
  }

  bandwidth(): number {
    const { bandwidth } = this.spec
    return bandwidth > 0 ? bandwidth : this.#number('replication.source.per.peer.node.bandwidth')
  }

  limits(): SourceLimits {
    return { ...sourceLimits(this.#configuration()), ...this.#triggers() }
  }

  /**
   * When offsets are stored: with every batch by default. `deferred-offset` in the form of
   * HBASE-29823 sets both keys from its own options, unless they are set by hand.
   */
  #triggers(): Pick<SourceLimits, 'intervalUs' | 'sizeThreshold'> {
    const { endpoint, form, rollSize, flushIntervalUs } = this.spec
    const configuration = this.#configuration()
    const deferred = endpoint === 'deferred-offset' && form === 'hbase-29823'
    const set = (key: string) => !deferred || configuration.isSet(key)
    return {
      intervalUs: set(OFFSET_INTERVAL) ? this.#number(OFFSET_INTERVAL) * 1000 : flushIntervalUs,
      sizeThreshold: set(OFFSET_THRESHOLD) ? this.#number(OFFSET_THRESHOLD) : rollSize,
    }
  }

  /** The peer's own values win (HBASE-29796). */
  #configuration(): Configuration {
    const own = this.spec.configuration
    if (this.#configured?.own !== own) {
      const values = new Configuration({ ...this.#model.scenario.site, ...own })
      this.#configured = { own, values }
    }
    return this.#configured.values
  }

  #number(key: string): number {
    return this.#configuration().number(modelledProperties, key)
  }
}
