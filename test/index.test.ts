import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import * as door from '../src/index.js'
import { freshBuild, ROOT } from './determinism/engines.js'
import { testWith } from './named-skip.js'

test('the public surface', () => {
  expect(Object.keys(door).sort()).toMatchInlineSnapshot(`
    [
      "BadInput",
      "Grammar",
      "InternalError",
      "canonicalJson",
      "compare",
      "defaultVocabulary",
      "formatProblems",
      "glossary",
      "loadScenario",
      "runSensitivity",
      "simulate",
      "summarize",
      "verdict",
    ]
  `)
})

const missing = 'no build or an old one: npm run build'
testWith(freshBuild(), missing, 'who imports the package comes through the same door', async () => {
  const script = "import * as door from 'hbsim'; console.log(Object.keys(door).sort().join())"
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  expect(stdout.trim()).toBe(Object.keys(door).sort().join())
})
