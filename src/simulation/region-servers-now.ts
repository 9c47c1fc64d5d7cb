import type { Cluster } from './cluster.js'
import { memstoreLimits } from './region-builder.js'
import type { RegionServersNow } from './region-server-gauges.js'

/** The region servers of a cluster, as charts and maxima look at them. */
export function regionServersNow(cluster: Cluster): RegionServersNow {
  const { files, map, model, servers } = cluster
  const { upper, lower } = memstoreLimits(model)
  const hosts = Array.from({ length: model.scenario.cluster.regionServers }, (_, i) => `rs${i + 1}`)
  return {
    hosts,
    memstoreBytes: (host) => cluster.serverOn(host)?.writePath.memstoreBytes ?? null,
    memstoreLimits: { upper, lower },
    walFiles: (host) => {
      const server = cluster.serverOn(host)
      return server === undefined ? null : server.rolledWalCount + server.walGroups.length
    },
    oldWalFiles: (host) =>
      servers.reduce(
        (sum, { hostName, oldWals }) => sum + (hostName === host ? oldWals.length : 0),
        0,
      ),
    storeFilesMax: () => {
      let most = 0
      for (let region = 0; region < map.regions; region++) {
        most = Math.max(most, files.stores.filesOf(region))
      }
      return most
    },
  }
}

/** Tells what memory and files come to at this instant. */
export function noteLevels({ activity, scheduler }: Cluster, now: RegionServersNow): void {
  for (const host of now.hosts) {
    activity.note('memstoreBytes', now.memstoreBytes(host) ?? 0, scheduler.now)
    activity.note('walFiles', now.walFiles(host) ?? 0, scheduler.now)
  }
  activity.note('storeFiles', now.storeFilesMax(), scheduler.now)
}
