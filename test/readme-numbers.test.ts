import { beforeAll, expect, test } from 'vitest'
import { checkExpectations } from '../src/experiment/expectation-paths.js'
import { readme } from './readme/commands.js'
import { constants } from './readme/constants.js'
import {
  distributions,
  examples,
  loadMine,
  meaning,
  meaningOf,
  myCluster,
  paths,
  settings,
} from './readme/examples.js'
import { figures } from './readme/figures.js'
import { names, registers } from './readme/registers.js'
import { uncheckedNumbers } from './readme/unchecked-numbers.js'

let phrases: string[] = []

beforeAll(() => {
  const computed = [figures, constants, examples, registers, names, text]
  phrases = computed.flatMap((claims) => claims())
})

/** Where the README counts its own steps. */
function text(): string[] {
  const steps = [...readme.matchAll(/^\*\*\d+\. (.*?)\*\*/gm)]
  return steps.map(([, title], i) => `**${i + 1}. ${title}**`)
}

test('every number of the README is one that the sources, or runs, have', () => {
  expect(uncheckedNumbers(readme, phrases)).toEqual([])
})

test('any number of the README that was another one would be found', () => {
  const numbers = [...readme.matchAll(/\d+/g)]
  expect(numbers.length).toBeGreaterThan(200)
  const before = uncheckedNumbers(readme, phrases).length
  const unnoticed = numbers.filter(({ 0: digits, index }) => {
    const end = index + digits.length
    const changed = (Number(digits.at(-1)) + 1) % 10
    const wrong = `${readme.slice(0, end - 1)}${changed}${readme.slice(end)}`
    return uncheckedNumbers(wrong, phrases).length <= before
  })
  expect(unnoticed.map(({ index }) => readme.slice(index - 30, index + 30))).toEqual([])
})

test('a digit that nothing checks is told with its line, and so is what is not said', () => {
  expect(uncheckedNumbers('Two\nlines of 3 words', ['lines of 3'])).toEqual([])
  expect(uncheckedNumbers('one\nof 31 words', ['of 3'])).toEqual([
    'does not say: of 3',
    'line 2: nothing checks 31 in: one of 31 words',
  ])
  expect(uncheckedNumbers('of 3.1 words', ['of 3'])).toHaveLength(3)
})

test.each(distributions)('%s means what the README says of it', (written, meant) => {
  expect(meaningOf(written)).toEqual(meant)
})

test.each(settings)('$text', ({ text: written, set, of, meaning: meant }) => {
  const [, key = '', value] = /`(?:([\w.<>]+): )?(.*?)`/.exec(written) ?? []
  const last = set.at(-1) ?? ''
  expect(last.replace(/\[0\]/, '').split('=')[0]).toContain(key.split('.').at(-1))
  expect(last.endsWith(`=${value}`)).toBe(true)
  expect(of(loadMine({ set }).variants[0].scenario)).toEqual(meant)
})

test("the README's scenario means what it seems to", () => {
  const loaded = loadMine()
  const scenarios = loaded.variants.map(({ name, scenario }) => [name, scenario])
  const backup = { flushIntervalUs: 60_000_000, rollSize: meaning.peers.backup.rollSize }
  expect(scenarios).toMatchObject([
    ['five-minutes', meaning],
    ['one-minute', { ...meaning, peers: { backup } }],
    ['option-2', { ...meaning, peers: { backup: { endpoint: 'dual-write' } } }],
  ])
  expect(loaded.expectations).toMatchObject([{ variants: ['one-minute'] }])
  expect(loaded.expectations[0]?.that).toMatch(/p50Us < 2 min$/)
  expect(readme).toContain(myCluster.text)
})

test("paths of figures that the README's text names are there", () => {
  for (const path of paths) {
    expect(readme).toContain(path)
    const set = ['tables.usertable.regionReplication=3', `expect=[{ that: '${path} < 1 min' }]`]
    expect(() => checkExpectations(loadMine({ set }))).not.toThrow()
  }
})
