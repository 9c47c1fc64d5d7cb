import type { Complaints } from './complaints.js'
import type { Finding } from './finding.js'
import type { Grammar } from './grammar.js'
import { type Locator, type Overlay, overlaid } from './locator.js'
import type { Note } from './note.js'
import { overrideAt, readOverridePath } from './override.js'
import { valueAt } from './path.js'
import { complain } from './reading.js'
import { MOST_OVERRIDES, MOST_VARIANTS, type ScenarioDocument } from './schema.js'
import { quote } from './source-text.js'
import type { YcsbPhases } from './ycsb-phases.js'

/** One of the scenarios that a file describes. */
export interface ResolvedVariant {
  readonly name: string
  readonly overrides: Record<string, unknown>
  /** Null if something is wrong with it. */
  readonly document: ScenarioDocument | null
  readonly notes: readonly Note[]
  /** Names of properties that others have in them as `${name}`. */
  readonly used: ReadonlySet<string>
}

/** How scenarios are read, and the workload files that their phases name. */
export interface Rules {
  readonly grammar: Grammar
  readonly phases: YcsbPhases
}

/** What twins have in common, whatever else differs between them. */
const COMMON = ['name', 'description', 'lesson', 'seed', 'variants', 'expect']

/** The name of the scenario without overrides where no variant is without. */
export const BASE = 'base'

/**
 * The base and the variants of `data` in the order of the file, each validated. A variant without
 * overrides is the base; if there is none, the base comes first under the name `base`.
 */
export function resolveVariants(
  data: object,
  locator: Locator,
  settings: readonly Overlay[],
  { grammar, phases }: Rules,
  complaints: Complaints,
): ResolvedVariant[] {
  const { document, findings, notes, used } = grammar.validate(data, phases)
  for (const finding of findings) complaints.find(finding, locator, settings, false)
  const known = new Set(findings.map(identityOf))
  const written = Object.entries(asMap(valueAt(data, ['variants'])))
  const variants = written.slice(0, MOST_VARIANTS).map(([name, value]) => {
    const overrides = asMap(value)
    if (Object.keys(overrides).length === 0) return { name, overrides, document, notes, used }
    if (name === BASE) {
      const message = `${quote(BASE)} is the name of the scenario without overrides`
      complaints.add(locator.find(['variants', name], 'key'), complain('bad-name', message))
    }
    const variant = applyOverrides(data, name, overrides, locator, grammar, complaints)
    const { findings: found, ...checked } = grammar.validate(variant.data, phases)
    for (const finding of found) {
      if (known.has(identityOf(finding))) continue
      complaints.find(finding, overlaid(locator, variant.overlays), variant.overlays, true)
    }
    return { ...checked, name, overrides }
  })
  const hasBase = variants.some(({ overrides }) => Object.keys(overrides).length === 0)
  return hasBase ? variants : [{ name: BASE, overrides: {}, document, notes, used }, ...variants]
}

/** Without its span, which holds the whole of a text; the path says where it is. */
function identityOf({ span: _span, ...finding }: Finding): string {
  return JSON.stringify(finding)
}

function applyOverrides(
  data: object,
  name: string,
  overrides: Record<string, unknown>,
  locator: Locator,
  grammar: Grammar,
  complaints: Complaints,
): { data: object; overlays: Overlay[] } {
  let result: object = { ...data, variants: {}, expect: [] }
  const overlays: Overlay[] = []
  for (const [text, value] of Object.entries(overrides).slice(0, MOST_OVERRIDES)) {
    const origin = ['variants', name, text]
    const path = readOverridePath(text)
    if ('complaint' in path) {
      complaints.add(locator.find(origin, 'key'), path.complaint)
      continue
    }
    const changed = COMMON.includes(`${path.value[0]}`)
      ? { complaint: complain('bad-override', `a variant cannot override ${path.value[0]}`) }
      : overrideAt(result, path.value, value, grammar.json)
    if ('complaint' in changed) {
      complaints.add(locator.find(origin, 'key'), changed.complaint)
      continue
    }
    result = changed.value
    overlays.push({ target: path.value, locator, path: origin })
  }
  return { data: result, overlays }
}

function asMap(value: unknown): Record<string, unknown> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? (value as Record<string, unknown>) : {}
}
