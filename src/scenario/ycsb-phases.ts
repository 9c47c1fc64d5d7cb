import { type Finding, finding } from './finding.js'
import type { InputFiles } from './input-files.js'
import { type JavaProperty, readJavaProperties } from './java-properties.js'
import type { Note } from './note.js'
import { indicesAt, keysAt, type Path, valueAt } from './path.js'
import type { SourceText, Span } from './source-text.js'
import { ycsbNotes } from './ycsb-notes.js'
import { ycsbPhase } from './ycsb-workload.js'

/** A scenario whose phases say themselves what the YCSB files they named said. */
export interface WithPhases {
  readonly data: unknown
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
  /** Where a value of the data stands if it is in a YCSB file. */
  readonly spanAt: (path: Path) => Span | null
}

interface ParsedFile {
  readonly properties: ReadonlyMap<string, JavaProperty>
  readonly notes: readonly Note[]
}

/** Replaces `ycsb: FILE` of phases; `ycsb: A` to `F`, and what could be meant for one, stays. */
export class YcsbPhases {
  readonly #files: InputFiles
  readonly #parsed = new Map<SourceText, ParsedFile>()

  constructor(files: InputFiles) {
    this.#files = files
  }

  in(data: unknown): WithPhases {
    const findings: Finding[] = []
    const notes = new Set<Note>()
    const spans = new Map<number, ReadonlyMap<string, Span>>()
    const workload = indicesAt(data, ['workload']).map((i) => {
      const phase = valueAt(data, ['workload', i])
      const file = valueAt(phase, ['ycsb'])
      if (typeof file !== 'string' || file.length <= 1) return phase
      const { ycsb: _ycsb, ...own } = Object(phase)
      const source = this.#files.get(file)
      if ('complaint' in source) {
        findings.push(finding(['workload', i, 'ycsb'], source.complaint))
        return { ...harmlessPhase(data), ...own }
      }
      const parsed = this.#parse(source.value)
      const read = ycsbPhase(parsed.properties, new Set(Object.keys(own)))
      const path = ['workload', i, 'ycsb']
      findings.push(
        ...read.problems.map((problem) => ({
          ...finding(path, problem.complaint),
          span: problem.span,
        })),
      )
      for (const note of parsed.notes) notes.add(note)
      spans.set(i, read.spans)
      return { ...read.phase, ...own }
    })
    if (workload.length === 0) return { data, findings, notes: [], spanAt: () => null }
    const spanAt = ([top, i, key]: Path) =>
      (top === 'workload' ? spans.get(Number(i))?.get(`${key}`) : undefined) ?? null
    return { data: { ...Object(data), workload }, findings, notes: [...notes], spanAt }
  }

  #parse(source: SourceText): ParsedFile {
    const known = this.#parsed.get(source)
    if (known !== undefined) return known
    const properties = readJavaProperties(source)
    const parsed = { properties, notes: ycsbNotes(source, properties) }
    this.#parsed.set(source, parsed)
    return parsed
  }
}

/** What stands in for a file that cannot be read, so that nothing else is said to be missing. */
function harmlessPhase(data: unknown): object {
  return { table: keysAt(data, ['tables'])[0], clients: 1, valueSize: '1 B' }
}
