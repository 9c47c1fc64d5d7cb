import { ofHBase } from './simplifications/hbase.js'
import { ofRegionReplicas } from './simplifications/region-replicas.js'
import { ofDesigns, ofHdfs, ofNumbers, ofS3 } from './simplifications/storage.js'

/** Where the model is simpler than what it models; in Markdown, names in code type. */
export interface Simplification {
  /** What hbsim does, or HBase does and hbsim does not. */
  readonly text: string
  /** What that does to the figures. */
  readonly effect: string
  /** The words that it belongs to. */
  readonly about: readonly string[]
}

/** All simplifications by subject, in the order in which the README has them. */
export const simplifications = {
  HBase: ofHBase,
  'region replicas': ofRegionReplicas,
  designs: ofDesigns,
  HDFS: ofHdfs,
  S3: ofS3,
  numbers: ofNumbers,
} as const satisfies Record<string, readonly Simplification[]>

export type Subject = keyof typeof simplifications

/** The table of a subject as lines of Markdown: head, rule, a row for each simplification. */
export function simplificationTable(subject: Subject): string[] {
  const rows = simplifications[subject].map(({ text, effect }) => `| ${text} | ${effect} |`)
  return [`| ${subject} | effect |`, '|---|---|', ...rows]
}
