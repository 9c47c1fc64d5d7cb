import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadFile } from '../../src/cli/load-file.js'
import { scenarioInputs } from '../../src/cli/scenario-inputs.js'

const folder = mkdtempSync(join(tmpdir(), 'hbsim-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const XML = '<configuration><property><name>a</name><value>1</value></property></configuration>'
mkdirSync(join(folder, 'scenarios', 'inputs'), { recursive: true })
put('secret.xml', XML)
put('scenarios/inputs/hbase-site.xml', XML)
const scenario = put(
  'scenarios/s.yaml',
  `name: s
duration: 1 min
tables: { usertable: { regions: 1 } }
workload: { ycsb: inputs/w.properties }
site: inputs/hbase-site.xml
`,
)

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function complaintOf(path: string): string {
  const reading = scenarioInputs(scenario)(path)
  return 'complaint' in reading ? reading.complaint.message : 'none'
}

test('files below the folder of the scenario are read under their full name', () => {
  put('scenarios/inputs/w.properties', 'recordcount=10\n')
  const { variants } = loadFile(scenario)
  expect(variants[0].scenario.site).toEqual({ a: '1' })
  expect(variants[0].scenario.workload[0].keyCount).toBe(10)
  expect(scenarioInputs(scenario)('inputs/w.properties')).toEqual({
    value: { name: join(folder, 'scenarios/inputs/w.properties'), text: 'recordcount=10\n' },
  })
})

test('links may lead about below it, and nowhere else', () => {
  symlinkSync(join(folder, 'scenarios/inputs/hbase-site.xml'), join(folder, 'scenarios/in.xml'))
  expect(complaintOf('in.xml')).toBe('none')
  symlinkSync(join(folder, 'secret.xml'), join(folder, 'scenarios/out.xml'))
  expect(complaintOf('out.xml')).toBe('"out.xml" is a link that leads elsewhere')
  symlinkSync(folder, join(folder, 'scenarios/up'))
  expect(complaintOf('up/secret.xml')).toBe('"up/secret.xml" is a link that leads elsewhere')
  // Its name only begins like that of the folder.
  mkdirSync(join(folder, 'scenarios-too'))
  put('scenarios-too/a.xml', XML)
  symlinkSync(join(folder, 'scenarios-too/a.xml'), join(folder, 'scenarios/too.xml'))
  expect(complaintOf('too.xml')).toBe('"too.xml" is a link that leads elsewhere')
})

test('what is missing, a folder or no text is reported, not thrown', () => {
  expect(complaintOf('inputs/hbase-sight.xml')).toContain('no such file; did you mean')
  expect(complaintOf('inputs')).toContain('it is a folder')
  put('scenarios/binary.xml', new Uint8Array([0x41, 0xff, 0x42]))
  expect(complaintOf('binary.xml')).toContain('not UTF-8')
})

test('a shipped scenario may name files of its folder', () => {
  expect(loadFile('your-cluster').variants.length).toBeGreaterThan(1)
})
