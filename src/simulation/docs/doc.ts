/** What a member of a result says. */
export interface Doc {
  readonly text: string
  /** Where the member's name does not end in `Us` or `Bytes`. */
  readonly unit?: string
  /** What stands for a name or a number in front of the members of each: `.<peer>`, `[]`. */
  readonly each?: string
  /** Its members, or those of each. */
  readonly of?: Docs
  /** Words that explain it. */
  readonly see?: readonly string[]
}

/** By the names of members. */
export type Docs = Readonly<Record<string, Doc>>
