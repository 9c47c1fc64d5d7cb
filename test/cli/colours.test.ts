import { expect, test } from 'vitest'
import { wantsColours } from '../../src/cli/colours.js'

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['a terminal without colours', { TERM: 'dumb' }, true, false],
  ['NO_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['an empty NO_COLOR, which is none', { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
])('%s', (_, environment, isTerminal, wanted) => {
  expect(wantsColours(environment, isTerminal)).toBe(wanted)
})
