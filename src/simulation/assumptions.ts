import { fixes } from '../replication/fixes.js'
import { describeParameter } from '../scenario/describe-parameter.js'
import { type Parameters, sourceText } from '../storage/parameter.js'
import { modelledProperties } from './model.js'
import type { Assumption } from './result.js'
import type { Run } from './run.js'

const ORIGIN = {
  'feature-branch': 'it is on the feature branch of HBASE-28957 (PR 6633) only',
  'hbase-29823': 'HBASE-29823 (PR 7617) is in master only, and the endpoint is published nowhere',
}

/** Every parameter and property that the run rested on, with its source. */
export function assumptionsOf({ model, scenario }: Pick<Run, 'model' | 'scenario'>): Assumption[] {
  const assumptions: Assumption[] = []
  const add = (prefix: string, parameters: Parameters) => {
    for (const [name, parameter] of Object.entries(parameters)) {
      const value = describeParameter(parameter)
      const source = sourceText(parameter)
      assumptions.push({ parameter: `${prefix}.${name}`, value, source })
    }
  }
  add('cluster', model.cluster)
  add('cluster.hdfs', model.hdfs)
  for (const [name, parameters] of Object.entries(model.stores)) add(`stores.${name}`, parameters)
  for (const [key, property] of Object.entries(modelledProperties)) {
    const set = scenario.site[key]
    const { value, doc, source } = property
    const file = scenario.siteFiles?.[key]
    const site = file === undefined ? 'site' : `site (${file})`
    if (set !== undefined) assumptions.push({ parameter: key, value: set, source: site })
    else if (value !== null) assumptions.push({ parameter: key, value: String(value), source })
    else assumptions.push({ parameter: key, value: 'derived', source: `${source}: ${doc}` })
  }
  for (const [id, { endpoint, form }] of Object.entries(scenario.peers)) {
    if (endpoint !== 'deferred-offset') continue
    const source = `taken as backported to HBase ${scenario.hbase}: ${ORIGIN[form]}`
    assumptions.push({ parameter: `peers.${id}.endpoint`, value: `${endpoint}, ${form}`, source })
  }
  for (const [name, { durability }] of Object.entries(scenario.tables)) {
    if (durability === 'USE_DEFAULT') continue
    assumptions.push({
      parameter: `tables.${name}.durability`,
      value: durability,
      source: 'scenario',
    })
  }
  for (const id of scenario.unfixed) {
    const source = 'the scenario takes the fix out'
    assumptions.push({ parameter: `unfixed.${id}`, value: bugOf(id), source })
  }
  return assumptions.sort((a, b) => (a.parameter < b.parameter ? -1 : 1))
}

function bugOf(id: string): string {
  return Object.entries(fixes).find(([issue]) => issue === id)?.[1] ?? id
}
