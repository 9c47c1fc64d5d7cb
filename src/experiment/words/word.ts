import type { Grade } from '../../storage/parameter.js'

/** What sorts of words there are, in the order in which meanings of one word are told. */
export const kinds = {
  term: { plural: 'terms', doc: 'words of the reports and of the contracts' },
  endpoint: { plural: 'endpoints', doc: 'designs of a WAL backup' },
  'disaster class': { plural: 'disaster classes', doc: 'what a disaster takes and leaves' },
  fault: { plural: 'faults', doc: 'what a scenario lets go wrong' },
  operation: { plural: 'operations', doc: 'what an operator does in a scenario' },
  profile: { plural: 'profiles', doc: 'named sets of parameters of HDFS and of stores' },
  key: { plural: 'keys', doc: 'keys of a scenario file' },
  parameter: { plural: 'parameters', doc: 'figures of the model, with their pedigree' },
  property: {
    plural: 'properties',
    doc: 'properties of HBase, Hadoop and S3A that the model reads',
  },
  figure: { plural: 'figures', doc: 'members of summary.json' },
  metric: { plural: 'metrics', doc: "HBase's own metrics, as hbaseMetrics has them" },
  series: { plural: 'series', doc: 'metrics over time in series.csv and charts' },
  event: { plural: 'events', doc: 'what a trace tells, in trace.json and events.ndjson' },
  invariant: { plural: 'invariants', doc: 'what is checked in every run' },
  law: { plural: 'laws', doc: 'conservation laws of every run' },
  fix: { plural: 'fixes', doc: 'bugs of HBase that unfixed brings back' },
  'exit code': { plural: 'exit codes', doc: 'what the exit code of a command says' },
  simplification: { plural: 'simplifications', doc: 'where the model is simpler than HBase' },
} as const satisfies Record<string, { plural: string; doc: string }>

export type Kind = keyof typeof kinds

/** A word of the glossary and one meaning of it. */
export interface Word {
  /** A name, or a path with `<…>` for names and `[]` for numbers. */
  readonly word: string
  readonly kind: Kind
  /** One or two sentences. */
  readonly text: string
  readonly default?: string
  /** Unit or type. */
  readonly unit?: string
  readonly range?: string
  readonly source?: string
  readonly grade?: Grade
  /** Paths in the scenario file or in summary.json, beyond `word` itself. */
  readonly where?: readonly string[]
  /** The alternatives that a value chooses from, with what each means, if it is known. */
  readonly choices?: Readonly<Record<string, string>>
  /** More to say, by heading. */
  readonly more?: Readonly<Record<string, string>>
  /** Related words. */
  readonly see?: readonly string[]
}

/** `workload[].valueSize` is also found as `valueSize`. */
export function lastName(path: string): string {
  return path.replace(/(?:\[\]|\.<[^>]+>)+$/, '').replace(/^.*\./, '')
}
