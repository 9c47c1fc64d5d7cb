import { clientProperties } from '../hbase/client/client-properties.js'
import { clusterParameters } from '../hbase/cluster-parameters.js'
import { compactionProperties } from '../hbase/compactions/compaction-properties.js'
import { hbaseProperties } from '../hbase/hbase-properties.js'
import { recoveryParameters } from '../hbase/master/recovery-parameters.js'
import { recoveryProperties } from '../hbase/master/recovery-properties.js'
import { memstoreProperties } from '../hbase/regionserver/memstore-properties.js'
import { regionReplicationProperties } from '../hbase/regionserver/regionreplication/region-replication-properties.js'
import { replicaProperties } from '../hbase/regionserver/replica-properties.js'
import { walProperties } from '../hbase/wal/wal-properties.js'
import { type Distribution, type DistributionSpec, distribution } from '../kernel/distribution.js'
import { Luck, type Purpose } from '../kernel/draws.js'
import { TabulatedDistribution } from '../kernel/tabulated-distribution.js'
import { Variate } from '../kernel/variate.js'
import { regionReplicaProperties } from '../replication/endpoints/region-replica-properties.js'
import { replicationProperties } from '../replication/replication-properties.js'
import type { Scenario } from '../scenario/scenario.js'
import { Configuration, type Properties } from '../storage/configuration.js'
import { hdfsProperties } from '../storage/hdfs/hdfs-properties.js'
import { hdfsProfiles } from '../storage/hdfs/profiles.js'
import { override, type Parameter, type Parameters } from '../storage/parameter.js'
import { storeProfiles } from '../storage/s3/profiles.js'
import { s3aProperties } from '../storage/s3/s3-properties.js'
import { streamProperties } from '../storage/stream-capabilities.js'

/** Every property that the model reads. */
export const modelledProperties: Properties = {
  ...hbaseProperties,
  ...clientProperties,
  ...memstoreProperties,
  ...replicaProperties,
  ...regionReplicaProperties,
  ...regionReplicationProperties,
  ...walProperties,
  ...compactionProperties,
  ...recoveryProperties,
  ...replicationProperties,
  ...hdfsProperties,
  ...s3aProperties,
  ...streamProperties,
}

/** A scenario's parameters and properties resolved against profiles and defaults. */
export class Model {
  readonly luck: Luck
  readonly configuration: Configuration
  /** Of the cluster itself, its recovery included. */
  readonly cluster: Parameters
  readonly hdfs: Parameters
  readonly stores: Readonly<Record<string, Parameters>>
  readonly #tables = new Map<string, Distribution>()

  constructor(
    readonly scenario: Scenario,
    readonly seed: number,
  ) {
    this.luck = new Luck(seed)
    this.configuration = new Configuration(scenario.site)
    const parameters: Parameters = { ...clusterParameters, ...recoveryParameters }
    this.cluster = override(parameters, scenario.cluster.parameters)
    const { hdfs } = scenario.cluster
    this.hdfs = override(profile(hdfsProfiles, hdfs.profile), hdfs.parameters)
    const stores: Record<string, Parameters> = {}
    for (const [name, spec] of Object.entries(scenario.stores)) {
      stores[name] = override(profile(storeProfiles, spec.profile), spec.parameters)
    }
    this.stores = stores
  }

  /** A property's number in its own unit. */
  number(key: string): number {
    return this.configuration.number(modelledProperties, key)
  }

  /** A property in milliseconds, as microseconds. */
  ms(key: string): number {
    return this.number(key) * 1000
  }

  boolean(key: string): boolean {
    return this.configuration.boolean(modelledProperties, key)
  }

  /** A property that HBase derives from others unless it is set. */
  numberOr(key: string, derived: number): number {
    return this.configuration.isSet(key) ? this.number(key) : derived
  }

  /** The value of a parameter of the cluster, its mean if it is drawn. */
  parameter(name: string): number {
    return distribution(specOf(this.cluster[name] as Parameter)).mean
  }

  /** Draws of a parameter for one entity. */
  variate(parameters: Parameters, name: string, purpose: Purpose, entity: string): Variate {
    return this.variateOf(specOf(parameters[name] as Parameter), purpose, entity)
  }

  variateOf(spec: DistributionSpec, purpose: Purpose, entity: string): Variate {
    const key = JSON.stringify(spec)
    let table = this.#tables.get(key)
    if (table === undefined) {
      const exact = distribution(spec)
      table = spec.kind === 'constant' ? exact : new TabulatedDistribution(exact)
      this.#tables.set(key, table)
    }
    return new Variate(table, this.luck.stream(purpose, entity))
  }

  /** A uniform draw for something that happens once per run. */
  once(purpose: Purpose, entity: string): number {
    return this.luck.stream(purpose, entity).uniform(0)
  }
}

export function specOf({ value }: Parameter): DistributionSpec {
  return typeof value === 'number' ? { kind: 'constant', value } : value
}

function profile(profiles: Readonly<Record<string, Parameters>>, name: string): Parameters {
  const found = profiles[name]
  if (found === undefined) throw new RangeError(`no profile "${name}"`)
  return found
}
