import type { Argv } from 'yargs'
import { glossary } from '../../experiment/glossary.js'
import { kindNamed, lookUp, nearWords, simplificationsOf } from '../../experiment/look-up.js'
import { simplifications } from '../../experiment/simplifications.js'
import { type Kind, kinds, type Word } from '../../experiment/words/word.js'
import { quote } from '../../scenario/source-text.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { EXPLAIN_HINT } from '../explain-hint.js'
import { listText, meaningText, simplifiedText } from '../explain-text.js'
import type { Shell } from '../shell.js'
import { UsageError } from '../usage-error.js'

/** `hbsim explain`: what a word of scenarios, reports or results means. */
export function explain(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'explain [words..]',
    COMMAND_TABLE.explain.describe,
    (options) =>
      options
        .positional('words', {
          type: 'string',
          array: true,
          default: [] as string[],
          defaultDescription: 'none: the kinds of words',
          describe: 'words, paths such as peers.backup.rpo, or kinds such as faults',
        })
        .example('$0 explain RPO rollSize', 'say what words mean')
        .example('$0 explain faults', 'list the words of a kind')
        .example('$0 explain', 'list the kinds')
        .epilogue(EXPLAIN_HINT),
    ({ words }) => act((shell) => explainAll(words, shell)),
  )
}

/** @throws UsageError for words that nobody knows, after all others are explained */
function explainAll(asked: readonly string[], shell: Shell): number {
  const words = glossary(defaultVocabulary)
  if (asked.length === 0) {
    shell.out(`${kindsText(words, shell)}\n`)
    return 0
  }
  const explained = asked.map((query) => ({ query, text: explanation(words, query, shell) }))
  const texts = explained.flatMap(({ text }) => text ?? [])
  if (texts.length > 0) shell.out(`${texts.join('\n\n')}\n`)
  const unknown = explained.flatMap(({ query, text }) => (text === null ? [query] : []))
  if (unknown.length === 0) return 0
  throw new UsageError(unknown.map((query) => complaint(words, query)).join('\nhbsim: '))
}

/** Every meaning of a word, the words of a kind, and what is simplified; null if it is unknown. */
function explanation(words: readonly Word[], query: string, shell: Shell): string | null {
  const found = lookUp(words, query)
  const kind = kindNamed(query)
  if (found.length === 0 && kind === null) return null
  const simplified = simplificationsOf(words, found)
  return [
    ...found.map((word) => meaningText(word, shell)),
    ...(kind === null ? [] : [kindText(words, kind, shell)]),
    ...(simplified.length === 0
      ? []
      : [`${shell.colours.bold('Simplified')}\n${simplifiedText(simplified, shell.width)}`]),
  ].join('\n\n')
}

function kindText(words: readonly Word[], kind: Kind, { width, colours }: Shell): string {
  const members = words.filter((word) => word.kind === kind)
  const { plural, doc } = kinds[kind]
  const head = `${colours.bold(capital(plural))}: ${doc}`
  if (kind === 'simplification') {
    const subjects = Object.keys(simplifications).map((subject) => {
      const all = members.filter(({ more }) => more?.Subject === subject)
      return `${colours.bold(subject)}\n${simplifiedText(all, width)}`
    })
    return [head, ...subjects].join('\n\n')
  }
  return `${head}\n${listText(
    members.map(({ word, text }) => [word, text]),
    width,
  )}`
}

function kindsText(words: readonly Word[], { width, colours }: Shell): string {
  const rows = Object.entries(kinds).map(([kind, { plural, doc }]): [string, string] => {
    const count = words.filter((word) => word.kind === kind).length
    return [plural, `${`${count}`.padStart(4)}  ${doc}`]
  })
  const use = 'hbsim explain WORD explains a word; hbsim explain faults lists those of a kind.'
  return `${colours.bold('Kinds of words')}\n${listText(rows, width)}\n\n${use}`
}

function complaint(words: readonly Word[], query: string): string {
  const near = nearWords(words, query).map((name) => quote(name))
  const hint =
    near.length === 0 ? '; `hbsim explain` says what there is' : `; did you mean ${either(near)}?`
  return `there is no word ${quote(query)}${hint}`
}

function either(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}
