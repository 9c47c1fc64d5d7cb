import { expect, test } from 'vitest'
import { InputFiles } from '../../src/scenario/input-files.js'

const open = () => new InputFiles((name) => ({ value: { name, text: '' } }))

function complaintOf(path: string): string {
  const reading = open().get(path)
  return 'complaint' in reading ? reading.complaint.message : 'none'
}

test('plain names below the folder are read', () => {
  for (const path of ['hbase-site.xml', 'inputs/hbase-site.xml', 'a/b/c d.xml', '..x', 'a..b/c']) {
    expect(complaintOf(path)).toBe('none')
  }
})

test.each([
  ['/etc/passwd', '"/etc/passwd" is not below the scenario: it is absolute'],
  ['~/x.xml', '"~/x.xml" is not below the scenario: it is absolute'],
  ['\\\\host\\x', '"\\\\host\\x" is not below the scenario: it is absolute'],
  ['C:\\x.xml', '"C:\\x.xml" is not below the scenario: it is a URL'],
  ['http://a/b.xml', '"http://a/b.xml" is not below the scenario: it is a URL'],
  ['file:x.xml', '"file:x.xml" is not below the scenario: it is a URL'],
  ['../x.xml', '"../x.xml" is not below the scenario: it goes up'],
  ['a/../../x.xml', '"a/../../x.xml" is not below the scenario: it goes up'],
  ['a\\..\\x.xml', '"a\\..\\x.xml" is not a plain file name'],
  ['./x.xml', '"./x.xml" is not a plain file name'],
  ['a//x.xml', '"a//x.xml" is not a plain file name'],
  ['a\nb', '"a\u{fffd}b" is not a plain file name'],
  ['', '"" cannot be a file name'],
  ['x'.repeat(301), `"${'x'.repeat(60)}…" cannot be a file name`],
])('%j is refused', (path, message) => {
  expect(complaintOf(path)).toBe(message)
})

test('each file is read once, and a hundred at most', () => {
  const read: string[] = []
  const files = new InputFiles((name) => {
    read.push(name)
    return { value: { name, text: '' } }
  })
  for (let i = 0; i < 120; i++) {
    files.get(`${i}.xml`)
    files.get(`${i}.xml`)
  }
  expect(read).toHaveLength(100)
  expect(files.get('120.xml')).toMatchObject({ complaint: { code: 'too-large' } })
})

test('without anyone who reads there are no files', () => {
  expect(new InputFiles().get('a.xml')).toMatchObject({
    complaint: { message: 'no files can be read here' },
  })
})
