import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { EndpointContext, ReplicationEndpoint } from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'

/**
 * Writes straight to the external store: an object per batch, for only a closed object is durable
 * (R4). Safe as soon as it is accepted, at the price of many small objects and of a WAL that cannot
 * be released while the store is away.
 */
export class DirectEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = [
    'region-server-crash',
    'data-node-crash',
    'rack-power-loss',
    'cluster-power-loss',
    'hdfs-loss',
    'cluster-loss',
  ]
  readonly #context: EndpointContext
  #objects = 0

  constructor(context: EndpointContext) {
    this.#context = context
  }

  start(): void {}

  *replicate(batch: WALEntryBatch): Protocol<boolean> {
    const { fileSystem, peer, server } = this.#context
    const ordinal = this.#objects++
    try {
      const stream = yield* fileSystem.create(`${peer}/${server}/wal_file.${ordinal}`, ordinal)
      for (const extent of batch.extents) yield* stream.write(extent)
      yield* stream.close()
      return true
    } catch (error) {
      if (error instanceof IOException) return false
      throw error
    }
  }

  *stagedFiles(): Iterable<HdfsFile> {}
}
