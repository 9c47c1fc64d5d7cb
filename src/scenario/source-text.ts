/** A text that a user gave us and the name under which they know it: a file or an option. */
export interface SourceText {
  readonly name: string
  readonly text: string
}

/** A half-open range of UTF-16 offsets of a source text. */
export interface Span {
  readonly source: SourceText
  readonly from: number
  readonly to: number
}

/** One line of a source text, cut to the part that a span covers; columns count from 1. */
export interface Excerpt {
  readonly text: string
  /** Offset in `text` of the first marked character. */
  readonly from: number
  /** How many characters are marked, at least one. */
  readonly width: number
}

const WIDEST_EXCERPT = 90
const CONTEXT = 30

/** Line and column (from 1) of the start of `span`, with an excerpt of that line. */
export function locate(span: Span): { line: number; column: number; excerpt: Excerpt } {
  const { text } = span.source
  const from = Math.min(span.from, text.length)
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < from; at = text.indexOf('\n', start)) {
    line++
    start = at + 1
  }
  const newline = text.indexOf('\n', start)
  const end = newline === -1 ? text.length : newline
  const column = from - start + 1
  return { line, column, excerpt: excerptOf(text.slice(start, end), column - 1, span.to - from) }
}

/** A megabyte of JSON on one line must not become a megabyte of error message. */
function excerptOf(line: string, from: number, width: number): Excerpt {
  const cut = line.length > WIDEST_EXCERPT ? Math.max(0, from - CONTEXT) : 0
  const text = printable(line.slice(cut, cut + WIDEST_EXCERPT).trimEnd())
  const room = Math.max(1, text.length - (from - cut))
  return { text, from: from - cut, width: Math.min(Math.max(1, width), room) }
}

/** `text` with each control character replaced, so that input cannot drive the terminal. */
export function printable(text: string): string {
  let result = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const control = code < 32 || (code >= 127 && code < 160) || (code >= 0x202a && code <= 0x202e)
    result += code === 9 ? ' ' : control ? '\u{fffd}' : character
  }
  return result
}

const LONGEST_QUOTE = 60

/** `text` in double quotes, printable and cut to a length that fits a message. */
export function quote(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
  return `"${printable(cut)}"`
}
