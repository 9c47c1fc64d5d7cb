import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMAND_TABLE } from '../../src/cli/command-table.js'
import { completionScript } from '../../src/cli/completion-script.js'

const SCENARIOS = ['backup-options', 'backup-outage', 'quickstart']
const WORDS = ['RPO', 'rollSize', 'hbase.wal.hsync', 'no edit is $(lost)']

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  for (const name of ['mine.yaml', 'my site.xml', 'hbase-site.xml', 'back.json', 'notes.txt']) {
    writeFileSync(join(folder, name), '')
  }
  mkdirSync(join(folder, 'results'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What bash would offer for the last of `words`. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', SCENARIOS, WORDS)}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_hbsim
printf '%s\\n' "\${COMPREPLY[@]}"
`
  const options = { cwd: folder, encoding: 'utf8' } as const
  const text = execFileSync('bash', ['--norc', '-c', script, 'bash', 'hbsim', ...words], options)
  return text.split('\n').filter(Boolean).sort()
}

describe('bash completes', () => {
  test('commands', () => {
    expect(offered('')).toEqual([...Object.keys(COMMAND_TABLE), 'help'].sort())
    expect(offered('com')).toEqual(['compare', 'completion'])
    expect(offered('help', 'r')).toEqual(['run'])
    expect(offered('--v')).toEqual(['--version'])
  })

  test('options of the command, and of no other', () => {
    expect(offered('run', '--see')).toEqual(['--seed', '--seeds'])
    expect(offered('compare', 'x.yaml', '--dr')).toEqual(['--dry-run'])
    expect(offered('validate', '--s')).toEqual(['--set', '--site'])
    expect(offered('list', '--s')).toEqual([])
  })

  test('shipped scenarios, YAML and JSON files, and folders on the way to them', () => {
    expect(offered('run', '')).toEqual([...SCENARIOS, 'back.json', 'mine.yaml', 'results'].sort())
    expect(offered('compare', 'back')).toEqual(['back.json', 'backup-options', 'backup-outage'])
  })

  test('site files, also with blanks in their names, and after a sign', () => {
    const files = ['hbase-site.xml', 'my site.xml', 'results']
    expect(offered('run', 'x.yaml', '--site', '')).toEqual(files)
    expect(offered('run', '--site', 'my')).toEqual(['my site.xml'])
    expect(offered('run', '--site', '=', 'hb')).toEqual(['hbase-site.xml'])
    expect(offered('run', '--site', '=')).toEqual(files)
  })

  test('folders for results, and nothing where anything may stand', () => {
    expect(offered('run', '--out', '')).toEqual(['results'])
    expect(offered('run', '--seeds', '')).toEqual([])
    expect(offered('run', '--set', 'pe')).toEqual([])
  })

  test('words to be explained, but for those that a shell would take apart', () => {
    expect(offered('explain', 'R')).toEqual(['RPO'])
    expect(offered('explain', '')).toEqual(['RPO', 'hbase.wal.hsync', 'rollSize'])
    expect(completionScript('bash', SCENARIOS, WORDS)).not.toContain('$(lost)')
  })

  test('shells', () => {
    expect(offered('completion', '')).toEqual(['bash', 'fish', 'zsh'])
  })
})

test.each(['zsh', 'fish'] as const)('the script for %s names all there is', (shell) => {
  const script = completionScript(shell, SCENARIOS, WORDS)
  for (const [name, { options }] of Object.entries(COMMAND_TABLE)) {
    expect(script).toContain(name)
    for (const option of Object.keys(options)) {
      expect(script).toMatch(new RegExp(`(--|-l )${option}\\b`))
    }
  }
  for (const scenario of SCENARIOS) expect(script).toContain(scenario)
  // Quotes come in pairs, or the shell would wait for the other one.
  for (const line of script.split('\n')) {
    const bare = line.startsWith('#') ? '' : line.replaceAll("'\\''", '').replaceAll("\\'", '')
    expect(bare.split("'").length % 2).toBe(1)
  }
})
