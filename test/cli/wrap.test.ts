import { expect, test } from 'vitest'
import { wrap } from '../../src/cli/wrap.js'

test('lines are broken between words and later ones are indented', () => {
  expect(wrap('one two three four', 9, '  ')).toBe('one two\n  three\n  four')
})

test('a word that is too long stays whole', () => {
  expect(wrap('a incomprehensible b', 5, '')).toBe('a\nincomprehensible\nb')
})
