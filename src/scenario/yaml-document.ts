import { Composer, type Document, type ErrorCode } from 'yaml'
import { BadInput, type Problem, problemAt } from './bad-input.js'
import type { SourceText, Span } from './source-text.js'
import { findSplits, maskSplits, splitComplaint } from './split-distribution.js'
import { boundedTokens } from './yaml-bounds.js'

/** A YAML document that has parsed, not yet turned into data. */
export interface YamlDocument {
  readonly source: SourceText
  readonly document: Document
  /** Unquoted distributions cut at their commas: reported once, other problems there are rubble. */
  readonly splits: readonly Span[]
}

/**
 * Parses the YAML (or JSON) in `source` from `offset` on; positions count from the start of the
 * source. Duplicate keys, tags and further documents are errors.
 *
 * @throws BadInput with all syntax errors
 */
export function parseYaml(source: SourceText, offset = 0): YamlDocument {
  // Blanks in place of what comes before keep all positions right.
  const text = ' '.repeat(offset) + source.text.slice(offset)
  let { document, problems } = compose(source, text)
  const splits: Span[] = []
  // A bracket in one of them can hide the next from the parser.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = findSplits(document.contents, source)
    if (found.length === 0) break
    splits.push(...found)
    splits.sort((a, b) => a.from - b.from)
    ;({ document, problems } = compose(source, maskSplits(text, splits)))
  }
  if (problems.length > 0) {
    const cut = splits.map((span) => problemAt(span, splitComplaint(span)))
    throw new BadInput([...cut, ...problems].slice(0, MOST_PROBLEMS))
  }
  return { source, document, splits }
}

/** The library's own texts serve where they are clear to someone who knows YAML a little. */
const CLEARER: Partial<Record<ErrorCode, string>> = {
  DUPLICATE_KEY: 'this key is in the map already',
  TAB_AS_INDENT: 'a tab indents this line: YAML wants blanks',
  BLOCK_AS_IMPLICIT_KEY: 'a map begins inside a value: is a line break or a quote missing?',
  TAG_RESOLVE_FAILED: 'tags mean nothing here',
}

const BRACKET = 'a key with brackets needs quotes inside { }'

const MOST_PROBLEMS = 20
const MOST_ERRORS = 200
const MOST_ROUNDS = 5

function compose(source: SourceText, text: string): { document: Document; problems: Problem[] } {
  const tokens = boundedTokens({ name: source.name, text })
  const documents = [...new Composer({ uniqueKeys: true }).compose(tokens, true, text.length)]
  const problems: Problem[] = []
  const report = (from: number, to: number, message: string) => {
    const complaint = { code: 'yaml-syntax', message, expected: '' } as const
    if (problems.length < MOST_ERRORS) problems.push(problemAt({ source, from, to }, complaint))
  }
  const [document, second] = documents
  for (const { code, pos, message } of [...document.errors, ...document.warnings]) {
    const bracket = code === 'MISSING_CHAR' && /[\w\])]\[/.test(text.slice(pos[0] - 1, pos[0] + 1))
    report(
      pos[0],
      pos[1],
      bracket ? BRACKET : (CLEARER[code] ?? message.replace(/["']quote/, 'quote')),
    )
  }
  if (second !== undefined) report(second.range[0], second.range[1], 'a second document begins')
  return { document: document as Document, problems: firstPerLine(problems) }
}

/** What follows an error on the same line is mostly its echo. */
function firstPerLine(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ line }, i) => problems.findIndex((p) => p.line === line) === i)
}
