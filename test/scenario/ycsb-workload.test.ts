import { describe, expect, test } from 'vitest'
import { formatProblems, problemAt } from '../../src/scenario/bad-input.js'
import { readJavaProperties } from '../../src/scenario/java-properties.js'
import { ycsbNotes } from '../../src/scenario/ycsb-notes.js'
import { ycsbPhase } from '../../src/scenario/ycsb-workload.js'

function read(text: string, own: readonly string[] = []) {
  const source = { name: 'w.properties', text }
  const properties = readJavaProperties(source)
  return { ...ycsbPhase(properties, new Set(own)), notes: ycsbNotes(source, properties) }
}

const phaseOf = (text: string, own: readonly string[] = []) => read(text, own).phase

function problemsOf(text: string, own: readonly string[] = []): string {
  const { problems } = read(text, own)
  return `\n${formatProblems(problems.map(({ span, complaint }) => problemAt(span, complaint)))}\n`
}

test("a file that says nothing has YCSB's defaults", () => {
  expect(phaseOf('')).toEqual({
    table: 'usertable',
    mix: { get: 0.95, put: 0.05 },
    keys: 'uniform',
    keyCount: 2_147_483_647,
    valueSize: '100 B',
    clients: 1,
  })
})

test("workload A as it is shipped with YCSB's defaults, on eight threads", () => {
  const text = `
workload=site.ycsb.workloads.CoreWorkload
recordcount=1000000
operationcount=3000000
readallfields=true
readproportion=0.5
updateproportion=0.5
scanproportion=0
insertproportion=0
requestdistribution=zipfian
threadcount=8
target=2000
table=orders
maxexecutiontime=90
`
  const { phase, notes, problems } = read(text)
  expect(phase).toEqual({
    table: 'orders',
    mix: { get: 0.5, put: 0.5 },
    keys: 'zipfian',
    keyCount: 1_000_000,
    valueSize: '100 B',
    clients: 8,
    rate: '2000/s',
    until: '90 s',
  })
  expect(problems).toEqual([])
  expect(notes).toEqual([
    'w.properties: without effect: operationcount (a phase ends by the clock), ' +
      'readallfields (a read costs what its block costs)',
  ])
})

describe('operations', () => {
  test('proportions are weights', () => {
    const text = 'readproportion=1\nupdateproportion=2\nscanproportion=1\nmaxscanlength=50\n'
    expect(phaseOf(text)).toMatchObject({
      mix: { get: 0.25, put: 0.5, scan: 0.25 },
      scanRows: 50,
      scanLength: 'uniform',
    })
    expect(phaseOf(`${text}scanlengthdistribution=zipfian`)).toMatchObject({
      scanLength: 'zipfian',
    })
  })

  test('inserts and updates are puts of different sizes', () => {
    const sizeOf = (text: string) => phaseOf(text).valueSize
    const inserts = 'updateproportion=0\ninsertproportion=0.05\n'
    const both = 'readproportion=0\nupdateproportion=0.75\ninsertproportion=0.25\n'
    expect(sizeOf(inserts)).toBe('1000 B')
    expect(sizeOf(both)).toBe('100 B + 0.250000000 * 1000 B')
    expect(sizeOf(`${both}writeallfields=true`)).toBe('1000 B')
    expect(sizeOf(`${both}fieldcount=1`)).toBe('100 B')
    expect(sizeOf(`${both}fieldcount=4\nfieldlength=50`)).toBe('50 B + 0.250000000 * 200 B')
    expect(phaseOf(both).mix).toEqual({ put: 1 })
  })

  test('fields of varying length', () => {
    const uniform = 'fieldlengthdistribution=uniform\nfieldlength=300\nminfieldlength=100\n'
    expect(phaseOf(uniform).valueSize).toBe('uniform(100 B, 300 B)')
    expect(phaseOf(`${uniform}writeallfields=true`).valueSize).toBe('2000 B')
    const zipfian = 'fieldlength=300\nfieldlengthdistribution=zipfian\n'
    expect(problemsOf(zipfian)).toMatchInlineSnapshot(`
      "
      w.properties:2:25  fields of zipfian length are not modelled
          2 | fieldlengthdistribution=zipfian
            |                         ^^^^^^^ expected constant or uniform, or valueSize in the phase
      "
    `)
    expect(problemsOf(zipfian, ['valueSize'])).toBe('\n\n')
  })

  test('read-modify-write', () => {
    const text = 'readproportion=0.5\nupdateproportion=0\nreadmodifywriteproportion=0.5\n'
    expect(phaseOf(text)).toMatchObject({
      mix: { get: 0.5, readModifyWrite: 0.5 },
      valueSize: '100 B',
    })
  })
})

describe('keys', () => {
  test.each([
    ['hotspot', { hotspot: { data: 0.2, operations: 0.8 } }],
    ['exponential', { exponential: { percentile: 95, fraction: 0.8571428571 } }],
    ['latest', {}],
    ['sequential', {}],
  ])('%s', (keys, more) => {
    const { phase } = read(`requestdistribution=${keys}\nrecordcount=10`)
    expect(phase).toMatchObject({ keys, keyCount: 10, ...more })
  })

  test('the fractions of hotspot and exponential', () => {
    const hotspot = 'requestdistribution=hotspot\nhotspotdatafraction=0.1\nhotspotopnfraction=.9'
    expect(phaseOf(hotspot).hotspot).toEqual({ data: 0.1, operations: 0.9 })
    const exponential =
      'requestdistribution=exponential\nexponential.percentile=99\nexponential.frac=0.1'
    expect(phaseOf(exponential).exponential).toEqual({ percentile: 99, fraction: 0.1 })
  })

  test('inserts in order matter where keys are not scattered anyway', () => {
    expect(phaseOf('insertorder=ordered\nrequestdistribution=latest').insertOrder).toBe('ordered')
    expect(phaseOf('insertorder=ordered\nrequestdistribution=zipfian')).not.toHaveProperty(
      'insertOrder',
    )
  })

  test('a part of the records', () => {
    expect(phaseOf('recordcount=100\ninsertstart=20').keyCount).toBe(80)
    expect(phaseOf('recordcount=100\ninsertstart=20\ninsertcount=50').keyCount).toBe(50)
  })
})

describe('what the phase says goes over the file', () => {
  test('and is not looked for in it', () => {
    const text = 'recordcount=many\nrequestdistribution=none\ntarget=-1\nmaxexecutiontime=?'
    const own = ['keyCount', 'keys', 'mix', 'rate', 'until', 'table', 'valueSize']
    expect(problemsOf(text, own)).toBe('\n\n')
    expect(phaseOf(text, own)).toEqual({})
  })

  test('a rate alone comes without clients, unless the file has threads', () => {
    expect(phaseOf('', ['rate'])).not.toHaveProperty('clients')
    expect(phaseOf('threadcount=4\ntarget=100', ['rate'])).toMatchObject({ clients: 4 })
    expect(phaseOf('threadcount=4\ntarget=100', ['rate'])).not.toHaveProperty('rate')
    expect(phaseOf('threadcount=4\ntarget=100', ['clients'])).toMatchObject({ rate: '100/s' })
  })
})

describe('what is wrong', () => {
  test('is reported where it stands', () => {
    const text = `recordcount=1,000
readproportion=lots
requestdistribution = zipfan
threadcount=0
target=1e3
workload=site.ycsb.workloads.TimeSeriesWorkload
dotransactions=false
scanproportion=0.1
maxscanlength=100000
fieldlength=0
`
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      "
      w.properties:2:16  "lots" is not a value of readproportion
          2 | readproportion=lots
            |                ^^^^ expected a number from 0 to 1000000
      w.properties:1:13  "1,000" is not a value of recordcount
          1 | recordcount=1,000
            |             ^^^^^ expected a whole number from 0 to 10000000000
      w.properties:3:23  "zipfan" is not a value of requestdistribution
          3 | requestdistribution = zipfan
            |                       ^^^^^^ did you mean "zipfian"?
      w.properties:10:13  "0" is not a value of fieldlength
         10 | fieldlength=0
            |             ^ expected a whole number from 1 to 1073741824
      w.properties:9:15  "100000" is not a value of maxscanlength
          9 | maxscanlength=100000
            |               ^^^^^^ expected a whole number from 1 to 10000
      w.properties:4:13  "0" is not a value of threadcount
          4 | threadcount=0
            |             ^ expected a whole number from 1 to 10000
      w.properties:5:8  "1e3" is not a value of target
          5 | target=1e3
            |        ^^^ expected a whole number from 0 to 1000000000
      w.properties:6:10  the workload "site.ycsb.workloads.TimeSeriesWorkload" is not modelled
          6 | workload=site.ycsb.workloads.TimeSeriesWorkload
            |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected site.ycsb.workloads.CoreWorkload
      w.properties:7:16  this loads the table instead of using it
          7 | dotransactions=false
            |                ^^^^^ expected true, and the size of the table in the scenario
      "
    `)
  })

  test('no operations at all, and scans of a fewest length', () => {
    expect(problemsOf('readproportion=0\nupdateproportion=0')).toMatchInlineSnapshot(`
      "
      w.properties:1:16  no operation has a proportion above 0
          1 | readproportion=0
            |                ^ expected a sum above 0, of 1 as a rule
      "
    `)
    expect(problemsOf('scanproportion=1\nminscanlength=5')).toMatchInlineSnapshot(`
      "
      w.properties:2:15  scans of at least 5 rows are not modelled
          2 | minscanlength=5
            |               ^ expected 1, or scanRows in the phase
      "
    `)
    expect(problemsOf('scanproportion=1\nminscanlength=5', ['scanRows'])).toBe('\n\n')
  })

  test('an unknown property is told, with the nearest name', () => {
    expect(read('recordcont=5\nhbase.foo=1').notes).toEqual([
      'w.properties:1: "recordcont" is no property of a core workload of YCSB; did you mean "recordcount"?',
      'w.properties:2: "hbase.foo" is no property of a core workload of YCSB',
    ])
  })
})
