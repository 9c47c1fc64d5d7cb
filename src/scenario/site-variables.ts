import type { Properties } from '../storage/configuration.js'
import type { Complaint } from './bad-input.js'
import { type Finding, finding } from './finding.js'
import { expandVariables, MOST_SUBSTITUTIONS, type Stop } from './hadoop-variables.js'
import { valueAt } from './path.js'
import { complain } from './reading.js'
import { quote } from './source-text.js'

/** A scenario's data after expansion. */
export interface ExpandedSite {
  readonly data: unknown
  /** Variables that cannot be expanded. */
  readonly findings: Finding[]
  /** Names of the properties whose values went into others. */
  readonly used: ReadonlySet<string>
}

/**
 * `data` with the variables in its site's modelled `properties` expanded. Nothing else reads the
 * other properties, so their texts stay as they are.
 */
export function withExpandedSite(data: unknown, properties: Properties): ExpandedSite {
  const findings: Finding[] = []
  const used = new Set<string>()
  const site = valueAt(data, ['site'])
  if (typeof site !== 'object' || site === null || Array.isArray(site)) {
    return { data, findings, used }
  }
  const expanded: Record<string, string> = {}
  for (const name of Object.keys(properties)) {
    const text = valueAt(site, [name])
    if (typeof text !== 'string' || !text.includes('${')) continue
    const expansion = expandVariables(text, (variable) => {
      used.add(variable)
      return rawValue(variable, site, properties)
    })
    expanded[name] = expansion.text.trim()
    if (expansion.stopped !== null) {
      findings.push(finding(['site', name], complaintAbout(expansion.stopped, name)))
    }
  }
  if (Object.keys(expanded).length === 0) return { data, findings, used }
  return { data: { ...Object(data), site: { ...site, ...expanded } }, findings, used }
}

/** What is set, else the default if it is in one of the files that Hadoop and HBase bring along. */
function rawValue(name: string, site: object, properties: Properties): string | undefined {
  const set = valueAt(site, [name])
  if (typeof set === 'string') return set
  if (!Object.hasOwn(properties, name)) return undefined
  const { value, source } = properties[name]
  return value !== null && source.includes('-default.xml') ? String(value) : undefined
}

function complaintAbout({ variable, why }: Stop, name: string): Complaint {
  const what = quote(`\${${variable}}`)
  switch (why) {
    case 'unset':
      return complain('bad-property', `${what} in ${name} is set nowhere`, `a property ${variable}`)
    case 'machine':
      return complain(
        'bad-property',
        `${what} in ${name} depends on the machine, which is not looked at`,
        `a value, e.g. in the scenario's site`,
      )
    case 'cycle':
      return complain('bad-property', `${what} in ${name} leads back to itself`)
    case 'too-many':
      return complain(
        'bad-property',
        `the variables of ${name} take ${MOST_SUBSTITUTIONS} substitutions or more`,
        'fewer, as Hadoop does',
      )
    case 'too-long':
      return complain('bad-property', `the variables of ${name} make a text that is too long`)
  }
}
