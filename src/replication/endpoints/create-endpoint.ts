import type { EndpointContext, ReplicationEndpoint } from '../replication-endpoint.js'
import { ContinuousBackupEndpoint } from './continuous-backup-endpoint.js'
import { DeferredOffsetEndpoint } from './deferred-offset-endpoint.js'
import { DirectEndpoint } from './direct-endpoint.js'
import { DualWriteEndpoint } from './dual-write-endpoint.js'
import { StagedCopyEndpoint } from './staged-copy-endpoint.js'
import { UnsafeFlushEndpoint } from './unsafe-flush-endpoint.js'

/** Designs of a WAL backup, by the names that scenarios use. */
const endpoints = {
  direct: (context) => new DirectEndpoint(context),
  'staged-copy': (context) => new StagedCopyEndpoint(context),
  'dual-write': (context) => new DualWriteEndpoint(context),
  'unsafe-flush': (context) => new UnsafeFlushEndpoint(context),
  'deferred-offset': (context) =>
    context.options.form === 'feature-branch'
      ? new ContinuousBackupEndpoint(context)
      : new DeferredOffsetEndpoint(context),
} satisfies Record<string, (context: EndpointContext) => ReplicationEndpoint>

export type EndpointName = keyof typeof endpoints

export function createEndpoint(name: EndpointName, context: EndpointContext): ReplicationEndpoint {
  return endpoints[name](context)
}
