import { describeParameter } from '../scenario/describe-parameter.js'
import type { Parameters } from '../storage/parameter.js'
import { modelledProperties } from './model.js'
import type { Assumption } from './result.js'
import type { Run } from './run.js'

/** Every parameter and property that the run rested on, with its source. */
export function assumptionsOf({ model, scenario }: Run): Assumption[] {
  const assumptions: Assumption[] = []
  const add = (prefix: string, parameters: Parameters) => {
    for (const [name, parameter] of Object.entries(parameters)) {
      const { source, grade } = parameter
      const value = describeParameter(parameter)
      const estimated =
        grade === 'D' && !/estimate/.test(source) ? `${source}; an estimate` : source
      assumptions.push({ parameter: `${prefix}.${name}`, value, source: estimated })
    }
  }
  add('cluster', model.cluster)
  add('cluster.hdfs', model.hdfs)
  for (const [name, parameters] of Object.entries(model.stores)) add(`stores.${name}`, parameters)
  for (const [key, property] of Object.entries(modelledProperties)) {
    const set = scenario.site[key]
    const { value, doc, source } = property
    if (set !== undefined) assumptions.push({ parameter: key, value: set, source: 'site' })
    else if (value !== null) assumptions.push({ parameter: key, value: String(value), source })
    else assumptions.push({ parameter: key, value: 'derived', source: `${source}: ${doc}` })
  }
  return assumptions.sort((a, b) => (a.parameter < b.parameter ? -1 : 1))
}
