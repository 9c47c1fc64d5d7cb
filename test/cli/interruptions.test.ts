import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testWith } from '../named-skip.js'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** One variant is over at once, the other would go on for hours. */
const SCENARIO = `name: endless
duration: 10 s
tables: { t: { regions: 1 } }
workload: [{ table: t, rate: 300/s, valueSize: 1 KiB }]
variants: { quick: {}, endless: { duration: 300 d } }
`

let folder = ''
let out = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
  out = join(folder, 'out')
  writeFileSync(join(folder, 'endless.yaml'), SCENARIO)
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  err: string
}

/** Runs the endless scenario until `stop` has ended it. */
async function interrupted(stop: (child: ChildProcess) => Promise<void>): Promise<Ended> {
  rmSync(out, { recursive: true, force: true })
  const words = [MAIN, 'run', join(folder, 'endless.yaml'), '--out', out]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  child.stderr?.on('data', (text) => {
    err += text
  })
  const end = once(child, 'exit')
  while (!existsSync(join(out, '.hbsim')) && child.exitCode === null) await sleep(20)
  await stop(child)
  const [code, signal] = await end
  return { code, signal, err }
}

/** What is in the folder must be whole: a list of our files, and every one of them, or none. */
function expectNothingHalfWritten(): void {
  const files = readdirSync(out).filter((name) => !name.startsWith('.hbsim'))
  if (files.length === 0) return
  expect(readdirSync(out).filter((name) => name.startsWith('.hbsim-'))).toEqual([])
  expect(files.sort()).toEqual(
    readFileSync(join(out, '.hbsim'), 'utf8').split('\n').filter(Boolean).sort(),
  )
  expect(() => JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).not.toThrow()
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s keeps the runs that are finished', async (signal) => {
  // How long the quick variant takes is the machine's affair: longer until it was enough.
  for (let patienceMs = 2000; ; patienceMs *= 2) {
    const { code, err } = await interrupted(async (child) => {
      await sleep(patienceMs)
      child.kill(signal)
    })
    expect(code).toBe(130)
    expectNothingHalfWritten()
    if (err.startsWith('interrupted before the first run')) continue
    expect(err).toBe(
      'interrupted: the results are of 1 of 2 runs; charts are in report.html alone\n',
    )
    const { runs } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
    expect(runs).toMatchObject([{ variant: 'quick' }])
    break
  }
})

test('whoever interrupts twice waits for nothing', async () => {
  const { code, signal } = await interrupted(async (child) => {
    child.kill('SIGINT')
    await sleep(10)
    child.kill('SIGINT')
  })
  expect(code === 130 || signal === 'SIGINT').toBe(true)
  expectNothingHalfWritten()
})

/** What a shell makes of `command`, in which `hbsim` is ours. */
function shell(command: string): Promise<{ out: string; err: string }> {
  const hbsim = `hbsim() { '${process.execPath}' '${MAIN}' "$@"; }; set -o pipefail; ${command}`
  return new Promise((resolve) => {
    execFile('bash', ['-c', hbsim], (_error, out, err) => resolve({ out, err }))
  })
}

test('a reader that has seen enough is no error', async () => {
  const { out: text, err } = await shell('hbsim schema | head -1; echo "$?"')
  expect([text, err]).toEqual(['{\n0\n', ''])
})

testWith(
  existsSync('/dev/full') ? '/dev/full' : null,
  'no /dev/full here',
  'results that cannot be printed are exit 2',
  async (full) => {
    const { out: text, err } = await shell(`hbsim schema > ${full}; echo "$?"`)
    expect(text).toBe('2\n')
    expect(err).toBe('hbsim: cannot print the results: ENOSPC: no space left on device, write\n')
  },
)
