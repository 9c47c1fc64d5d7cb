import type { Protocol } from '../../kernel/process.js'
import { IOException } from '../../storage/io-exception.js'
import type { ObjectFile } from './object-files.js'
import { StagingEndpoint } from './staging-endpoint.js'

/**
 * Option 2 of HBASE-28987: entries go to a staging file and to an object, opened together, and are
 * accepted when both writes succeed. The write to the object is only buffered, so it adds no safety
 * before the object is closed (R4): a confirmed edit survives what its staged twin survives. When
 * the object is visible its twin is deleted. If the object fails, in a write or at its end, the twin
 * is copied instead. Never built by HBase.
 */
export class DualWriteEndpoint extends StagingEndpoint {
  /** @throws IOException while no object can be created, unless staging alone will do */
  protected override *createObject(table: string): Protocol<ObjectFile | null> {
    try {
      return yield* this.objects.create(table, true)
    } catch (error) {
      if (error instanceof IOException && this.context.options.degrade === 'staging') return null
      throw error
    }
  }
}
