import type { Complaint } from './bad-input.js'
import { bad, type Reading } from './reading.js'
import { quote, type SourceText } from './source-text.js'

/** Reads a file that a scenario names, by its path from the scenario's folder. */
export type ReadInput = (path: string) => Reading<SourceText>

const LONGEST_PATH = 300
const MOST_FILES = 100
const BELOW = 'a file name below the folder of the scenario, e.g. inputs/hbase-site.xml'

/**
 * The files that one scenario names, each read once. A scenario may come from anyone: nothing but
 * what lies below its own folder can be named (whoever reads files sees to symbolic links).
 */
export class InputFiles {
  readonly #read: ReadInput
  readonly #known = new Map<string, Reading<SourceText>>()

  /** Without `read` there are no files, as in a browser. */
  constructor(read: ReadInput = () => bad('bad-file', 'no files can be read here')) {
    this.#read = read
  }

  get(path: string): Reading<SourceText> {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const complaint = complaintAbout(path) ?? this.#tooMany()
    const reading = complaint === null ? this.#read(path) : { complaint }
    if (this.#known.size < MOST_FILES) this.#known.set(path, reading)
    return reading
  }

  #tooMany(): Complaint | null {
    if (this.#known.size < MOST_FILES) return null
    return bad('too-large', 'this names too many files', `at most ${MOST_FILES}`).complaint
  }
}

function complaintAbout(path: string): Complaint | null {
  const refuse = (why: string) => bad('bad-file', `${quote(path)} ${why}`, BELOW).complaint
  if (path === '' || path.length > LONGEST_PATH) return refuse('cannot be a file name')
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path))
    return refuse('is not below the scenario: it is a URL')
  if (/^[/\\~]/.test(path)) return refuse('is not below the scenario: it is absolute')
  const steps = path.split('/')
  if (steps.includes('..')) return refuse('is not below the scenario: it goes up')
  const odd = steps.some((step) => step === '' || step === '.') || path.includes('\\')
  return odd || [...path].some(isControl) ? refuse('is not a plain file name') : null
}

function isControl(character: string): boolean {
  return character < ' ' || character === '\u{7f}'
}
