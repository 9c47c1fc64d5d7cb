import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { invariant } from '../kernel/errors.js'
import { BadInput, problemAt } from './bad-input.js'
import { canonicalJson } from './canonical-json.js'
import { Complaints } from './complaints.js'
import { describe } from './describe.js'
import type { Expectation } from './expectation.js'
import { Grammar } from './grammar.js'
import { type IgnoredProperties, ignoredBySource, probableSlips } from './ignored-properties.js'
import { InputFiles, type ReadInput } from './input-files.js'
import { documentLocator, findOrHolder, type Locator, overlaid } from './locator.js'
import type { Note } from './note.js'
import { type Path, parsePath, startsWith } from './path.js'
import { complain } from './reading.js'
import type { Scenario } from './scenario.js'
import type { ScenarioDocument } from './schema.js'
import { applySettings } from './settings.js'
import { withListedPhases } from './single-phase.js'
import { readSites } from './site-inputs.js'
import { namesOfProperties } from './site-properties.js'
import type { SourceText } from './source-text.js'
import { splitComplaint } from './split-distribution.js'
import { resolveVariants } from './variants.js'
import type { Vocabulary } from './vocabulary.js'
import { dataOf } from './yaml-data.js'
import { parseYaml } from './yaml-document.js'
import { YcsbPhases } from './ycsb-phases.js'

/** A scenario file after validation: what to run and what is expected of it. */
export interface LoadedScenario {
  readonly name: string
  readonly description: string
  readonly lesson: string
  readonly variants: LoadedVariant[]
  readonly expectations: Expectation[]
  /** Properties, also of peers, that the model does not read, sorted. */
  readonly ignoredProperties: string[]
  /** The same by where they were set. */
  readonly ignored: readonly IgnoredProperties[]
  /** What the user should know of the input, e.g. what has no effect; each once. */
  readonly notes: readonly Note[]
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
  /**
   * The cluster's own `hbase-site.xml`, `core-site.xml` and the like, later ones over earlier ones
   * but for what is final. They take the place of files that the scenario's `site` names; the
   * properties in its maps, in variants and in `set` go over them, final or not.
   */
  readonly site?: readonly SourceText[]
  /** Reads the files that a scenario names; none can be read without. */
  readonly read?: ReadInput
  /** In place of the file's seed. */
  readonly seed?: number
}

/**
 * Reads a scenario file in YAML or JSON. For many files, give the Grammar of the vocabulary.
 *
 * @throws BadInput with up to 20 problems in the file, the site file or the settings
 */
export function loadScenario(
  file: SourceText,
  language: Vocabulary | Grammar,
  options: LoadOptions = {},
): LoadedScenario {
  const grammar = language instanceof Grammar ? language : new Grammar(language)
  const files = new InputFiles(options.read)
  const yaml = parseYaml(file)
  const written = dataOf(yaml)
  const start = { source: file, from: 0, to: 1 }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const message = `${describe(written)} is not a scenario`
    throw new BadInput([problemAt(start, complain('wrong-type', message, 'a map'))])
  }
  const complaints = new Complaints(start, yaml.splits)
  for (const split of yaml.splits) complaints.add(split, splitComplaint(split))
  const listed = withListedPhases(written, documentLocator(yaml))
  const given = options.site ?? []
  const isRead = (name: string) => grammar.isModelled(name)
  const site = readSites(listed.data, listed.locator, files, given, complaints, isRead)
  const settings = applySettings(site.data, settingsOf(options), grammar.json, complaints)
  const locator = overlaid(site.locator, settings.overlays)
  const rules = { grammar, phases: new YcsbPhases(files) }
  const resolved = resolveVariants(settings.data, locator, settings.overlays, rules, complaints)
  complaints.throwIfAny()
  const set = settings.overlays.map(({ target }) => target)
  const variants = resolved.map(({ name, overrides, document, used }) => {
    invariant(document !== null, 'a scenario without problems is a document')
    const paths = Object.keys(overrides).map((text) => parsePath(text) ?? [])
    const siteFiles = filesLeft(site.siteFiles, [...set, ...paths])
    return { name, overrides, document, used, siteFiles }
  })
  const notes = [...site.notes, ...resolved.flatMap((variant) => variant.notes)]
  return assemble(variants, notes, locator, grammar)
}

function settingsOf({ set = [], seed }: LoadOptions): SourceText[] {
  const settings = set.map((text) => ({ name: '--set', text }))
  return seed === undefined ? settings : [...settings, { name: '--seed', text: `seed=${seed}` }]
}

/** The files of those properties that are at none of the `changed` paths. */
function filesLeft(
  siteFiles: ReadonlyMap<string, string>,
  changed: readonly Path[],
): ReadonlyMap<string, string> {
  const isChanged = (name: string) => changed.some((path) => startsWith(['site', name], path))
  return new Map([...siteFiles].filter(([name]) => !isChanged(name)))
}

interface ValidVariant {
  readonly name: string
  readonly overrides: Record<string, unknown>
  readonly document: ScenarioDocument
  readonly used: ReadonlySet<string>
  readonly siteFiles: ReadonlyMap<string, string>
}

function assemble(
  valid: readonly ValidVariant[],
  notes: readonly Note[],
  locator: Locator,
  grammar: Grammar,
): LoadedScenario {
  const isBase = ({ overrides }: { overrides: object }) => Object.keys(overrides).length === 0
  const base = valid.find(isBase)
  invariant(base !== undefined, 'one of the variants is the base')
  const variants = valid.map((variant) => {
    const { name, overrides } = variant
    return { name, overrides, scenario: scenarioOf(variant, grammar) }
  })
  const names = variants.flatMap(({ scenario }) => namesOfProperties(scenario))
  const used = new Set(valid.flatMap((variant) => [...variant.used]))
  const ignoredProperties = grammar.unmodelled(names).filter((name) => !used.has(name))
  const slips = probableSlips(ignoredProperties, grammar.modelled)
  return {
    name: base.document.name,
    description: base.document.description,
    lesson: base.document.lesson,
    variants,
    expectations: expectationsOf(base.document, locator),
    ignoredProperties,
    ignored: ignoredBySource(ignoredProperties, base.siteFiles),
    notes: [...new Set([...notes, ...slips])],
    hash: hashOf(scenarioOf(base, grammar), variants),
  }
}

function scenarioOf({ document, siteFiles }: ValidVariant, grammar: Grammar): Scenario {
  const { lesson: _lesson, variants: _variants, expect: _expect, ...scenario } = document
  const modelled = [...siteFiles].filter(([name]) => grammar.modelled.includes(name))
  if (modelled.length === 0) return scenario
  const files = modelled.map(([name, file]) => [name, baseName(file)])
  return { ...scenario, siteFiles: Object.fromEntries(files) }
}

/** Without its folders, which differ from machine to machine. */
function baseName(file: string): string {
  return file.slice(1 + Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')))
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
  const scenarios = Object.fromEntries(
    variants.map(({ name, scenario }) => [name, { ...scenario, siteFiles: undefined }]),
  )
  const all = { base: { ...base, siteFiles: undefined }, variants: scenarios }
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(all))))
}
