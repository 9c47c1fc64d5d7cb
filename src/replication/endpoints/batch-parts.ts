import type { EditLog } from '../../hbase/wal/edit-log.js'
import { appendExtent, type Extent } from '../../storage/extent.js'
import type { EndpointContext } from '../replication-endpoint.js'

const US_PER_DAY = 86_400_000_000

/**
 * What goes into which directory, in order of first appearance; `''` is the source's own. Tables are
 * told apart if the options say so.
 */
export function partsByTable(
  extents: readonly Extent[],
  { options, logOf, tableOf }: EndpointContext,
): Map<string, Extent[]> {
  if (!options.perTable) return new Map(extents.length > 0 ? [['', [...extents]]] : [])
  return split(extents, logOf, (log, edit) => ({
    directory: tableOf(log.region(edit)),
    to: edit + 1,
  }))
}

/**
 * As `partsByTable`, below a directory for each UTC day of write time, named by its number in the
 * run: time 0 is the midnight that begins day 0. Write times of a log never go back.
 */
export function partsByDay(
  extents: readonly Extent[],
  { options, logOf, tableOf }: EndpointContext,
): Map<string, Extent[]> {
  const dayOf = (log: EditLog, edit: number) => Math.floor(log.writtenUs(edit) / US_PER_DAY)
  return split(extents, logOf, (log, edit, to) => {
    const day = dayOf(log, edit)
    if (options.perTable)
      return { directory: `WALs/${day}/${tableOf(log.region(edit))}`, to: edit + 1 }
    return { directory: `WALs/${day}`, to: dayOf(log, to - 1) === day ? to : edit + 1 }
  })
}

/** Where `edit` belongs, and the end of those behind it, below `to`, that are known to as well. */
type DirectoryOf = (log: EditLog, edit: number, to: number) => { directory: string; to: number }

function split(
  extents: readonly Extent[],
  logOf: (log: number) => EditLog,
  directoryOf: DirectoryOf,
): Map<string, Extent[]> {
  const parts = new Map<string, Extent[]>()
  for (const extent of extents) {
    const log = logOf(extent.log)
    for (let from = extent.from; from < extent.to; ) {
      const { directory, to } = directoryOf(log, from, extent.to)
      const piece = { ...extent, from, to, bytes: log.bytesOf(from, to) }
      const part = parts.get(directory)
      if (part === undefined) parts.set(directory, [piece])
      else appendExtent(part, piece)
      from = to
    }
  }
  return parts
}
