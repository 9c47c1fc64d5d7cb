/**
 * Name of a WAL, without the file's time. With `multiwal` HBase puts the server's name twice:
 * AbstractFSWALProvider prefixes what RegionGroupingProvider has prefixed already.
 */
export function walPrefix(server: string, group: number, groups: number): string {
  return groups === 1 ? server : `${server}.${server}.regiongroup-${group}`
}

export function walPath(server: string, group: number, groups: number, fileNumber: number): string {
  return `WALs/${server}/${walPrefix(server, group, groups)}.${fileNumber}`
}

/** The same of the WAL of hbase:meta (AbstractFSWALProvider.META_WAL_PROVIDER_ID). */
export function metaWalPath(server: string, fileNumber: number): string {
  return `${walPath(server, 0, 1, fileNumber)}.meta`
}
