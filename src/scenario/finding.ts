import type { Complaint } from './bad-input.js'
import type { Path } from './path.js'
import { complain } from './reading.js'
import type { Span } from './source-text.js'

/** Something wrong at a path of the data; where that is in a text is found out later. */
export interface Finding {
  readonly path: Path
  readonly part: 'key' | 'value'
  readonly complaint: Complaint
  /** Other values that this one contradicts: an override of one of them is to blame. */
  readonly involved?: readonly Path[]
  /** Where it is, if that is in another text than the scenario's. */
  readonly span?: Span
}

export function finding(path: Path, complaint: Complaint, involved: readonly Path[] = []): Finding {
  return { path, part: 'value', complaint, involved }
}

/** A value that is valid, but not together with those `involved`. */
export function contradiction(
  path: Path,
  message: string,
  expected: string,
  involved: readonly Path[] = [],
): Finding {
  return finding(path, complain('contradiction', message, expected), involved)
}
