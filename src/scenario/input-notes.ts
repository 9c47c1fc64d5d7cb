import type { LoadedScenario } from './load.js'
import { printable } from './source-text.js'

const MOST_NAMES = 8

/**
 * What to tell about the input of a scenario, a sentence each: the properties that the model does
 * not read, by the file that set them, then its notes. Everybody's `hbase-site.xml` has dozens of
 * such properties, so that only the first of a file are named.
 */
export function inputNotes({ ignored, notes }: LoadedScenario): string[] {
  const sentences = ignored.map(({ file, names }) => {
    if (file === null) return `Not modelled, without effect: ${names.join(', ')}`
    const first = names.slice(0, MOST_NAMES).join(', ')
    const rest = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
    return `Not modelled, without effect, in ${file}: ${first}${rest}`
  })
  return [...sentences, ...notes.map((note) => `Note: ${note}`)].map(printable)
}
