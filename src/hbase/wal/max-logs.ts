import type { Configuration } from '../../storage/configuration.js'
import { walProperties } from './wal-properties.js'

const LEAST = 32
const KEY = 'hbase.regionserver.maxlogs'

/**
 * How many rolled WALs a group may have before regions are flushed for the oldest's sake: twice as
 * many as the global memstore fills, if not said otherwise (AbstractFSWAL.calculateMaxLogFiles).
 *
 * @param rollSize in bytes
 * @param globalMemstoreBytes upper limit of all memstores of the server
 */
export function maxLogs(
  configuration: Configuration,
  rollSize: number,
  globalMemstoreBytes: number,
): number {
  if (configuration.isSet(KEY)) return configuration.number(walProperties, KEY)
  return Math.max(LEAST, Math.floor((2 * globalMemstoreBytes) / rollSize))
}
