import { describe, expect, test } from 'vitest'
import { readSiteXml } from '../../src/scenario/site-xml.js'
import { complaintAbout, LEAST, load, messageOf } from './fixture.js'

const SITE = `<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>
<!-- a site -->
<configuration>
  <property>
    <name>hbase.regionserver.handler.count</name>
    <value> 60 </value>
    <description>More <b>handlers</b>.</description>
    <final>true</final>
  </property>
  <property><name>hbase.env</name><value>-Da=&quot;1 &lt; 2 &amp;amp; 3&quot;</value></property>
  <property><name>empty</name><value/></property>
  <property><name>twice</name><value>1</value></property>
  <property><name>twice</name><value>2</value></property>
</configuration>
`

const read = (text: string) => readSiteXml({ name: 'hbase-site.xml', text })
const refusal = (text: string) => messageOf(() => read(text))
const property = (name: string, value: string) =>
  `<configuration><property><name>${name}</name><value>${value}</value></property></configuration>`

test('a real site file becomes properties by name; the last of equals wins', () => {
  expect(read(SITE).properties).toEqual({
    'hbase.regionserver.handler.count': '60',
    'hbase.env': '-Da="1 < 2 &amp; 3"',
    empty: '',
    twice: '2',
  })
  expect(read('<configuration/>').properties).toEqual({})
})

test("the scenario's site goes before the file", () => {
  const site = { name: 'hbase-site.xml', text: SITE }
  const text = `${LEAST}site: { twice: 3 }\nvariants: { v: { 'site["empty"]': x } }\n`
  const { variants, ignoredProperties } = load(text, { site })
  const [base, v] = variants.map(({ scenario }) => scenario.site)
  expect(base).toMatchObject({ 'hbase.regionserver.handler.count': '60', twice: '3', empty: '' })
  expect(v).toEqual({ ...base, empty: 'x' })
  expect(ignoredProperties).toEqual(['empty', 'hbase.env', 'twice'])
})

test('a bad value of a modelled property is reported in the file', () => {
  const text = SITE.replace(' 60 ', '0')
  expect(complaintAbout(LEAST, { site: { name: 'hbase-site.xml', text } })).toMatchInlineSnapshot(`
    "
    hbase-site.xml:7:12  "0" is not a value of hbase.regionserver.handler.count
        7 |     <value>0</value>
          |            ^ expected a whole number from 1 to 1000
    "
  `)
})

describe('bad site files', () => {
  test('no XML, no configuration, no properties', () => {
    expect(refusal('')).toContain('hbase-site.xml:1:1  ')
    expect(refusal('a = b')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  char 'a' is not expected.
          1 | a = b
            | ^
      "
    `)
    expect(refusal('<configuration>\n  <property>\n</configuration>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:3:1  Expected closing tag 'property' (opened in line 2, col 3) instead of closing tag
          3 | </configuration>
            | ^
      "
    `)
    expect(refusal('<beans/>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  no Hadoop configuration
          1 | <beans/>
            | ^ expected <configuration> as the root
      "
    `)
    expect(refusal('<configuration/><configuration/>')).toContain('no Hadoop configuration')
    expect(refusal('<configuration>\n<include href="a"/></configuration>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:1  <include> is not read
          2 | <include href="a"/></configuration>
            | ^ expected only <property> elements
      "
    `)
  })

  test('properties without a name or a value', () => {
    expect(
      refusal(`<configuration>
  <property><name>a</name></property>
  <property><value>1</value></property>
</configuration>`),
    ).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:3  property "a" has no <value>
          2 |   <property><name>a</name></property>
            |   ^
      hbase-site.xml:3:20  a property without a <name>
          3 |   <property><value>1</value></property>
            |                    ^
      "
    `)
  })

  test('names that reach into prototypes', () => {
    expect(refusal(property('__proto__', '1'))).toContain('"__proto__" cannot be a property')
    expect(refusal('<configuration><__proto__><a>1</a></__proto__></configuration>')).toContain(
      'hbase-site.xml:1:',
    )
    expect({}).not.toHaveProperty('a')
  })

  test.each([
    ['entities', `<!DOCTYPE a [<!ENTITY b "c">]>${property('a', '&b;')}`, 'a document type'],
    ['depth', '<configuration>'.repeat(5000), 'hbase-site.xml:1:'],
    ['closed depth', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`, 'Maximum nested tags'],
    ['size', property('a', 'x'.repeat(1_048_576)), '1048657 characters'],
  ])('hostile %s is refused', (_, text, message) => {
    expect(refusal(text)).toContain(message)
  })
})
