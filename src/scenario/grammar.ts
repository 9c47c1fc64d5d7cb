import { contradictions } from './contradictions.js'
import type { Finding } from './finding.js'
import { findingsOf } from './issues.js'
import { type JsonSchema, jsonSchemaOf } from './json-schema.js'
import type { Note } from './note.js'
import type { Path } from './path.js'
import { danglingReferences } from './references.js'
import { type ScenarioDocument, scenarioSchema } from './schema.js'
import { badProperties } from './site-properties.js'
import { withExpandedSite } from './site-variables.js'
import type { Span } from './source-text.js'
import type { Vocabulary } from './vocabulary.js'
import type { YcsbPhases } from './ycsb-phases.js'

/** The meaning of scenario data, or what is wrong with it. */
export interface Validated {
  /** Null if anything is wrong. */
  readonly document: ScenarioDocument | null
  readonly findings: Finding[]
  readonly notes: readonly Note[]
  /** Names of properties that others have in them as `${name}`. */
  readonly used: ReadonlySet<string>
}

/**
 * The rules for scenario data that a vocabulary makes. To make them takes longer than to read a
 * scenario: whoever reads many makes them once.
 */
export class Grammar {
  readonly json: JsonSchema
  readonly #schema: ReturnType<typeof scenarioSchema>
  readonly #vocabulary: Vocabulary

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
    this.#schema = scenarioSchema(vocabulary)
    this.json = jsonSchemaOf(this.#schema)
  }

  /** What `written` means with the workload files that it names, and all that is wrong with it. */
  validate(written: unknown, files: YcsbPhases): Validated {
    const { fixes = {}, properties } = this.#vocabulary
    const phases = files.in(written)
    const site = withExpandedSite(phases.data, properties)
    const { data } = site
    const result = this.#schema.safeParse(data)
    const rest = result.success
      ? contradictions(result.data)
      : findingsOf(result.error.issues, data, this.json)
    const names = danglingReferences(data, Object.keys(fixes))
    const found = [...names, ...badProperties(data, properties), ...site.findings, ...rest]
    const findings = [...phases.findings, ...found.map((one) => withSpan(one, phases.spanAt))]
    const document = findings.length === 0 ? (result.data ?? null) : null
    return { document, findings, notes: phases.notes, used: site.used }
  }

  /** Names of the properties that the model reads. */
  get modelled(): readonly string[] {
    return Object.keys(this.#vocabulary.properties)
  }

  isModelled(name: string): boolean {
    return Object.hasOwn(this.#vocabulary.properties, name)
  }

  /** Those of `names` that no part of the model reads, sorted. */
  unmodelled(names: Iterable<string>): string[] {
    return [...new Set(names)].filter((name) => !this.isModelled(name)).sort()
  }
}

function withSpan(finding: Finding, spanAt: (path: Path) => Span | null): Finding {
  const span = spanAt(finding.path)
  return span === null ? finding : { ...finding, span }
}
