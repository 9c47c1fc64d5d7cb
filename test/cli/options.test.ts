import { expect, test } from 'vitest'
import { defaultFolder, runArguments } from '../../src/cli/options.js'
import { UsageError } from '../../src/cli/usage-error.js'

const given = {
  file: 'x.yaml',
  set: [],
  site: [],
  seeds: '5',
  sensitivity: false,
  trace: false,
  'dry-run': false,
  json: false,
  quiet: false,
}

test('seeds are whole numbers', () => {
  expect(runArguments({ ...given, seed: '7', seeds: '3' })).toMatchObject({ seed: 7, seeds: 3 })
  for (const seed of ['x', '1.5', '-1', '1e3', '', '99999999999999999']) {
    expect(() => runArguments({ ...given, seed })).toThrow(UsageError)
  }
  expect(() => runArguments({ ...given, seeds: '0' })).toThrow('from 1 to 1000')
})

test('an option that can only have one value is refused twice', () => {
  expect(() => runArguments({ ...given, out: ['a', 'b'] })).toThrow('--out is given more than once')
})

test("the default folder is below reports, whatever the scenario's name", () => {
  expect(defaultFolder('backup-options')).toBe('reports/backup-options')
  expect(defaultFolder('../../etc/passwd')).toBe('reports/etc-passwd')
  expect(defaultFolder('..')).toBe('reports/scenario-')
  expect(defaultFolder('gallery')).toBe('reports/scenario-gallery')
  expect(defaultFolder('über uns')).toBe('reports/ber-uns')
})
