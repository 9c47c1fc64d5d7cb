import type { Wal } from '../hbase/wal/wal.js'
import type { Cluster } from './cluster.js'

/** Looks now and then whether region servers hold what the books say of their regions. */
export class RegionChecks {
  /** Bytes of memstores that are in no book, or in one only. */
  unaccountedBytes = 0
  /** Regions that were found open on several servers. */
  sharedRegions = 0
  /** WALs that went to oldWALs while only memory had some of their edits. */
  earlyArchives = 0

  constructor(private readonly cluster: Cluster) {}

  /** At this instant, when all that is lazy is up to now. */
  look(): void {
    const { files, map, servers, master, replicas } = this.cluster
    const { memstores } = files
    const online = servers.filter(({ alive, name }) => alive && master.servers.nodeOf(name).online)
    for (const server of online) {
      const bytes = server.regions.online.reduce((sum, region) => {
        return sum + memstores.heapBytes(region) + (replicas?.heapBytes(region) ?? 0)
      }, 0)
      this.unaccountedBytes += Math.abs(server.writePath.memstoreBytes - bytes)
    }
    for (let region = 0; region < map.allRegions; region++) {
      this.unaccountedBytes += Math.abs(memstores.unaccountedBytes(region))
      if (memstores.heapBytes(region) < 0) this.unaccountedBytes++
      const serving = online.filter(({ writePath }) => writePath.serves(region)).length
      if (serving > 1) this.sharedRegions++
    }
  }

  /** A WAL moves to oldWALs, where no recovery looks. */
  archiving(wal: Wal): void {
    const { files, locations } = this.cluster
    for (const { region, maxSequenceId } of wal.regionEntries()) {
      if (locations.serverOf(region) === null) continue
      for (const { family } of files.stores.of(region)) {
        if (files.memstores.lowestSequenceIdOf(region, family) > maxSequenceId) continue
        this.earlyArchives++
        return
      }
    }
  }
}
