import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { repeatCommand } from '../../src/cli/repeat-command.js'

const given = {
  file: 'x.yaml',
  set: [] as string[],
  site: [] as string[],
  seed: undefined,
  seeds: 5,
  out: undefined,
  sensitivity: false,
  trace: false,
  dryRun: false,
  json: false,
  quiet: false,
}

test('the seed is written out even if it came from the scenario', () => {
  expect(repeatCommand('compare', given, 42)).toBe('npx hbsim compare x.yaml --seed 42 --seeds 5')
})

test('what changed the input is repeated', () => {
  const site = ['hbase-site.xml', 'core-site.xml']
  const changed = { ...given, seed: 3, set: ['a=1', 'b=2'], site, out: 'there' }
  expect(repeatCommand('run', changed, 42)).toBe(
    'npx hbsim run x.yaml --seed 3 --seeds 5 --set a=1 --set b=2 ' +
      '--site hbase-site.xml --site core-site.xml --out there',
  )
})

test('what is made beside the results is repeated', () => {
  expect(repeatCommand('run', { ...given, sensitivity: true, trace: true }, 42)).toBe(
    'npx hbsim run x.yaml --seed 42 --seeds 5 --sensitivity --trace',
  )
})

test('a shell reads back exactly the words that were given', () => {
  const words = ["it's.yaml", 'a b', '$(rm -rf x)', '`x`', '"']
  const [file, ...set] = words
  const command = repeatCommand('run', { ...given, file, set }, 1)
  const shell = `for word in ${command}; do printf '%s\\n' "$word"; done`
  const read = execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).split('\n')
  for (const word of words) expect(read).toContain(word)
})
