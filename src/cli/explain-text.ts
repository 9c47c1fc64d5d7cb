import type { kinds, Word } from '../experiment/words/word.js'
import type { Shell } from './shell.js'
import { wrap } from './wrap.js'

const INDENT = '  '

/** A meaning of a word: its name, what it says, and what belongs to it, label by label. */
export function meaningText(word: Word, { width, colours }: Pick<Shell, 'width' | 'colours'>) {
  const rows = labelled(word)
  const widest = Math.max(0, ...rows.map(([label]) => label.length))
  const body = rows.map(([label, text]) => hanging(label.padEnd(widest), text, width))
  return [
    `${colours.bold(word.word)} ${colours.dim(`(${word.kind})`)}`,
    INDENT + wrap(word.text, width - INDENT.length, INDENT),
    ...body,
  ].join('\n')
}

/** Names with what each says beside it, in a column as wide as the names need. */
export function listText(rows: readonly [string, string][], width: number): string {
  const widest = Math.min(LONGEST_NAME, Math.max(0, ...rows.map(([name]) => name.length)))
  return rows
    .map(([name, text]) => {
      if (name.length <= widest) return hanging(name.padEnd(widest), text, width)
      const indent = ' '.repeat(INDENT.length + widest + 2)
      return `${INDENT}${name}\n${indent}${wrap(text, width - indent.length, indent)}`
    })
    .join('\n')
}

const LONGEST_NAME = 28

/** What the model leaves out about words, with the effect. */
export function simplifiedText(all: readonly Word[], width: number): string {
  return all
    .map(
      ({ word, text }) =>
        INDENT + wrap(`- ${plain(word)}. Effect: ${plain(text)}.`, width - INDENT.length, '    '),
    )
    .join('\n')
}

/** Names of registries in code type are plain on a terminal. */
export function plain(markdown: string): string {
  return markdown.replaceAll('`', '')
}

function labelled(word: Word): [string, string][] {
  const { default: initial, unit, range, source, grade, where = [], see = [], choices = {} } = word
  const rows: [string, string | undefined][] = [
    ['In', where.slice(0, MOST_PLACES).join(', ') + more(where.length - MOST_PLACES)],
    ['Default', initial],
    [TYPED.has(word.kind) ? 'Type' : 'Unit', unit?.replace(/\bus( or |$)/, 'microseconds$1')],
    ['Range', range],
    ['Values', choicesText(choices)],
    ...Object.entries(word.more ?? {}),
    ['Source', source],
    ['Grade', grade],
    ['See', see.join(', ')],
  ]
  return rows.flatMap(([label, text]): [string, string][] => (text ? [[label, plain(text)]] : []))
}

const MOST_PLACES = 6
const TYPED = new Set<string>(['key', 'property', 'parameter'] satisfies (keyof typeof kinds)[])

function more(count: number): string {
  return count > 0 ? `, … (${count} more)` : ''
}

function choicesText(choices: Readonly<Record<string, string>>): string {
  const all = Object.entries(choices)
  if (all.every(([, doc]) => doc === '')) return all.map(([name]) => name).join(', ')
  return all
    .map(([name, doc]) => (doc === '' ? name : `${name} (${doc.replace(/\.$/, '')})`))
    .join(', ')
}

function hanging(label: string, text: string, width: number): string {
  const indent = ' '.repeat(INDENT.length + label.length + 2)
  return INDENT + wrap(`${label}  ${text}`, width - INDENT.length, indent)
}
