import type { RegionServer } from '../../../../src/hbase/regionserver/region-server.js'
import { SecondaryRegion } from '../../../../src/hbase/regionserver/secondary-region.js'
import type { EditLog } from '../../../../src/hbase/wal/edit-log.js'
import type { RegionReplicaReplicationOptions } from '../../../../src/replication/endpoints/region-replica-replication-endpoint.js'
import { SECOND, ServerWorld } from '../../../hbase/regionserver/region-server-fixture.js'
import { ReplicaFixture } from './replica-fixture.js'

/** Far longer than a flush, a move or a replay takes. */
const PAUSE_US = 10 * SECOND

const SECONDARIES = [100, 200]

/**
 * Region 0 on a real region server, which may move, and its two secondaries, which replay what the
 * endpoints of the servers' sources send them.
 */
export class ReplicatedRegion {
  readonly primary = new ServerWorld({ scenario: { flushSize: 1e9 } })
  readonly replication: ReplicaFixture
  readonly secondaries: ReadonlyMap<number, SecondaryRegion>
  /** Sequence ids of the puts, in order. */
  readonly rows: number[] = []
  #server: RegionServer

  constructor(options: Partial<RegionReplicaReplicationOptions> = {}) {
    this.replication = new ReplicaFixture(options)
    this.#server = this.primary.server
    this.replication.logs[0] = this.#log
    const secondaries = SECONDARIES.map((replica) => [replica, this.#openSecondary()] as const)
    this.secondaries = new Map(secondaries)
    this.replication.servers.replay = (replica, entries) =>
      this.secondaries.get(replica)?.replay(entries)
  }

  /** So many rows, one after the other. */
  put(rows: number): void {
    const { primary } = this
    for (let n = 0; n < rows; n++) {
      const before = this.#log.length
      primary.putTo(0, primary.scheduler.now, 1000, this.#server)
      primary.run(primary.scheduler.now + SECOND / 100)
      this.#server.advance()
      this.rows.push(this.#log.sequenceId(before))
    }
  }

  flush(): void {
    this.#server.host.spawn('flush', this.#server.regions.flush(0))
    this.#pause()
  }

  /** The region closes here and opens on another server. */
  moveTo(name: string): void {
    this.primary.closeRegion(0, this.#server)
    this.#pause()
    this.#server = this.primary.buildServer(name, [])
    this.primary.openRegion(0, this.#server)
    this.#pause()
    this.replication.logs.push(this.#log)
  }

  /** A batch of all that a server's log has got since the last one, to its end. */
  replicate(log = 0, endpoint = this.replication.endpoint): void {
    this.replication.ship(this.replication.batch(log), endpoint)
    this.replication.run(PAUSE_US)
  }

  /** How many rows every secondary can read. */
  readableRows(): number[] {
    return SECONDARIES.map((replica) => {
      const secondary = this.secondaries.get(replica)
      const shows = (id: number) => secondary?.readable(id - 1, id) === true
      return secondary?.readsEnabled === true ? this.rows.filter(shows).length : 0
    })
  }

  get #log(): EditLog {
    return this.#server.groups[0].log
  }

  #openSecondary(): SecondaryRegion {
    const { stores } = this.primary
    const secondary = new SecondaryRegion({
      shares: [1],
      cellOverhead: 0,
      blockingMemstoreSize: 1e9,
      version: '2.x',
      listing: (family) => stores.store(0, family).files,
      exists: () => true,
      onMemstoreChanged: () => {},
    })
    secondary.open(true)
    return secondary
  }

  #pause(): void {
    this.primary.run(this.primary.scheduler.now + PAUSE_US)
    this.#server.advance()
  }
}
