import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readScenario, readSource } from '../../src/cli/read-source.js'
import { shippedScenarios } from '../../src/cli/shipped-scenarios.js'

const folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

test('a file is read under the name it was given', () => {
  const file = put('good.yaml', 'name: good\n')
  expect(readScenario(file)).toEqual({ name: file, text: 'name: good\n' })
})

test('a shipped scenario can be named', () => {
  for (const name of shippedScenarios()) {
    expect(readScenario(name).text).toContain(`name: ${name}`)
  }
})

test('a misspelt name meets the nearest file or shipped scenario', () => {
  put('outage.yaml', '')
  expect(() => readScenario(join(folder, 'outtage.yaml'))).toThrow(
    `did you mean "${join(folder, 'outage.yaml')}"?`,
  )
  expect(() => readScenario('backup-optoins')).toThrow('did you mean "backup-options"?')
  expect(() => readScenario('nothing-like-it')).toThrow('hbsim list')
})

test('of a huge file no more is read than shows that it is too large', () => {
  const file = put('huge.yaml', 'ä'.repeat(1024 * 1024))
  expect(Buffer.byteLength(readSource(file).text)).toBeLessThanOrEqual(1024 * 1024 + 1)
})

test('what is not text is refused', () => {
  expect(() => readSource(put('binary', new Uint8Array([0xff, 0xfe, 0x00])))).toThrow('not UTF-8')
  expect(() => readSource(folder)).toThrow('it is a folder')
})
