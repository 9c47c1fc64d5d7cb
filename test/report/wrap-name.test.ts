import { expect, test } from 'vitest'
import { wrapName } from '../../src/report/wrap-name.js'

test('a name that fits stays in one line', () => {
  expect(wrapName('option-1', 20)).toBe('option-1')
})

test('a long one is broken after hyphens and spaces, as few times as need be', () => {
  expect(wrapName('staged-copy with-small files', 14)).toBe('staged-copy\nwith-small\nfiles')
})

test('what cannot be broken is not cut', () => {
  expect(wrapName('unbreakable', 4)).toBe('unbreakable')
})
