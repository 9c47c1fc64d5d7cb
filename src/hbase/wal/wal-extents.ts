import type { Wal } from './wal.js'

/**
 * Tells the file of a WAL which entries were written to it since the last time, those that an
 * earlier file has as well as such.
 */
export function extendFile(wal: Wal): void {
  const { file, log } = wal
  const from = file.extents.at(-1)?.to ?? wal.from
  const written = wal.from + wal.entries
  const reappendedTo = wal.from + wal.reappendedEntries
  let bytes = wal.bytes - file.bytesWritten
  if (from < reappendedTo) {
    const againBytes = log.bytesOf(from, reappendedTo)
    const extent = { log: log.id, from, to: reappendedTo, bytes: againBytes }
    file.append({ ...extent, resend: 'WAL re-append' })
    bytes -= againBytes
  }
  const first = Math.max(from, reappendedTo)
  if (first < written) file.append({ log: log.id, from: first, to: written, bytes })
}
