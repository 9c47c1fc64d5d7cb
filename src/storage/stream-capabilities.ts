import type { Configuration, Properties } from './configuration.js'
import { IOException } from './io-exception.js'

/** What an output stream says of itself when asked, as Hadoop's interface of this name. */
export interface StreamCapabilities {
  /** True if the named call makes what was written before it durable. */
  hasCapability(capability: 'hflush' | 'hsync'): boolean
}

export const streamProperties: Properties = {
  'hbase.unsafe.stream.capability.enforce': {
    type: 'boolean',
    value: true,
    doc: 'WAL writers refuse streams that cannot hflush and hsync.',
    source: 'HBase ProtobufLogWriter.initOutput, CommonFSUtils.UNSAFE_STREAM_CAPABILITY_ENFORCE',
  },
}

const ENFORCE = 'hbase.unsafe.stream.capability.enforce'

/**
 * The check of HBase's WAL writers before they trust a stream: it must have both capabilities,
 * unless the site says that it knows better.
 *
 * @throws IOException `unsupported` where HBase throws StreamLacksCapabilityException
 */
export function requireSyncable(stream: StreamCapabilities, configuration: Configuration): void {
  if (!configuration.boolean(streamProperties, ENFORCE)) return
  for (const capability of ['hflush', 'hsync'] as const) {
    if (!stream.hasCapability(capability)) {
      const why = `the stream lacks the capability ${capability}, see ${ENFORCE}`
      throw new IOException('unsupported', why)
    }
  }
}
