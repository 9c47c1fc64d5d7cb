import { expect, test } from 'vitest'
import { type PageWord, WordLinks } from '../../src/report/html-words.js'

const words: PageWord[] = [
  { word: 'RPO', kind: 'term', text: 'Recovery point objective.' },
  { word: 'rpo', kind: 'term', text: 'Another in small letters.' },
  { word: 'RPO', kind: 'fault', text: 'Another meaning.' },
  { word: 'cluster-loss', kind: 'disaster class', text: 'All is "gone".' },
  { word: 'loss', kind: 'term', text: 'Not that one.' },
  { word: 'seed', kind: 'key', text: 'A key of the scenario.' },
]
const RPO = '<a class="word" href="#word-rpo" title="Recovery point objective.">RPO</a>'
const LOSS =
  '<a class="word" href="#word-cluster-loss" title="All is &quot;gone&quot;.">cluster-loss</a>'

test('a name is a link if all of it is a word', () => {
  expect(new WordLinks(words).name('RPO')).toBe(RPO)
  expect(new WordLinks(words).name('the RPO <b>')).toBe('the RPO &lt;b&gt;')
})

test('in a title every word is a link, the longest that fits', () => {
  expect(new WordLinks(words).title('a&b: cluster-loss RPO p99')).toBe(
    `a&amp;b: ${LOSS} ${RPO} p99`,
  )
  expect(new WordLinks(words).title('RPOs')).toBe('RPOs')
})

test('a word is a link once, until links start again', () => {
  const links = new WordLinks(words)
  expect([links.name('RPO'), links.name('RPO')]).toEqual([RPO, 'RPO'])
  links.restart()
  expect(links.name('RPO')).toBe(RPO)
})

test('keys and figures are left to the glossary of the command line', () => {
  expect(new WordLinks(words).title('seed')).toBe('seed')
})

test('words that differ in case alone have places of their own', () => {
  const links = new WordLinks(words)
  links.title('RPO rpo')
  expect(links.used().map(({ word }) => word)).toEqual(['RPO', 'rpo'])
  expect(new Set(links.used().map(({ id }) => id)).size).toBe(2)
})
