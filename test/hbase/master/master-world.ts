import { Master } from '../../../src/hbase/master/master.js'
import { recoveryParameters } from '../../../src/hbase/master/recovery-parameters.js'
import { RegionLocations } from '../../../src/hbase/master/region-locations.js'
import type { ManagedServer, ServerExit } from '../../../src/hbase/master/server-state-node.js'
import { constant } from '../../../src/kernel/distribution.js'
import { DrawStream, Luck } from '../../../src/kernel/draws.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Configuration } from '../../../src/storage/configuration.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { override } from '../../../src/storage/parameter.js'

export const SECOND = 1_000_000
export const LEASE_RECOVERY_US = 4 * SECOND

/** Every uniform is a half: of two servers the second is chosen, of three too. */
export class EvenLuck extends Luck {
  override stream(): DrawStream {
    return new (class extends DrawStream {
      override uniform(): number {
        return 0.5
      }
    })(0, 0)
  }
}

/** A region server without a write path. */
export class FakeServer implements ManagedServer {
  readonly host: Host
  readonly hostName: string
  readonly files: { archivedUs: number | null; file: HdfsFile }[] = []
  splitDoneUs: number | null = null

  constructor(
    readonly scheduler: Scheduler,
    readonly namesystem: FSNamesystem,
    readonly name: string,
  ) {
    this.host = new Host(scheduler, name)
    this.hostName = name.split(',')[0]
  }

  get alive(): boolean {
    return this.host.alive
  }

  /** Leaves closed WALs of so many bytes, and one still open if it is asked for. */
  write(closed: readonly number[], open?: number): void {
    for (const bytes of closed) this.#write(bytes).markClosed()
    if (open !== undefined) this.#write(open)
  }

  wals() {
    return this.files
  }

  splitDone(): void {
    this.splitDoneUs = this.scheduler.now
  }

  #write(bytes: number): HdfsFile {
    const file = new HdfsFile('WAL', this.namesystem, 1e9)
    file.addBlock()
    file.append({ log: 0, from: 0, to: 1, bytes })
    file.acknowledge(bytes, 0)
    this.files.push({ archivedUs: null, file })
    return file
  }
}

/**
 * A master with servers rs1, rs2, … and regions that are dealt to them in turn. A splitter does
 * 30 MB/s, opening a region takes 300 ms and its replay goes at 50 MB/s.
 */
export class MasterWorld {
  readonly scheduler = new Scheduler()
  readonly namesystem = new FSNamesystem(1e15, 3, 3)
  readonly servers: FakeServer[] = []
  readonly locations: RegionLocations<FakeServer>
  readonly unflushed: number[]
  readonly claims: string[] = []
  readonly opened: string[] = []
  readonly master: Master<FakeServer>
  claimUs = 0
  recoverLease: (file: HdfsFile) => Protocol = recoverLease
  claimQueues: (server: string) => Protocol = (server) => this.#noteClaim(server)

  constructor(servers: number, regions: number, site: Record<string, string> = {}) {
    const { scheduler } = this
    this.locations = new RegionLocations(regions)
    this.unflushed = new Array<number>(regions).fill(0)
    this.master = new Master<FakeServer>({
      scheduler,
      luck: new EvenLuck(1),
      configuration: new Configuration(site),
      parameters: override(recoveryParameters, { regionOpen: constant(300_000) }),
      locations: this.locations,
      memstores: {
        bytes: (region) => this.unflushed[region],
        flush: (region) => {
          this.unflushed[region] = 0
        },
      },
      onRegionOpened: (region, server) => this.opened.push(`${region} on ${server.name}`),
      recoverLease: (file: HdfsFile) => this.recoverLease(file),
      claimQueues: (server) => this.claimQueues(server),
    })
    for (let i = 1; i <= servers; i++) this.start(`rs${i}`)
    for (let r = 0; r < regions; r++) this.locations.open(r, this.servers[r % servers])
  }

  start(name: string): FakeServer {
    const server = new FakeServer(this.scheduler, this.namesystem, name)
    this.servers.push(server)
    this.master.servers.reportForDuty(server)
    return server
  }

  end(server: FakeServer, how: ServerExit): void {
    server.host.kill()
    this.master.servers.exited(server, how)
  }

  /** At `us`, and before anything else that happens then. */
  at(us: number, action: () => void): void {
    const { scheduler } = this
    scheduler.schedule(us, scheduler.handler(action))
  }

  run(untilUs?: number): void {
    this.scheduler.run(untilUs)
  }

  /** Names of the servers that serve the regions, `-` for none. */
  layout(): string {
    return this.unflushed.map((_, region) => this.locations.serverOf(region)?.name ?? '-').join(' ')
  }

  *#noteClaim(server: string): Protocol {
    this.claims.push(`${server} at ${this.scheduler.now / SECOND}`)
    yield this.claimUs
  }
}

function* recoverLease(file: HdfsFile): Protocol {
  yield LEASE_RECOVERY_US
  file.recover()
}
