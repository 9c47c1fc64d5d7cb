import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as door from '../../src/index.js'
import { testWith } from '../named-skip.js'
import { bundleCore } from './bundle.js'
import {
  freshBuild,
  inBrowser,
  inProcess,
  inWorkerThread,
  newerNode,
  onPath,
  ROOT,
} from './engines.js'
import { fingerprint } from './fingerprint.js'

const folder = mkdtempSync(join(tmpdir(), 'hbsim-determinism-'))
/** The bytes that every engine must give: those of this process. */
let expected: string
let bundle: string

beforeAll(async () => {
  expected = fingerprint(door)
  bundle = await bundleCore(join(ROOT, 'src/index.ts'), folder)
})

afterAll(() => rmSync(folder, { recursive: true }))

test('the fingerprint sees faults, losses and the luck of the seeds', () => {
  const { summary } = JSON.parse(expected)
  const hashes = summary.runs.map((run: { traceHash: string }) => run.traceHash)
  expect(new Set(hashes).size).toBe(4)
  for (const run of summary.runs) {
    expect(run.faults.map((fault: { kind: string }) => fault.kind)).toEqual([
      'store-outage',
      'suspend-region-server',
      'cluster-loss',
    ])
    expect(run.peers.backup.disasters[0].lostEdits).toBeGreaterThan(0)
    expect(run.peers.backup.drainUs[0].us).toBeGreaterThan(0)
  }
})

test('twice in one process', () => {
  expect(fingerprint(door)).toBe(expected)
})

test('whatever ran before', () => {
  expect(fingerprint(door, 'backwards')).toBe(expected)
})

test('alone in a process of its own', async () => {
  expect(await inProcess(process.execPath, bundle)).toBe(expected)
})

test('in a worker thread', async () => {
  expect(await inWorkerThread(bundle)).toBe(expected)
})

testWith(freshBuild(), 'no build or an old one: npm run build', 'as built', async (build) => {
  const bundleOfBuild = await bundleCore(build, folder)
  expect(await inProcess(process.execPath, bundleOfBuild)).toBe(expected)
})

for (const major of [22, 24, 26]) {
  testWith(newerNode(major), 'not installed, see .ci/run', `on Node ${major}`, async (node) => {
    expect(await inProcess(node, bundle)).toBe(expected)
  })
}

const chromium = onPath('chromium', 'chromium-browser', 'google-chrome')
testWith(chromium, 'not installed', 'in headless Chromium', async (program) => {
  expect(await inBrowser('chrome', program, bundle)).toBe(expected)
})

const firefox = onPath('firefox-esr', 'firefox')
testWith(firefox, 'not installed', 'in headless Firefox', async (program) => {
  expect(await inBrowser('firefox', program, bundle)).toBe(expected)
})
