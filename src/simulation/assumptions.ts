import { describeParameter } from '../scenario/describe-parameter.js'
import type { Parameters } from '../storage/parameter.js'
import { modelledProperties } from './model.js'
import type { Assumption } from './result.js'
import type { Run } from './run.js'

/** Every parameter that the run rested on, with its source; properties only where they were set. */
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
    if (set !== undefined) assumptions.push({ parameter: key, value: set, source: 'site' })
    else if (property.value !== null) {
      const value = String(property.value)
      assumptions.push({ parameter: key, value, source: property.source })
    }
  }
  return assumptions.sort((a, b) => (a.parameter < b.parameter ? -1 : 1))
}
