import { expect, test } from 'vitest'
import * as door from '../src/index.js'

test('the public surface', () => {
  expect(Object.keys(door).sort()).toMatchInlineSnapshot(`
    [
      "BadInput",
      "InternalError",
      "canonicalJson",
      "compare",
      "defaultVocabulary",
      "formatProblems",
      "loadScenario",
      "simulate",
      "summarize",
      "verdict",
    ]
  `)
})
