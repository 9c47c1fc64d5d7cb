// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Hadoop's variables
import { describe, expect, test } from 'vitest'
import type { LoadOptions } from '../../src/scenario/load.js'
import { bad } from '../../src/scenario/reading.js'
import { complaintAbout, LEAST, load } from './fixture.js'

const HANDLERS = 'hbase.regionserver.handler.count'
const CAPACITY = 'replication.source.nb.capacity'

const xml = (...properties: string[]) =>
  [
    '<configuration>',
    ...properties.map((one) => `  <property>${one}</property>`),
    '</configuration>',
  ].join('\n')
const property = (name: string, value: string | number, final = '') =>
  `<name>${name}</name><value>${value}</value>${final}`
const FINAL = '<final>true</final>'

/** Options with which a scenario can name `files`. */
function withFiles(files: Record<string, string>): LoadOptions {
  return {
    read: (name) => {
      if (Object.hasOwn(files, name)) return { value: { name, text: files[name] } }
      return bad('bad-file', `cannot read "${name}": no such file`)
    },
  }
}

const given = (...texts: string[]): LoadOptions => ({
  site: texts.map((text, i) => ({ name: `/etc/${i + 1}.xml`, text })),
})

function siteOf(text: string, options: LoadOptions, variant = 0) {
  return load(LEAST + text, options).variants[variant].scenario.site
}

describe('the site of a scenario', () => {
  const files = withFiles({
    'core-site.xml': xml(property('io.file.buffer.size', 131072), property(HANDLERS, 40)),
    'in/hbase-site.xml': xml(property(HANDLERS, 60), property('hbase.wal.hsync', 'true')),
  })

  test('may be one file', () => {
    expect(siteOf('site: in/hbase-site.xml\n', files)).toEqual({
      [HANDLERS]: '60',
      'hbase.wal.hsync': 'true',
    })
  })

  test('may be a list of files and maps, later ones over earlier ones', () => {
    const list = 'site: [core-site.xml, in/hbase-site.xml, { hbase.wal.hsync: false, a: 1.0 }]\n'
    expect(siteOf(list, files)).toEqual({
      'io.file.buffer.size': '131072',
      [HANDLERS]: '60',
      'hbase.wal.hsync': 'false',
      a: '1.0',
    })
    expect(siteOf('site: [in/hbase-site.xml, core-site.xml]\n', files)[HANDLERS]).toBe('40')
  })

  test('may be empty, and other files in a variant', () => {
    expect(siteOf('site:\n', files)).toEqual({})
    const text = 'site: core-site.xml\nvariants: { v: { site: [in/hbase-site.xml] }, w: {} }\n'
    expect(siteOf(text, files, 0)).toEqual({ [HANDLERS]: '60', 'hbase.wal.hsync': 'true' })
    expect(siteOf(text, files, 1)[HANDLERS]).toBe('40')
  })

  test('is overridden by variants and --set, whatever it was made of', () => {
    const text = `site: [core-site.xml]\nvariants: { v: { 'site["${HANDLERS}"]': 50 } }\n`
    const options = { ...files, set: [`site["hbase.wal.hsync"]=true`] }
    expect(siteOf(text, options, 1)).toMatchObject({ [HANDLERS]: '50', 'hbase.wal.hsync': 'true' })
  })
})

describe('--site', () => {
  test("later files over earlier ones, the scenario's map over all", () => {
    const options = given(
      xml(property(HANDLERS, 40), property('a', 1)),
      xml(property(HANDLERS, 60), property('b', 1)),
    )
    expect(siteOf('site: { b: 2 }\n', options)).toEqual({ [HANDLERS]: '60', a: '1', b: '2' })
  })

  test("takes the place of the scenario's own files, which is told", () => {
    const options = { ...withFiles({}), ...given(xml(property(HANDLERS, 60))) }
    const loaded = load(`${LEAST}site: [a.xml, b.xml, { x: 1 }]\n`, options)
    expect(loaded.variants[0].scenario.site).toEqual({ [HANDLERS]: '60', x: '1' })
    expect(loaded.notes).toEqual(['--site takes the place of a.xml, b.xml of the scenario'])
  })

  test("what is final holds against later files, not against the scenario's map", () => {
    const first = xml(property(HANDLERS, 40, FINAL), property('a', 1, FINAL))
    const options = given(first, xml(property(HANDLERS, 60), property('a', 2)))
    const loaded = load(`${LEAST}site: { a: 3 }\n`, options)
    expect(loaded.variants[0].scenario.site).toEqual({ [HANDLERS]: '40', a: '3' })
    expect(loaded.notes).toEqual([
      `/etc/2.xml:2: ${HANDLERS} is final in /etc/1.xml:2: this is ignored`,
      '/etc/2.xml:3: a is final in /etc/1.xml:3: this is ignored',
    ])
  })
})

describe('variables', () => {
  test('are expanded with what files, scenario, variants and --set set', () => {
    const options = given(xml(property(HANDLERS, '${my.handlers}0'), property('my.handlers', 4)))
    const text = `site: { ${CAPACITY}: '\${${HANDLERS}}' }
variants: { v: { 'site["my.handlers"]': 5 } }\n`
    expect(siteOf(text, options)).toEqual({
      [HANDLERS]: '40',
      [CAPACITY]: '40',
      'my.handlers': '4',
    })
    expect(siteOf(text, options, 1)).toMatchObject({ [HANDLERS]: '50', [CAPACITY]: '50' })
    const set = { ...options, set: ['site["my.handlers"]=6'] }
    expect(siteOf(text, set)).toMatchObject({ [HANDLERS]: '60', [CAPACITY]: '60' })
  })

  test('of properties that nothing reads stay as they are', () => {
    const options = given(xml(property('hbase.rootdir', '${fs.defaultFS}/hbase')))
    expect(siteOf('', options)).toEqual({ 'hbase.rootdir': '${fs.defaultFS}/hbase' })
  })

  test('that cannot be expanded are reported where they stand', () => {
    const options = given(xml(property(HANDLERS, '${lost}'), property(CAPACITY, '${env.CAP}')))
    expect(complaintAbout(LEAST, options)).toMatchInlineSnapshot(`
      "
      /etc/1.xml:2:65  "\${lost}" in hbase.regionserver.handler.count is set nowhere
          2 |   <property><name>hbase.regionserver.handler.count</name><value>\${lost}</value></property>
            |                                                                 ^^^^^^^ expected a property lost
      /etc/1.xml:3:63  "\${env.CAP}" in replication.source.nb.capacity depends on the machine, which is not looked at
          3 | urce.nb.capacity</name><value>\${env.CAP}</value></property>
            |                               ^^^^^^^^^^ expected a value, e.g. in the scenario's site
      "
    `)
    const circle = given(
      xml(property(HANDLERS, ' ${a} '), property('a', '${b}'), property('b', '${a}')),
    )
    expect(complaintAbout(LEAST, circle)).toMatchInlineSnapshot(`
      "
      /etc/1.xml:2:66  the variables of hbase.regionserver.handler.count take 20 substitutions or more
          2 |   <property><name>hbase.regionserver.handler.count</name><value> \${a} </value></property>
            |                                                                  ^^^^ expected fewer, as Hadoop does
      "
    `)
    const itself = `${LEAST}site: { ${HANDLERS}: '\${${HANDLERS}}' }\n`
    expect(complaintAbout(itself)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:43  "\${hbase.regionserver.handler.count}" in hbase.regionserver.handler.count leads back to itself
          5 | site: { hbase.regionserver.handler.count: '\${hbase.regionserver.handler.count}' }
            |                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "
    `)
    const long = given(xml(property(HANDLERS, '${a}'), property('a', 'x'.repeat(5000))))
    expect(complaintAbout(LEAST, long)).toMatchInlineSnapshot(`
      "
      /etc/1.xml:2:65  the variables of hbase.regionserver.handler.count make a text that is too long
          2 |   <property><name>hbase.regionserver.handler.count</name><value>\${a}</value></property>
            |                                                                 ^^^^
      "
    `)
  })

  test('expand to values of the type and range of the property', () => {
    const options = given(xml(property(HANDLERS, '${my.handlers}'), property('my.handlers', 0)))
    expect(complaintAbout(LEAST, options)).toMatchInlineSnapshot(`
      "
      /etc/1.xml:2:65  "0" is not a value of hbase.regionserver.handler.count
          2 | er.handler.count</name><value>\${my.handlers}</value></property>
            |                               ^^^^^^^^^^^^^^ expected a whole number from 1 to 1000
      "
    `)
  })
})

describe('what is wrong', () => {
  test('with a value of a file is reported in the file', () => {
    const files = withFiles({ 'a.xml': xml(property(HANDLERS, 'many')) })
    expect(complaintAbout(`${LEAST}site: [a.xml]\n`, files)).toMatchInlineSnapshot(`
      "
      a.xml:2:65  "many" is not a value of hbase.regionserver.handler.count
          2 |   <property><name>hbase.regionserver.handler.count</name><value>many</value></property>
            |                                                                 ^^^^ expected a whole number from 1 to 1000
      "
    `)
    expect(complaintAbout(LEAST, given(xml(property(HANDLERS, 0))))).toMatchInlineSnapshot(`
      "
      /etc/1.xml:2:65  "0" is not a value of hbase.regionserver.handler.count
          2 |   <property><name>hbase.regionserver.handler.count</name><value>0</value></property>
            |                                                                 ^ expected a whole number from 1 to 1000
      "
    `)
  })

  test('with a value of a map in a list is reported there', () => {
    expect(complaintAbout(`${LEAST}site: [{ ${HANDLERS}: many }]\n`)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:44  "many" is not a value of hbase.regionserver.handler.count
          5 | site: [{ hbase.regionserver.handler.count: many }]
            |                                            ^^^^ expected a whole number from 1 to 1000
      "
    `)
    expect(complaintAbout(`${LEAST}site: [{ a: [1] }]\n`)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:13  a list is not the value of a property
          5 | site: [{ a: [1] }]
            |             ^ expected one value
      "
    `)
  })

  test('with a file is reported where the scenario names it', () => {
    const text = `${LEAST}site:
  - lost.xml
  - ../hbase-site.xml
  - /etc/hbase/conf/hbase-site.xml
  - http://example.org/hbase-site.xml
variants: { v: { site: gone.xml } }
`
    expect(complaintAbout(text, withFiles({}))).toMatchInlineSnapshot(`
      "
      bad.yaml:6:5  cannot read "lost.xml": no such file
          6 |   - lost.xml
            |     ^^^^^^^^
      bad.yaml:7:5  "../hbase-site.xml" is not below the scenario: it goes up
          7 |   - ../hbase-site.xml
            |     ^^^^^^^^^^^^^^^^^ expected a file name below the folder of the scenario, e.g. inputs/hbase-site.xml
      bad.yaml:8:5  "/etc/hbase/conf/hbase-site.xml" is not below the scenario: it is absolute
          8 |   - /etc/hbase/conf/hbase-site.xml
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected a file name below the folder of the scenario, e.g. inputs/hbase-site.xml
      bad.yaml:9:5  "http://example.org/hbase-site.xml" is not below the scenario: it is a URL
          9 |   - http://example.org/hbase-site.xml
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected a file name below the folder of the scenario, e.g. inputs/hbase-site.xml
      bad.yaml:10:24  cannot read "gone.xml": no such file
         10 | variants: { v: { site: gone.xml } }
            |                        ^^^^^^^^
      "
    `)
    expect(complaintAbout(`${LEAST}site: a.xml\n`)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:7  no files can be read here
          5 | site: a.xml
            |       ^^^^^
      "
    `)
  })

  test('with what is no site', () => {
    expect(complaintAbout(`${LEAST}site: 5\n`)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:7  5 is no site
          5 | site: 5
            |       ^ expected a map of properties, a file such as inputs/hbase-site.xml, or a list of both
      "
    `)
    expect(complaintAbout(`${LEAST}site: [a.xml, [b.xml]]\n`)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:7  a list is no site
          5 | site: [a.xml, [b.xml]]
            |       ^ expected a map of properties, a file such as inputs/hbase-site.xml, or a list of both
      "
    `)
    const many = Array.from({ length: 21 }, (_, i) => `${i}.xml`).join(', ')
    expect(complaintAbout(`${LEAST}site: [${many}]\n`)).toContain('a list is no site')
  })
})

describe('what the model does not read', () => {
  test('is listed by the file that set it', () => {
    const options = given(
      xml(property('z', 1), property('b', 1), property(HANDLERS, 60)),
      xml(property('c', 1)),
    )
    const loaded = load(`${LEAST}site: { a: 1, c: 2 }\n`, options)
    expect(loaded.ignoredProperties).toEqual(['a', 'b', 'c', 'z'])
    expect(loaded.ignored).toEqual([
      { file: null, names: ['a', 'c'] },
      { file: '/etc/1.xml', names: ['b', 'z'] },
    ])
  })

  test('is not said to be without effect where it is part of what the model reads', () => {
    const site = `site: { a: "\${b}", b: 50, c: "\${d}", d: 1, ${HANDLERS}: "\${a}" }\n`
    const loaded = load(LEAST + site)
    expect(loaded.variants[0].scenario.site[HANDLERS]).toBe('50')
    expect(loaded.ignoredProperties).toEqual(['c', 'd'])
  })

  test('is told if it looks like a slip of the hand', () => {
    const { notes } = load(`${LEAST}site: { hbase.regionserver.handlers.count: 60 }\n`)
    expect(notes).toEqual([
      `"hbase.regionserver.handlers.count" is not modelled; did you mean "${HANDLERS}"?`,
    ])
    const { notes: none } = load(`${LEAST}site: { hbase.regionserver.handler.abort: 60 }\n`)
    expect(none).toEqual([])
  })
})

describe('files in results', () => {
  const options = given(
    xml(property(HANDLERS, 60), property('hbase.wal.hsync', 'true'), property('a', 1)),
  )

  test('a scenario knows the files of modelled properties, by their names alone', () => {
    const text = `${LEAST}site: { hbase.wal.hsync: true }
variants: { v: { 'site["${HANDLERS}"]': 60 } }\n`
    const [base, v] = load(text, options).variants
    expect(base.scenario.siteFiles).toEqual({ [HANDLERS]: '1.xml' })
    expect(v.scenario).not.toHaveProperty('siteFiles')
  })

  test('the hash covers the properties, not where they come from', () => {
    const text = `${LEAST}site: { ${HANDLERS}: 60, hbase.wal.hsync: true, a: 1 }\n`
    expect(load(LEAST, options).hash).toBe(load(text).hash)
    expect(load(LEAST, given(xml(property(HANDLERS, 61)))).hash).not.toBe(load(LEAST).hash)
  })
})
