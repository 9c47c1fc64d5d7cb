import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DISASTER_CLASSES } from '../src/experiment/disaster-classes.js'
import { formatDuration } from '../src/experiment/quantities.js'
import { fixes } from '../src/replication/fixes.js'
import { type JsonSchema, scenarioJsonSchema } from '../src/scenario/json-schema.js'
import { loadScenario } from '../src/scenario/load.js'
import { defaultVocabulary } from '../src/simulation/default-vocabulary.js'

const readme = read('../README.md')
const { properties = {} } = scenarioJsonSchema(defaultVocabulary) as JsonSchema
const shipped = readdirSync(new URL('../scenarios', import.meta.url))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''))

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

/** Cells of the rows of the first table below `text`, its head first. */
function tableBelow(text: string): string[][] {
  const lines = readme.slice(readme.indexOf(text)).split('\n')
  const from = lines.findIndex((line) => line.startsWith('|'))
  const until = lines.findIndex((line, i) => i > from && !line.startsWith('|'))
  const cells = (line: string) => line.split('|').map((cell) => cell.trim())
  return lines.slice(from, until).map((line) => cells(line).slice(1, -1))
}

/** What a table is about: the names in code type of its first column. */
function firstColumn(heading: string): string[] {
  const [, , ...rows] = tableBelow(heading)
  return rows.flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
}

function kindsOf(list: string, key: string): unknown[] {
  const { items } = properties[list] as JsonSchema
  return (items?.oneOf ?? items?.anyOf ?? []).map((kind) => kind.properties?.[key]?.const)
}

function endpoints(): readonly unknown[] {
  const { additionalProperties: peer } = properties.peers as JsonSchema
  return peer ? (peer.properties?.endpoint?.enum ?? []) : []
}

test.each([
  ['every design', '## The designs', endpoints()],
  ['every disaster class', '## Disaster classes', DISASTER_CLASSES],
  ['every fault', '| fault |', kindsOf('faults', 'kind')],
  ['every operation', '| operation |', kindsOf('operations', 'do')],
  ['every shipped scenario', '## The shipped scenarios', shipped],
])('the README has %s in its table, and no other', (_, heading, names) => {
  expect(names.length).toBeGreaterThan(3)
  expect(firstColumn(heading).sort()).toEqual([...names].sort())
})

test('the README says what each fix mended', () => {
  expect(tableBelow('| issue |').slice(2)).toEqual(
    Object.entries(fixes).map(([issue, bug]) => [issue, expect.stringContaining(bug)]),
  )
})

test("the README's scenario is valid, and so is what it expects", () => {
  const [, text = ''] = /```yaml\n(name:[^`]*)```/.exec(readme) ?? []
  const violation = /```yaml\nexpect:\n([^`]*)```/.exec(readme)?.[1] ?? ''
  expect(violation).toContain('violated')
  const loaded = loadScenario({ name: 'README.md', text: text + violation }, defaultVocabulary)
  expect(loaded.variants.map(({ name }) => name)).toEqual([
    'five-minutes',
    'one-minute',
    'option-2',
  ])
})

test("the README's commands name scenarios that are shipped", () => {
  const commands = readme.matchAll(/npx hbsim (?:run|compare|validate) ([\w/.-]+)/g)
  const named = [...commands].map(([, name]) => name.replace(/^scenarios\/|\.yaml$/g, ''))
  expect(named.length).toBeGreaterThan(3)
  for (const name of named) expect(shipped).toContain(name)
})

test('every picture that the README shows is there, and has a text', () => {
  const pictures = [...readme.matchAll(/!\[(.*?)\]\((.*?)\)/g)]
  expect(pictures.length).toBeGreaterThan(3)
  for (const [, text, path] of pictures) {
    expect(text).not.toBe('')
    expect(existsSync(new URL(`../${path}`, import.meta.url)), path).toBe(true)
  }
})

test("the README's durability table says what the gallery's run measured", () => {
  const { runs } = JSON.parse(read('../reports/gallery/hdfs-loss/summary.json'))
  const [[, ...variants] = [], , ...rows] = tableBelow('| if it had struck |')
  const medianOf = (variant: string, name: string) => {
    const run = runs.find((each: { variant: string }) => each.variant === variant)
    const { p50Us, timeShareAboveZero } = run.peers.backup.rpo[name]
    return timeShareAboveZero === 0 ? 'nothing' : formatDuration(p50Us)
  }
  for (const [name = '', ...cells] of rows) {
    expect([name, ...cells]).toEqual([name, ...variants.map((variant) => medianOf(variant, name))])
  }
})
