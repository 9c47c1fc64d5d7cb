import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { invariant } from '../kernel/errors.js'
import { BadInput, problemAt } from './bad-input.js'
import { canonicalJson } from './canonical-json.js'
import { Complaints } from './complaints.js'
import { describe } from './describe.js'
import type { Expectation } from './expectation.js'
import { Grammar } from './grammar.js'
import { documentLocator, findOrHolder, type Locator, overlaid } from './locator.js'
import { valueAt } from './path.js'
import { complain } from './reading.js'
import type { Scenario } from './scenario.js'
import type { ScenarioDocument } from './schema.js'
import { applySettings } from './settings.js'
import { namesOfProperties } from './site-properties.js'
import { readSiteXml, type SiteFile } from './site-xml.js'
import type { SourceText } from './source-text.js'
import { splitComplaint } from './split-distribution.js'
import { resolveVariants } from './variants.js'
import type { Vocabulary } from './vocabulary.js'
import { dataOf } from './yaml-data.js'
import { parseYaml } from './yaml-document.js'

/** A scenario file after validation: what to run and what is expected of it. */
export interface LoadedScenario {
  readonly name: string
  readonly description: string
  readonly lesson: string
  readonly variants: LoadedVariant[]
  readonly expectations: Expectation[]
  /** Properties, also of peers, that the model does not read, sorted. */
  readonly ignoredProperties: string[]
  /** SHA-256 of the canonical JSON of the base and all variants. */
  readonly hash: string
}

export interface LoadedVariant {
  readonly name: string
  /** Values by override path, as written; none for the base. */
  readonly overrides: Record<string, unknown>
  readonly scenario: Scenario
}

export interface LoadOptions {
  /** `path=value` each, laid over the file before its variants are. */
  readonly set?: readonly string[]
  /** An `hbase-site.xml`; the scenario's `site` goes before it. */
  readonly site?: SourceText
  /** In place of the file's seed. */
  readonly seed?: number
}

/**
 * Reads a scenario file in YAML or JSON.
 *
 * @throws BadInput with up to 20 problems in the file, the site file or the settings
 */
export function loadScenario(
  file: SourceText,
  vocabulary: Vocabulary,
  options: LoadOptions = {},
): LoadedScenario {
  const grammar = new Grammar(vocabulary)
  const yaml = parseYaml(file)
  const written = dataOf(yaml)
  const start = { source: file, from: 0, to: 1 }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const message = `${describe(written)} is not a scenario`
    throw new BadInput([problemAt(start, complain('wrong-type', message, 'a map'))])
  }
  const complaints = new Complaints(start, yaml.splits)
  for (const split of yaml.splits) complaints.add(split, splitComplaint(split))
  const siteFile = options.site === undefined ? null : readSiteXml(options.site)
  const settings = applySettings(
    withSite(written, siteFile),
    settingsOf(options),
    grammar.json,
    complaints,
  )
  const files = inEither(documentLocator(yaml), siteFile?.locator)
  const locator = overlaid(files, settings.overlays)
  const resolved = resolveVariants(settings.data, locator, settings.overlays, grammar, complaints)
  complaints.throwIfAny()
  const documents = resolved.map(({ name, overrides, document }) => {
    invariant(document !== null, 'a scenario without problems is a document')
    return { name, overrides, document }
  })
  return assemble(documents, locator, grammar)
}

function settingsOf({ set = [], seed }: LoadOptions): SourceText[] {
  const settings = set.map((text) => ({ name: '--set', text }))
  return seed === undefined ? settings : [...settings, { name: '--seed', text: `seed=${seed}` }]
}

function withSite(data: object, file: SiteFile | null): object {
  const own = valueAt(data, ['site']) ?? {}
  if (file === null || typeof own !== 'object' || Array.isArray(own)) return data
  return { ...data, site: { ...file.properties, ...own } }
}

function inEither(first: Locator, second: Locator | undefined): Locator {
  return { find: (path, part) => first.find(path, part) ?? second?.find(path, part) ?? null }
}

function assemble(
  documents: { name: string; overrides: Record<string, unknown>; document: ScenarioDocument }[],
  locator: Locator,
  grammar: Grammar,
): LoadedScenario {
  const isBase = ({ overrides }: { overrides: object }) => Object.keys(overrides).length === 0
  const base = documents.find(isBase)?.document
  invariant(base !== undefined, 'one of the variants is the base')
  const variants = documents.map(({ name, overrides, document }) => {
    return { name, overrides, scenario: scenarioOf(document) }
  })
  const properties = variants.flatMap(({ scenario }) => namesOfProperties(scenario))
  return {
    name: base.name,
    description: base.description,
    lesson: base.lesson,
    variants,
    expectations: expectationsOf(base, locator),
    ignoredProperties: grammar.unmodelled(properties),
    hash: hashOf(scenarioOf(base), variants),
  }
}

function scenarioOf(document: ScenarioDocument): Scenario {
  const { lesson: _lesson, variants: _variants, expect: _expect, ...scenario } = document
  return scenario
}

function expectationsOf(document: ScenarioDocument, locator: Locator): Expectation[] {
  return document.expect.map(({ that, variants }, i) => {
    const span = findOrHolder(locator, ['expect', i, 'that'], 'value')
    invariant(span !== null, 'an expectation stands somewhere')
    const message = 'the results have no such figure'
    const unknownPath = problemAt(span, complain('bad-expectation', message))
    return { ...that, variants, line: unknownPath.line, unknownPath }
  })
}

function hashOf(base: Scenario, variants: LoadedVariant[]): string {
  const scenarios = Object.fromEntries(variants.map(({ name, scenario }) => [name, scenario]))
  return bytesToHex(sha256(utf8ToBytes(canonicalJson({ base, variants: scenarios }))))
}
