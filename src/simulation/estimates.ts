import type { Scenario } from '../scenario/scenario.js'
import type { Vocabulary } from '../scenario/vocabulary.js'
import type { Parameter, Parameters, ParameterValues } from '../storage/parameter.js'
import { s3Operations } from '../storage/s3/s3-operations.js'
import type { RunResult } from './result.js'

/** A parameter of grade D that a scenario leaves at its estimate. */
export interface Estimate {
  /** As in the assumptions, e.g. `stores.backup.completeMultipart`. */
  name: string
  /** Where the scenario would have a value of its own. */
  path: readonly string[]
  parameter: Parameter
}

/** What is known of a run of the scenario with its estimates as they are. */
export type KnownRun = Pick<RunResult, 'recoveries' | 'peers'>

/**
 * The estimates that a scenario rests on, in the order of the registries. Those that nothing in it
 * can ask for are left out; a finished run shows of more of them that nothing did: until something
 * asks, a twin with another value is the same run.
 *
 * Properties of HBase, Hadoop and S3A have the defaults of their code: none is an estimate.
 */
export function estimatesOf(scenario: Scenario, vocabulary: Vocabulary, run?: KnownRun) {
  return parameterSets(scenario, vocabulary).flatMap(({ prefix, path, defaults, values }) =>
    Object.entries(defaults).flatMap(([key, parameter]): Estimate[] => {
      const name = `${prefix}.${key}`
      if (parameter.grade !== 'D' || Object.hasOwn(values, key)) return []
      if (isIdle(scenario, path, key, run)) return []
      return [{ name, path: [...path, key], parameter }]
    }),
  )
}

/** The estimates that a scenario replaces by values of its own. */
export function replacedEstimates(scenario: Scenario, vocabulary: Vocabulary): string[] {
  return parameterSets(scenario, vocabulary).flatMap(({ prefix, defaults, values }) =>
    Object.keys(values)
      .filter((key) => defaults[key]?.grade === 'D')
      .map((key) => `${prefix}.${key}`),
  )
}

interface ParameterSet {
  prefix: string
  /** Where the scenario has the values that replace some of `defaults`. */
  path: string[]
  defaults: Parameters
  values: ParameterValues
}

function parameterSets(scenario: Scenario, vocabulary: Vocabulary): ParameterSet[] {
  const { cluster, stores } = scenario
  const { hdfs } = cluster
  return [
    {
      prefix: 'cluster',
      path: ['cluster', 'parameters'],
      defaults: vocabulary.clusterParameters,
      values: cluster.parameters,
    },
    {
      prefix: 'cluster.hdfs',
      path: ['cluster', 'hdfs', 'parameters'],
      defaults: vocabulary.hdfsProfiles[hdfs.profile] ?? {},
      values: hdfs.parameters,
    },
    ...Object.entries(stores).map(([name, { profile, parameters }]) => ({
      prefix: `stores.${name}`,
      path: ['stores', name, 'parameters'],
      defaults: vocabulary.storeProfiles[profile] ?? {},
      values: parameters,
    })),
  ]
}

/** Whether nothing asks for a parameter, as far as the scenario and its run can tell. */
function isIdle(
  scenario: Scenario,
  path: readonly string[],
  key: string,
  run: KnownRun | undefined,
): boolean {
  const { workload, peers, tables } = scenario
  if (path[0] === 'stores') return isIdleOfStore(scenario, path[1], key, run)
  switch (key) {
    case 'getCpu':
      return workload.every(({ mix }) => mix.put === 1)
    case 'scanRow':
      return workload.every(({ mix }) => mix.scan + mix.multiget === 0)
    case 'walRead':
      return (
        Object.keys(peers).length === 0 &&
        Object.values(tables).every(
          ({ regionReplication, memstoreReplication }) =>
            regionReplication === 1 || !memstoreReplication,
        )
      )
    case 'walSplit':
    case 'recoveredEditsReplay':
      return run !== undefined && run.recoveries.length === 0
    case 'regionOpen':
    case 'hfileOpen':
      return run !== undefined && run.recoveries.length === 0 && opensNoRegion(scenario)
    default:
      return false
  }
}

/** Whether all regions stay where they are, unless a server dies. */
function opensNoRegion({ faults, operations, tables }: Scenario): boolean {
  return (
    faults.every(({ kind }) => /^(store-|slow-store|cluster-loss)/.test(kind)) &&
    operations.every((operation) => operation.do !== 'move') &&
    Object.values(tables).every(({ regionReplication }) => regionReplication === 1)
  )
}

/** Parameters that only a certain request asks for. */
const REQUEST_OF: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(s3Operations).map(([name, { latency }]) => [latency, name])),
  getMinimum: 'GET',
  getRateFactor: 'GET',
  streamGet: 'GET',
}

function isIdleOfStore(
  { peers }: Scenario,
  store: string,
  key: string,
  run: KnownRun | undefined,
): boolean {
  const users = Object.keys(peers).filter((id) => peers[id].store === store)
  if (users.length === 0) return true
  // `put` is asked for by several requests; its absence says nothing of a single one.
  const request = key === 'put' ? undefined : REQUEST_OF[key]
  if (run === undefined || request === undefined) return false
  return users.every((id) => Object.hasOwn(run.peers, id) && !run.peers[id].requests[request])
}
