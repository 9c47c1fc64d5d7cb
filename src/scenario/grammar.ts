import { contradictions } from './contradictions.js'
import type { Finding } from './finding.js'
import { findingsOf } from './issues.js'
import { type JsonSchema, jsonSchemaOf } from './json-schema.js'
import { danglingReferences } from './references.js'
import { type ScenarioDocument, scenarioSchema } from './schema.js'
import { badProperties } from './site-properties.js'
import type { Vocabulary } from './vocabulary.js'

/** The rules for scenario data that a vocabulary makes. */
export class Grammar {
  readonly json: JsonSchema
  readonly #schema: ReturnType<typeof scenarioSchema>
  readonly #vocabulary: Vocabulary

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
    this.#schema = scenarioSchema(vocabulary)
    this.json = jsonSchemaOf(this.#schema)
  }

  /** What `data` means, null if anything is wrong with it; and all that is wrong. */
  validate(data: unknown): { document: ScenarioDocument | null; findings: Finding[] } {
    const result = this.#schema.safeParse(data)
    const names = danglingReferences(data, Object.keys(this.#vocabulary.fixes ?? {}))
    const properties = badProperties(data, this.#vocabulary.properties)
    const rest = result.success
      ? contradictions(result.data)
      : findingsOf(result.error.issues, data, this.json)
    const findings = [...names, ...properties, ...rest]
    return { document: findings.length === 0 ? (result.data ?? null) : null, findings }
  }

  /** Those of `names` that no part of the model reads, sorted. */
  unmodelled(names: Iterable<string>): string[] {
    const { properties } = this.#vocabulary
    return [...new Set(names)].filter((name) => !Object.hasOwn(properties, name)).sort()
  }
}
