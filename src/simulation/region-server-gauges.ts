import type { Gauge } from './series-recorder.js'

/** Region servers as they are now; null where no server runs on a host. */
export interface RegionServersNow {
  readonly hosts: readonly string[]
  /** Heap of all memstores of a server. */
  memstoreBytes(host: string): number | null
  /** `hbase.regionserver.global.memstore.size` and its lower limit, in bytes. */
  readonly memstoreLimits: { readonly upper: number; readonly lower: number }
  /** WALs of a server that are not archived. */
  walFiles(host: string): number | null
  /** Archived WALs of a server and of those that ran on its host before. */
  oldWalFiles(host: string): number
  /** Most files of one family of one region. */
  storeFilesMax(): number
}

/** What charts and `series.csv` show of region servers over time. */
export function regionServerGauges(servers: RegionServersNow): Gauge[] {
  const ofHosts = (metric: string, unit: string, read: (host: string) => number | null) =>
    servers.hosts.map((server) => ({ metric, unit, labels: { server }, read: () => read(server) }))
  const { upper, lower } = servers.memstoreLimits
  return [
    ...ofHosts('memstoreBytes', 'bytes', (host) => servers.memstoreBytes(host)),
    ...Object.entries({ upper, lower }).map(([limit, bytes]) => {
      return { metric: 'memstoreLimitBytes', unit: 'bytes', labels: { limit }, read: () => bytes }
    }),
    ...ofHosts('walFiles', 'files', (host) => servers.walFiles(host)),
    ...ofHosts('oldWALFiles', 'files', (host) => servers.oldWalFiles(host)),
    { metric: 'storeFilesMax', unit: 'files', labels: {}, read: () => servers.storeFilesMax() },
  ]
}
