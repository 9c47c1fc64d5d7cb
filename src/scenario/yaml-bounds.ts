import { type CST, Lexer, Parser } from 'yaml'
import { BadInput, type Complaint, problemAt } from './bad-input.js'
import type { SourceText } from './source-text.js'

export const MOST_CHARACTERS = 1_048_576
export const MOST_LEXEMES = 50_000
export const DEEPEST = 64
export const MOST_KEYS = 2000

/**
 * The concrete syntax tree of a YAML text, refused before it can do harm. The library composes
 * nested nodes by recursion, so ten thousand brackets would end the process uncatchably, and it
 * compares each key of a map with all others, so forty thousand keys would take seconds.
 *
 * @throws BadInput for more than 1 MiB, 50,000 words and signs, 64 levels or 2,000 keys in a map
 */
export function boundedTokens(source: SourceText): CST.Token[] {
  if (source.text.length > MOST_CHARACTERS) {
    refuse(source, 0, tooLarge(`${source.text.length} characters`, 'at most 1 MiB'))
  }
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let lexemes = 0
  for (const lexeme of new Lexer().lex(source.text)) {
    if (++lexemes > MOST_LEXEMES) {
      refuse(source, parser.offset, tooLarge('too many words and signs', `at most ${MOST_LEXEMES}`))
    }
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The parser's stack is the document and the collections that are open here.
    if (parser.stack.length > DEEPEST + 1) {
      const expected = `at most ${DEEPEST} levels`
      refuse(source, parser.offset, { code: 'too-deep', message: 'nested too deeply', expected })
    }
  }
  for (const token of parser.end()) tokens.push(token)
  for (const token of tokens) if (token.type === 'document') boundKeys(source, token.value)
  return tokens
}

function boundKeys(source: SourceText, token: CST.Token | null | undefined): void {
  if (token === null || token === undefined || !('items' in token)) return
  if (token.type !== 'block-seq' && token.items.length > MOST_KEYS && isMap(token)) {
    const message = `a map of ${token.items.length} keys`
    refuse(source, token.offset, tooLarge(message, `at most ${MOST_KEYS}`))
  }
  for (const item of token.items) {
    if ('key' in item) boundKeys(source, item.key)
    boundKeys(source, item.value)
  }
}

function isMap(token: CST.BlockMap | CST.FlowCollection): boolean {
  return token.type === 'block-map' || token.start.source === '{'
}

function tooLarge(message: string, expected: string): Complaint {
  return { code: 'too-large', message, expected }
}

function refuse(source: SourceText, offset: number, complaint: Complaint): never {
  throw new BadInput([problemAt({ source, from: offset, to: offset + 1 }, complaint)])
}
