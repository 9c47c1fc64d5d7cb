import { describe, expect, test } from 'vitest'
import type { LoadOptions } from '../../src/scenario/load.js'
import { bad } from '../../src/scenario/reading.js'
import { complaintAbout, load } from './fixture.js'

const HEAD = 'name: least\nduration: 1 min\ntables: { t: { regions: 1 } }\n'
const FILE = `table = t
recordcount = 500
threadcount = 4
requestdistribution = zipfian
`

function withFiles(files: Record<string, string>): LoadOptions {
  return {
    read: (name) => {
      if (Object.hasOwn(files, name)) return { value: { name, text: files[name] } }
      return bad('bad-file', `cannot read "${name}": no such file`)
    },
  }
}

const workloadOf = (text: string, files: Record<string, string>, variant = 0) =>
  load(HEAD + text, withFiles(files)).variants[variant].scenario.workload

describe('a phase', () => {
  test('may be a YCSB file, and what it says itself goes over that', () => {
    const [phase] = workloadOf('workload: [{ ycsb: in/a.properties, keyCount: 7 }]\n', {
      'in/a.properties': FILE,
    })
    expect(phase).toMatchObject({
      table: 't',
      mix: { get: 0.95, put: 0.05 },
      keys: 'zipfian',
      keyCount: 7,
      closedLoop: { clients: 4 },
      valueSize: { kind: 'constant', value: 100 },
    })
  })

  test('may stand alone, without a list', () => {
    const workload = workloadOf('workload: { ycsb: a.properties }\n', { 'a.properties': FILE })
    expect(workload).toHaveLength(1)
    expect(workload[0].keyCount).toBe(500)
  })

  test('may be one of the letters as ever', () => {
    const [phase] = workloadOf('workload: { ycsb: C, table: t, rate: 1/s, valueSize: 1 B }\n', {})
    expect(phase.mix.get).toBe(1)
  })

  test('is overridden by variants: its keys, its file, all of it', () => {
    const text = `workload: { ycsb: a.properties, rate: 5/s }
variants:
  base-line: {}
  keys: { 'workload[0].keyCount': 9 }
  file: { 'workload[0].ycsb': b.properties }
  whole: { workload: { ycsb: b.properties } }
`
    const files = { 'a.properties': FILE, 'b.properties': `${FILE}recordcount=600\n` }
    const counts = [0, 1, 2, 3].map((variant) => workloadOf(text, files, variant)[0].keyCount)
    expect(counts).toEqual([500, 9, 600, 600])
    const rates = [2, 3].map((variant) => workloadOf(text, files, variant)[0].rate)
    expect(rates).toEqual([5, null])
  })
})

test('notes are told once, however many variants there are', () => {
  const text = `${HEAD}workload: { ycsb: a.properties }
variants: { a: { duration: 2 min }, b: { duration: 3 min } }
`
  const { notes } = load(text, withFiles({ 'a.properties': `${FILE}operationcount=5\n` }))
  expect(notes).toEqual([
    'a.properties: without effect: operationcount (a phase ends by the clock)',
  ])
})

describe('what is wrong', () => {
  test('in a file is reported there, for the schema, too', () => {
    const files = { 'a.properties': 'recordcount = x\ntable = usertabel\nmaxexecutiontime=0.5\n' }
    expect(
      complaintAbout(`${HEAD}workload: { ycsb: a.properties }\n`, withFiles(files)),
    ).toMatchInlineSnapshot(`
      "
      a.properties:1:15  "x" is not a value of recordcount
          1 | recordcount = x
            |               ^ expected a whole number from 0 to 10000000000
      a.properties:2:9  there is no table "usertabel"
          2 | table = usertabel
            |         ^^^^^^^^^ expected t
      a.properties:3:18  "0.5" is not a value of maxexecutiontime
          3 | maxexecutiontime=0.5
            |                  ^^^ expected a whole number from 0 to 34560000
      "
    `)
  })

  test('with the name of a file is reported in the scenario', () => {
    const text = `${HEAD}workload:
  - { ycsb: gone.properties }
  - { ycsb: ../up.properties, table: t }
  - { ycsb: G, table: t, rate: 1/s, valueSize: 1 B }
`
    expect(complaintAbout(text, withFiles({}))).toMatchInlineSnapshot(`
      "
      bad.yaml:5:13  cannot read "gone.properties": no such file
          5 |   - { ycsb: gone.properties }
            |             ^^^^^^^^^^^^^^^
      bad.yaml:6:13  "../up.properties" is not below the scenario: it goes up
          6 |   - { ycsb: ../up.properties, table: t }
            |             ^^^^^^^^^^^^^^^^ expected a file name below the folder of the scenario, e.g. inputs/hbase-site.xml
      bad.yaml:7:13  "G" is not a value of workload[2].ycsb
          7 |   - { ycsb: G, table: t, rate: 1/s, valueSize: 1 B }
            |             ^ did you mean "A"?
      "
    `)
  })

  test('a key of the phase that does not fit the file', () => {
    const text = `${HEAD}workload: { ycsb: a.properties, arrivals: periodic, keys: hotspt }\n`
    expect(complaintAbout(text, withFiles({ 'a.properties': FILE }))).toMatchInlineSnapshot(`
      "
      bad.yaml:4:59  "hotspt" is not a value of workload[0].keys
          4 | workload: { ycsb: a.properties, arrivals: periodic, keys: hotspt }
            |                                                           ^^^^^^ did you mean "hotspot"?
      "
    `)
  })

  test('in a variant alone is reported where it names the file', () => {
    const text = `${HEAD}workload: { ycsb: a.properties }
variants: { v: { 'workload[0].ycsb': gone.properties } }
`
    expect(complaintAbout(text, withFiles({ 'a.properties': FILE }))).toMatchInlineSnapshot(`
      "
      bad.yaml:5:38  cannot read "gone.properties": no such file
          5 | variants: { v: { 'workload[0].ycsb': gone.properties } }
            |                                      ^^^^^^^^^^^^^^^
      "
    `)
  })

  test('with a file that is no properties file', () => {
    const files = { 'a.properties': 'table=t\\u00\n' }
    expect(
      complaintAbout(`${HEAD}workload: { ycsb: a.properties }\n`, withFiles(files)),
    ).toMatchInlineSnapshot(`
      "
      a.properties:1:8  this is no character
          1 | table=t\\u00
            |        ^^ expected \\u and four digits
      "
    `)
  })
})
