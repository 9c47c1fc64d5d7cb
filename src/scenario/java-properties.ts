import { BadInput, problemAt } from './bad-input.js'
import { complain } from './reading.js'
import type { SourceText, Span } from './source-text.js'

/** A line of a properties file, its escapes replaced. */
export interface JavaProperty {
  readonly key: string
  readonly value: string
  readonly keySpan: Span
  readonly valueSpan: Span
}

const MOST_CHARACTERS = 262_144
const MOST_PROPERTIES = 300

/**
 * The properties of `source` by key, as java.util.Properties.load reads them: comments after `#` or
 * `!`, `=`, `:` or blanks between key and value, backslashes before what they rob of its meaning and
 * at the end of lines that go on, `\uXXXX`. The last of equal keys wins.
 *
 * @throws BadInput for a broken `\u`, more than 256 KiB or more than 300 properties
 */
export function readJavaProperties(source: SourceText): Map<string, JavaProperty> {
  if (source.text.length > MOST_CHARACTERS) refuse(source, 0, 1, 'the file is too large', '256 KiB')
  const properties = new Map<string, JavaProperty>()
  for (const line of logicalLines(source.text)) {
    const property = readLine(line, source)
    properties.set(property.key, property)
    if (properties.size > MOST_PROPERTIES) {
      refuse(source, line[0], 1, 'too many properties', `at most ${MOST_PROPERTIES}`)
    }
  }
  return properties
}

/** The offsets of the characters of each logical line, without what joins its parts. */
function* logicalLines(text: string): Generator<number[]> {
  let line: number[] = []
  for (const { from, to } of naturalLines(text)) {
    let start = from
    while (start < to && ' \t\f'.includes(text[start])) start++
    if (line.length === 0 && (start === to || '#!'.includes(text[start]))) continue
    let backslashes = 0
    while (to - 1 - backslashes >= start && text[to - 1 - backslashes] === '\\') backslashes++
    const goesOn = backslashes % 2 === 1
    for (let at = start; at < (goesOn ? to - 1 : to); at++) line.push(at)
    if (goesOn) continue
    if (line.length > 0) yield line
    line = []
  }
  if (line.length > 0) yield line
}

function* naturalLines(text: string): Generator<{ from: number; to: number }> {
  let from = 0
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
    yield { from, to: index }
    from = index + end.length
  }
  yield { from, to: text.length }
}

function readLine(line: readonly number[], source: SourceText): JavaProperty {
  const { text } = source
  const isOneOf = (i: number, signs: string) => i < line.length && signs.includes(text[line[i]])
  let keyEnd = 0
  while (keyEnd < line.length && !isOneOf(keyEnd, '=: \t\f')) {
    keyEnd += text[line[keyEnd]] === '\\' ? 2 : 1
  }
  keyEnd = Math.min(keyEnd, line.length)
  let start = keyEnd
  while (isOneOf(start, ' \t\f')) start++
  if (isOneOf(start, '=:')) start++
  while (isOneOf(start, ' \t\f')) start++
  return {
    key: unescaped(line.slice(0, keyEnd), source),
    value: unescaped(line.slice(start), source),
    keySpan: spanOf(line.slice(0, Math.max(1, keyEnd)), source),
    valueSpan: spanOf(start < line.length ? line.slice(start) : line, source),
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescaped(characters: readonly number[], source: SourceText): string {
  const { text } = source
  let result = ''
  for (let i = 0; i < characters.length; i++) {
    const character = text[characters[i]]
    if (character !== '\\') {
      result += character
      continue
    }
    i++
    if (i === characters.length) break
    const escaped = text[characters[i]]
    if (escaped === 'u') {
      const digits = characters.slice(i + 1, i + 5).map((at) => text[at])
      if (!/^[0-9a-f]{4}$/i.test(digits.join(''))) {
        refuse(source, characters[i - 1], 2, 'this is no character', '\\u and four digits')
      }
      result += String.fromCharCode(Number.parseInt(digits.join(''), 16))
      i += 4
    } else {
      result += ESCAPES[escaped] ?? escaped
    }
  }
  return result
}

function spanOf(characters: readonly number[], source: SourceText): Span {
  return { source, from: characters[0], to: characters[characters.length - 1] + 1 }
}

function refuse(
  source: SourceText,
  from: number,
  width: number,
  message: string,
  expected: string,
): never {
  const span = { source, from, to: from + width }
  throw new BadInput([problemAt(span, complain('bad-workload', message, expected))])
}
