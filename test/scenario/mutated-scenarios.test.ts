import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadFile } from '../../src/cli/load-file.js'
import { scenarioInputs } from '../../src/cli/scenario-inputs.js'
import { shippedFile, shippedScenarios } from '../../src/cli/shipped-scenarios.js'
import { checkExpectations } from '../../src/experiment/expectation-paths.js'
import { BadInput } from '../../src/scenario/bad-input.js'
import { Grammar } from '../../src/scenario/grammar.js'
import { loadScenario } from '../../src/scenario/load.js'
import { dataOf } from '../../src/scenario/yaml-data.js'
import { parseYaml } from '../../src/scenario/yaml-document.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'

const SHIPPED = shippedScenarios().map((name) => ({
  name,
  read: scenarioInputs(shippedFile(name)),
  text: readFileSync(shippedFile(name), 'utf8'),
}))

const GRAMMAR = new Grammar(defaultVocabulary)

/** Something that happens to a text; places are shares of its length. */
type Mutation =
  | { kind: 'replace' | 'insert'; at: number; text: string }
  | { kind: 'delete-line' | 'double-line' | 'cut'; at: number }
  | { kind: 'swap-lines'; at: number; with: number }

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
// What means something to YAML comes more often than what does not.
const signs = fc.oneof(
  fc.constantFrom(
    ...'{}[]:,-?&*!|>\'"%@`#~ \n\t\0\ufeff',
    '&a ',
    '*a',
    '<<: *a',
    '---\n',
    '...',
    '!!',
    '__proto__',
  ),
  fc.constantFrom('-1', '0', '1e999', '.nan', 'null', 'true', '0x10', '99999999999999999999'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
)
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('replace', 'insert'), at: place, text: signs }),
  fc.record({ kind: fc.constantFrom('delete-line', 'double-line', 'cut'), at: place }),
  fc.record({ kind: fc.constant('swap-lines'), at: place, with: place }),
)

function mutated(text: string, change: Mutation): string {
  const at = Math.floor(change.at * text.length)
  if (change.kind === 'cut') return text.slice(0, at)
  if (change.kind === 'insert') return text.slice(0, at) + change.text + text.slice(at)
  if (change.kind === 'replace') return text.slice(0, at) + change.text + text.slice(at + 1)
  const lines = text.split('\n')
  const line = Math.floor(change.at * lines.length)
  if (change.kind === 'delete-line') lines.splice(line, 1)
  else if (change.kind === 'double-line') lines.splice(line, 0, lines[line])
  else if (change.kind === 'swap-lines') {
    const other = Math.floor(change.with * lines.length)
    ;[lines[line], lines[other]] = [lines[other], lines[line]]
  }
  return lines.join('\n')
}

/** How often `read` took a mutated scenario, and how often it refused one. */
function outcomes(cases: number, read: (shipped: (typeof SHIPPED)[number], text: string) => void) {
  const counts = { taken: 0, refused: 0 }
  const property = fc.property(
    fc.constantFrom(...SHIPPED),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
    (shipped, mutations) => {
      try {
        read(shipped, mutations.reduce(mutated, shipped.text))
        counts.taken++
      } catch (error) {
        if (!(error instanceof BadInput)) throw error
        expect(error.problems.length).toBeLessThanOrEqual(20)
        // A message that fits a screen and leaves it alone, whatever was in the text.
        expect(error.message.length).toBeLessThan(20_000)
        expect(stripVTControlCharacters(error.message)).toBe(error.message)
        counts.refused++
      }
    },
  )
  fc.assert(property, { numRuns: cases, seed: 6 })
  return counts
}

test('whatever happens to a scenario, it is YAML or bad input, and never breaks the reader', () => {
  const { taken, refused } = outcomes(500, ({ name }, text) => {
    dataOf(parseYaml({ name, text }))
  })
  expect(Math.min(taken, refused)).toBeGreaterThan(50)
})

test('what is YAML is a scenario or bad input, and never breaks the loader', () => {
  const { taken, refused } = outcomes(500, ({ name, read }, text) => {
    checkExpectations(loadScenario({ name, text }, GRAMMAR, { read }))
  })
  expect(Math.min(taken, refused)).toBeGreaterThan(50)
})

test('each of them is good before anything happens to it', () => {
  for (const { name } of SHIPPED) expect(() => loadFile(name, {}, GRAMMAR)).not.toThrow()
})
