import { editDistance } from './nearest.js'
import { type Note, noteAt } from './note.js'
import { quote } from './source-text.js'

/** Properties of one source that the model does not read. */
export interface IgnoredProperties {
  /** A site file; null for those of the scenario, its variants and `--set`. */
  readonly file: string | null
  /** Sorted. */
  readonly names: readonly string[]
}

const FARTHEST = 2
/** A slip of the hand leaves more than this of a name. */
const SHORTEST = 12

/** `names`, each once, by the file that set them, the scenario's own first. */
export function ignoredBySource(
  names: readonly string[],
  siteFiles: ReadonlyMap<string, string>,
): IgnoredProperties[] {
  const files = [null, ...new Set(siteFiles.values())]
  return files
    .map((file) => ({
      file,
      names: names.filter((name) => (siteFiles.get(name) ?? null) === file),
    }))
    .filter((source) => source.names.length > 0)
}

/** Which of the `ignored` names look like slips of the hand for a `modelled` one. */
export function probableSlips(ignored: readonly string[], modelled: readonly string[]): Note[] {
  return ignored.flatMap((name) => {
    const meant = modelled.find((other) => isSlip(name, other))
    if (meant === undefined) return []
    return [noteAt(null, `${quote(name)} is not modelled; did you mean ${quote(meant)}?`)]
  })
}

function isSlip(name: string, meant: string): boolean {
  if (meant.length < SHORTEST || Math.abs(name.length - meant.length) > FARTHEST) return false
  return editDistance(name, meant) <= FARTHEST
}
