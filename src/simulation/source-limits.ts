import type { SourceLimits } from '../replication/replication-peer.js'
import type { Configuration } from '../storage/configuration.js'
import { modelledProperties } from './model.js'

/** What `replication.source.*` says to the sources of a peer, but for when they store offsets. */
export function sourceLimits(
  configuration: Configuration,
): Omit<SourceLimits, 'intervalUs' | 'sizeThreshold'> {
  const number = (key: string) => configuration.number(modelledProperties, key)
  const boolean = (key: string) => configuration.boolean(modelledProperties, key)
  return {
    sleepForRetriesUs: number('replication.source.sleepforretries') * 1000,
    maxRetriesMultiplier: number('replication.source.maxretriesmultiplier'),
    sizeCapacity: number('replication.source.size.capacity'),
    nbCapacity: number('replication.source.nb.capacity'),
    autorecovery: boolean('replication.source.eof.autorecovery'),
    batchesAhead: number('replication.source.nb.batches'),
    getEntriesTimeoutUs: number('replication.source.getEntries.timeout') * 1000,
    abortOnError: boolean('replication.source.regionserver.abort'),
  }
}
