import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
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

test('a huge file is not read', () => {
  const file = put('huge.yaml', '')
  // Without taking any room on the disk.
  truncateSync(file, 200 * 1024 * 1024)
  expect(() => readSource(file)).toThrow(`cannot read "${file}": 200 MiB; at most 1 MiB is read`)
})

test.each([
  ['bytes that are no UTF-8', [0x61, 0xff, 0x62], 'it is not UTF-8 text'],
  ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 'it is UTF-16 text; save it as UTF-8'],
  ['UTF-16, the other way', [0xfe, 0xff, 0x00, 0x61], 'it is UTF-16 text; save it as UTF-8'],
  ['NUL bytes', [0x61, 0x3a, 0x00], 'it is no text: byte 3 is NUL'],
])('%s', (_, bytes, message) => {
  const file = put('binary', new Uint8Array(bytes))
  expect(() => readSource(file)).toThrow(`cannot read "${file}": ${message}`)
})

test('UTF-8 with a byte order mark is text', () => {
  expect(readSource(put('bom.yaml', '\ufeffname: x\n')).text).toBe('name: x\n')
})

test('what is no regular file is refused without waiting for it', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'))
  symlinkSync(join(folder, 'circle'), join(folder, 'circle'))
  const complaints = [
    [folder, 'it is a folder'],
    [pipe, 'it is no regular file'],
    ['/dev/zero', 'it is no regular file'],
    ['/dev/tty', 'it is no regular file'],
    ['/proc/self/mem', 'the system reports an input/output error'],
    [join(folder, 'dangling'), 'a link to no file'],
    [join(folder, 'circle'), 'symbolic links lead in a circle'],
  ]
  for (const [file, reason] of complaints) {
    expect(() => readScenario(file)).toThrow(`cannot read "${file}": ${reason}`)
  }
})
