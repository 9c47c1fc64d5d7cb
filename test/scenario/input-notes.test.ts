import { expect, test } from 'vitest'
import { inputNotes } from '../../src/scenario/input-notes.js'
import { LEAST, load } from './fixture.js'

const names = Array.from({ length: 11 }, (_, i) => `p${`${i}`.padStart(2, '0')}`)
const properties = names.map((name) => `<property name="${name}" value="1"/>`).join('')
const site = [{ name: 'hbase-site.xml', text: `<configuration>${properties}</configuration>` }]

test('all properties of the scenario without effect are named, of a file the first eight', () => {
  expect(inputNotes(load(`${LEAST}site: { b: 1, a: 1, p00: 2 }\n`, { site }))).toEqual([
    'Not modelled, without effect: a, b, p00',
    'Not modelled, without effect, in hbase-site.xml: p01, p02, p03, p04, p05, p06, p07, p08 and 2 more',
  ])
})

test('notes follow, and nothing is said where there is nothing to tell', () => {
  expect(inputNotes(load(`${LEAST}site: { dfs.block.size: 1 }\n`))).toEqual([
    'Not modelled, without effect: dfs.blocksize',
    'Note: bad.yaml:5: dfs.block.size is read as dfs.blocksize, its new name',
  ])
  expect(inputNotes(load(LEAST))).toEqual([])
})
