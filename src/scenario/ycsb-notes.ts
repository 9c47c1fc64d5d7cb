import type { JavaProperty } from './java-properties.js'
import { nearestName } from './nearest.js'
import { type Note, noteAt } from './note.js'
import { quote, type SourceText } from './source-text.js'
import { READ, WITHOUT_EFFECT } from './ycsb-names.js'

/** What of a YCSB workload has no effect in the model, and what YCSB itself would not know. */
export function ycsbNotes(
  source: SourceText,
  properties: ReadonlyMap<string, JavaProperty>,
): Note[] {
  const idle: string[] = []
  const notes: Note[] = []
  for (const { key, keySpan } of properties.values()) {
    if (READ.includes(key)) continue
    if (Object.hasOwn(WITHOUT_EFFECT, key)) {
      const why = WITHOUT_EFFECT[key]
      idle.push(why === '' ? key : `${key} (${why})`)
      continue
    }
    const nearest = nearestName(key, [...READ, ...Object.keys(WITHOUT_EFFECT)])
    const hint = nearest === null ? '' : `; did you mean "${nearest}"?`
    notes.push(noteAt(keySpan, `${quote(key)} is no property of a core workload of YCSB${hint}`))
  }
  if (idle.length === 0) return notes
  return [noteAt(null, `${source.name}: without effect: ${idle.join(', ')}`), ...notes]
}
