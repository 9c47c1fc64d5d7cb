import type { Properties } from '../storage/configuration.js'

/** What a source, its readers and its shippers read of a peer's configuration (HBASE-29796, 29823). */
const PREFIXES = ['replication.source.', 'hbase.replication.shipper.offset.update.']

/** True for a property that a peer's own configuration overrides. */
export function isPeerProperty(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(prefix))
}

/** Those of `properties` that a peer's own configuration overrides. */
export function peerProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => isPeerProperty(name)))
}
