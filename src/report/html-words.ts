import type { Kind, Word } from '../experiment/words/word.js'
import { escapeHtml } from './escape-html.js'

/** An entry of the page's list of words: of the glossary's words those parts that it shows. */
export type PageWord = Pick<Word, 'word' | 'kind' | 'text' | 'more' | 'unit'>

/** Sorts of words that the page explains; what else a name may be, `hbsim explain` tells. */
const EXPLAINED: readonly Kind[] = [
  ...(['term', 'endpoint', 'disaster class', 'fault', 'operation', 'profile'] as const),
]

/**
 * Turns names that the glossary knows into links to its list of words, and remembers which: the
 * list at the end of a page has these alone.
 */
export class WordLinks {
  readonly #known: ReadonlyMap<string, PageWord>
  readonly #anywhere: RegExp
  readonly #used = new Map<PageWord, string>()
  readonly #linked = new Set<string>()

  constructor(words: readonly PageWord[]) {
    const known = words.filter(({ kind }) => EXPLAINED.includes(kind))
    // Of two with one name the first is meant.
    this.#known = new Map(known.toReversed().map((each) => [each.word, each]))
    const names = [...this.#known.keys()].sort((a, b) => b.length - a.length)
    const patterns = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    this.#anywhere = new RegExp(`(?<![\\w-])(${patterns.join('|') || '(?!)'})(?![\\w-])`)
  }

  /** From here on each word is a link again once: one in a table is enough. */
  restart(): void {
    this.#linked.clear()
  }

  /** `text` as HTML, a link if it is a word. */
  name(text: string): string {
    const word = this.#known.get(text)
    return word === undefined ? escapeHtml(text) : this.#link(word, text)
  }

  /** `text` as HTML, with a link for every word in it. */
  title(text: string): string {
    const pieces = text.split(this.#anywhere)
    return pieces.map((piece, at) => (at % 2 === 1 ? this.name(piece) : escapeHtml(piece))).join('')
  }

  /** The words that links lead to, by name, each with the id of its place. */
  used(): (PageWord & { id: string })[] {
    return [...this.#used]
      .map(([word, id]) => ({ ...word, id }))
      .sort((a, b) => (a.word < b.word ? -1 : 1))
  }

  #link(word: PageWord, text: string): string {
    if (this.#linked.has(word.word)) return escapeHtml(text)
    this.#linked.add(word.word)
    const id = this.#used.get(word) ?? this.#newId(word.word)
    this.#used.set(word, id)
    return `<a class="word" href="#${id}" title="${escapeHtml(word.text)}">${escapeHtml(text)}</a>`
  }

  #newId(word: string): string {
    const slug = `word-${word.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
    const taken = [...this.#used.values()]
    return taken.includes(slug) ? `${slug}-${taken.length}` : slug
  }
}
