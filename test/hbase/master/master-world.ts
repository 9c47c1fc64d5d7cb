import { Master } from '../../../src/hbase/master/master.js'
import { recoveryParameters } from '../../../src/hbase/master/recovery-parameters.js'
import { RegionLocations } from '../../../src/hbase/master/region-locations.js'
import type {
  ManagedServer,
  ServerExit,
  SplittableWal,
} from '../../../src/hbase/master/server-state-node.js'
import type { RegionEntries } from '../../../src/hbase/master/wal-splitter.js'
import { RecoveredEdits } from '../../../src/hbase/regionserver/recovered-edits.js'
import type { RegionOpening } from '../../../src/hbase/regionserver/region-open.js'
import { DrawStream, Luck } from '../../../src/kernel/draws.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Configuration } from '../../../src/storage/configuration.js'
import { FSNamesystem } from '../../../src/storage/hdfs/fs-namesystem.js'
import { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { Node } from '../../../src/storage/node.js'
import { FakeStorage } from '../regionserver/fake-storage.js'

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

interface FakeWal extends SplittableWal {
  archivedUs: number | null
}

/** A region server without a write path. */
export class FakeServer implements ManagedServer {
  readonly host: Host
  readonly hostName: string
  readonly node: Node
  readonly files: FakeWal[] = []
  splitDoneUs: number | null = null

  constructor(
    readonly scheduler: Scheduler,
    readonly namesystem: FSNamesystem,
    readonly name: string,
  ) {
    this.host = new Host(scheduler, name)
    this.hostName = name.split(',')[0]
    this.node = new Node(scheduler, this.hostName, 0, 1e12)
  }

  get alive(): boolean {
    return this.host.alive
  }

  /** Leaves closed WALs of so many bytes, and one still open if it is asked for. */
  write(closed: readonly number[], open?: number): void {
    for (const bytes of closed) this.#write(bytes).markClosed()
    if (open !== undefined) this.#write(open)
  }

  /** Leaves a closed WAL with these entries; of hbase:meta if they are of that. */
  log(entries: readonly RegionEntries[], isMeta = false): void {
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
    this.#write(bytes, entries, isMeta).markClosed()
  }

  wals() {
    return this.files
  }

  splitDone(): void {
    this.splitDoneUs = this.scheduler.now
  }

  #write(bytes: number, entries: readonly RegionEntries[] = [], isMeta = false): HdfsFile {
    const name = `${this.name}-wal-${this.files.length}`
    const file = new HdfsFile(name, this.namesystem, 1e9)
    file.addBlock()
    file.append({ log: 0, from: 0, to: 1, bytes })
    file.acknowledge(bytes, 0)
    this.files.push({ archivedUs: null, file, name, isMeta, regionEntries: () => entries })
    return file
  }
}

/**
 * A master with servers rs1, rs2, … and regions that are dealt to them in turn. A splitter does
 * 30 MB/s, opening a region takes 300 ms, its replay goes at 50 MB/s, closing one takes 200 ms. HDFS
 * takes no time but for the recovery of a lease.
 */
export class MasterWorld {
  readonly scheduler = new Scheduler()
  readonly namesystem = new FSNamesystem(1e15, 3, 3)
  readonly hdfs = new FakeStorage(this.namesystem)
  readonly recoveredEdits = new RecoveredEdits()
  readonly servers: FakeServer[] = []
  readonly locations: RegionLocations<FakeServer>
  readonly unflushed: number[]
  readonly claims: string[] = []
  readonly opened: string[] = []
  readonly closed: string[] = []
  readonly master: Master<FakeServer>
  claimUs = 0
  familyShares: readonly number[] = [1]
  /** What opening does before all else. */
  beforeOpen: (server: FakeServer, region: number) => Protocol = nothing
  beforeClose: (server: FakeServer, region: number) => Protocol = nothing
  putToMeta: (server: FakeServer, region: number) => Protocol = nothing
  recoverLease: (file: HdfsFile) => Protocol = recoverLease
  claimQueues: (server: string) => Protocol = (server) => this.#noteClaim(server)

  constructor(
    servers: number,
    regions: number,
    site: Record<string, string> = {},
    metaRegion: number | null = null,
  ) {
    const { scheduler } = this
    this.locations = new RegionLocations(regions, metaRegion)
    this.unflushed = new Array<number>(regions).fill(0)
    this.hdfs.recoverLease = (file) => this.recoverLease(file)
    this.master = new Master<FakeServer>({
      scheduler,
      luck: new EvenLuck(1),
      configuration: new Configuration(site),
      parameters: recoveryParameters,
      locations: this.locations,
      recoveredEdits: this.recoveredEdits,
      storage: this.hdfs,
      familyShares: () => this.familyShares,
      regions: {
        open: (server, region) => this.#open(server, region),
        close: (server, region) => this.#close(server, region),
        putToMeta: (server, region) => this.putToMeta(server, region),
      },
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

  fail(why: string): never {
    throw new IOException('refused', why)
  }

  /** Names of the servers that serve the regions, `-` for none. */
  layout(): string {
    return this.unflushed.map((_, region) => this.locations.serverOf(region)?.name ?? '-').join(' ')
  }

  *#open(server: FakeServer, region: number): Protocol<RegionOpening> {
    yield* this.beforeOpen(server, region)
    yield 300_000
    const replayFromUs = this.scheduler.now
    const replayedBytes = this.unflushed[region]
    yield replayedBytes / 50
    this.unflushed[region] = 0
    this.opened.push(`${region} on ${server.name}`)
    const replayUntilUs = this.scheduler.now
    return { hFiles: 0, replayedBytes, flushes: 0, replayFromUs, replayUntilUs }
  }

  *#close(server: FakeServer, region: number): Protocol {
    yield* this.beforeClose(server, region)
    yield 200_000
    this.closed.push(`${region} on ${server.name}`)
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

function* nothing(): Protocol {}
