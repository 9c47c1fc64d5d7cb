import { describe, expect, test } from 'vitest'
import { readSiteXml } from '../../src/scenario/site-xml.js'
import { messageOf } from './fixture.js'

const SITE = `<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>
<!-- a <site> & more, <!DOCTYPE included -->
<configuration xmlns:xi="http://www.w3.org/2001/XInclude">
  <property>
    <name> hbase.regionserver.handler.count </name>
    <value> 60 </value>
    <description>More <b>handlers</b>.</description>
    <final>true</final>
  </property>
  <property><name>hbase.env</name><value>-Da=&quot;1 &lt; 2 &amp;amp; &#51;&quot;</value></property>
  <property><name>empty</name><value/></property>
  <property><name>none</name></property>
  <property><name>cdata</name><value>a<!-- and --><![CDATA[ &amp; <b>]]></value></property>
  <property name="short" value="1" final="true"/>
  <property name='both' value='attribute'><value>element</value></property>
  <property><name>twice</name><value>1</value></property>
  <property><name>twice</name><value>2</value><final> true </final></property>
</configuration>
`

const read = (text: string) => readSiteXml({ name: 'hbase-site.xml', text })
const refusal = (text: string) => messageOf(() => read(text))
const property = (name: string, value: string) =>
  `<configuration><property><name>${name}</name><value>${value}</value></property></configuration>`

test('the properties of a real site file, in their order', () => {
  const properties = read(SITE).map(({ name, value, final }) => [name, value, final])
  expect(properties).toEqual([
    ['hbase.regionserver.handler.count', ' 60 ', true],
    ['hbase.env', '-Da="1 < 2 &amp; 3"', false],
    ['empty', null, false],
    ['none', null, false],
    ['cdata', 'a &amp; <b>', false],
    ['short', '1', true],
    ['both', 'element', false],
    ['twice', '1', false],
    // Hadoop compares the text as it is.
    ['twice', '2', false],
  ])
  expect(read('<configuration/>')).toEqual([])
  expect(read('\u{feff}<configuration></configuration>\n<!-- end -->\n')).toEqual([])
})

test('a property stands where its value is', () => {
  const places = read(SITE).map(({ span }) => SITE.slice(span.from, span.to))
  expect(places).toEqual([
    '60',
    '-Da=&quot;1 &lt; 2 &amp;amp; &#51;&quot;',
    '<property>',
    '<property>',
    'a',
    '1',
    'element',
    '1',
    '2',
  ])
})

describe('bad site files', () => {
  test('no XML, no configuration, no properties', () => {
    expect(refusal('')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  an empty file
          1 | 
            | ^ expected <configuration> as the root
      "
    `)
    expect(refusal('a = b')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  text outside of the root element
          1 | a = b
            | ^ expected <configuration>
      "
    `)
    expect(refusal('<configuration>\n  <property>\n</configuration>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:3:1  "</configuration>" closes nothing
          3 | </configuration>
            | ^^^^^^^^^^^^^^^^ expected </property>
      "
    `)
    expect(refusal('<configuration>\n  <property>\n')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:3  <property> is not closed
          2 |   <property>
            |   ^
      "
    `)
    expect(refusal('<beans/>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  no Hadoop configuration
          1 | <beans/>
            | ^^^^^^^^ expected <configuration> as the root
      "
    `)
    expect(refusal('<configuration/><configuration/>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:17  a second root element begins
          1 | <configuration/><configuration/>
            |                 ^^^^^^^^^^^^^^^
      "
    `)
    expect(refusal(property('a', '1 && 2'))).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:49  a bare & is no XML
          1 | <configuration><property><name>a</name><value>1 && 2</value></property></configuration>
            |                                                 ^ expected &amp; for a &
      "
    `)
    expect(refusal(property('a', '<b>1</b>'))).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:47  <b> inside of a <value>
          1 | <configuration><property><name>a</name><value><b>1</b></value></property></configuration>
            |                                               ^^^
      "
    `)
    expect(refusal('<configuration><!-- ')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:16  a comment is not closed
          1 | <configuration><!--
            |                ^ expected -->
      "
    `)
    expect(
      refusal('<configuration><property name="a" value=1/></configuration>'),
    ).toMatchInlineSnapshot(`
        "
        hbase-site.xml:1:41  unquoted attribute value
            1 | <configuration><property name="a" value=1/></configuration>
              |                                         ^ expected quotes around it
        "
      `)
    expect(refusal('<configuration>\n<name>a</name></configuration>')).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:1  <name> is not read
          2 | <name>a</name></configuration>
            | ^^^^^^ expected only <property> elements
      "
    `)
  })

  test('includes are not followed', () => {
    const include = '<configuration>\n  <xi:include href="/etc/passwd"/>\n</configuration>'
    expect(refusal(include)).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:3  <xi:include> is not followed
          2 |   <xi:include href="/etc/passwd"/>
            |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected --site for each file
      "
    `)
  })

  test('properties without a name', () => {
    expect(
      refusal(`<configuration>
  <property><value>1</value></property>
</configuration>`),
    ).toMatchInlineSnapshot(`
      "
      hbase-site.xml:2:3  a property without a <name>
          2 |   <property><value>1</value></property>
            |   ^^^^^^^^^^
      "
    `)
  })

  test('names that reach into prototypes', () => {
    expect(refusal(property('__proto__', '1'))).toContain('"__proto__" cannot be a property')
    expect(refusal('<configuration><__proto__><a>1</a></__proto__></configuration>')).toContain(
      '<__proto__> is not read',
    )
    expect({}).not.toHaveProperty('a')
  })

  test('document types and entities, so that no text can multiply', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>\n${property('a', '&d;')}`
    expect(refusal(bomb)).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:1  document types and entities are not read
          1 | <!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>
            | ^^
      "
    `)
    expect(refusal(property('a', '&d;'))).toMatchInlineSnapshot(`
      "
      hbase-site.xml:1:47  the entity "&d;" is not read
          1 | <configuration><property><name>a</name><value>&d;</value></property></configuration>
            |                                               ^^^ expected &amp; for a &
      "
    `)
    expect(refusal(property('a', '&#0;'))).toContain('the entity "&#0;" is not read')
    expect(refusal(property('a', '&#x110000;'))).toContain('is not read')
  })

  test.each([
    ['1 < 2', 'disallowed character in tag name', '&lt; for a <'],
    ['1 &amp; 2 & 3; 4', 'a bare & is no XML', '&amp; for a &'],
    ['<!-- & -->1 & 2<!-- 3 -->', 'a bare & is no XML', '&amp; for a &'],
    ['<!-- & ; -- -->', 'malformed comment', 'no -- inside of a comment'],
    [']]>', 'the string "]]>" is disallowed in char data', ']]&gt;'],
    ['</a>', '"</a>" closes nothing', '</value>'],
    ['<!DOCTYPE b>', 'document types and entities are not read', null],
    ['<b c="1" c="2"/>', 'duplicate attribute: c', null],
    ['<b c="<"/>', 'disallowed character', null],
    ['\u{1}', 'disallowed character', null],
  ])('a value of %j', (value, message, expected) => {
    const found = refusal(property('a', value))
    expect(found).toContain(`  ${message}\n`)
    if (expected === null) expect(found).not.toContain('expected')
    else expect(found).toContain(`^ expected ${expected}\n`)
  })

  test.each([
    ['<!-- & <b> -->', 'no element'],
    ['</configuration>', '"</configuration>" closes nothing'],
    ['<configuration>\n<', 'a tag is not closed'],
    ['<configuration a="b & c">\n</configuration>', 'a bare & is no XML'],
    ['<configuration>\n<![CDATA[ & <', 'a CDATA section is not closed'],
    ['<?xml version="1.0"', 'an instruction is not closed'],
    ['<!DOCTYPE configuration', 'document types and entities are not read'],
    ['\n<?xml version="1.0"?><configuration/>', 'an XML declaration must be at the start'],
  ])('a file of %j', (text, message) => {
    expect(refusal(text)).toContain(message)
  })

  test('lines that end as on Windows', () => {
    const text = SITE.replaceAll('\n', '\r\n')
    const places = readSiteXml({ name: 'hbase-site.xml', text }).map(({ value, span }) => {
      return [value?.trim(), text.slice(span.from, span.to)]
    })
    expect(places[0]).toEqual(['60', '60'])
    expect(places.at(-1)).toEqual(['2', '2'])
  })

  test.each([
    ['depth', '<configuration>'.repeat(5000), '<configuration> is not read'],
    ['depth in a description', deep(5000), 'nested too deeply'],
    ['size', property('a', 'x'.repeat(1_048_576)), '1048657 characters'],
    ['numbers', `<configuration>${'<property name="a" value=""/>'.repeat(2002)}`, 'too many'],
    ['comments', `<configuration>${'<!--'.repeat(200_000)}`, 'malformed comment'],
    ['dashes', `<configuration><!--${'- '.repeat(500_000)}`, 'a comment is not closed'],
    ['ampersands', property('a', '&'.repeat(500_000)), 'a bare & is no XML'],
    ['tags', `<configuration>${'<a '.repeat(300_000)}`, 'disallowed character in attribute name'],
    ['quotes', `<configuration><a ${'b="'.repeat(200_000)}`, 'no whitespace between attributes'],
    ['attributes', `<configuration><a ${attributes(80_000)}`, 'a tag is not closed'],
    ['names', `<${'x'.repeat(1_000_000)}`, 'a tag is not closed'],
    ['values', `<configuration><property name="${'x'.repeat(1_000_000)}`, 'a tag is not closed'],
    ['CDATA', `<configuration>${VALUE}${'<![CDATA[ ]]>'.repeat(75_000)}`, '<value> is not closed'],
    ['blanks', `<configuration>${VALUE}${' <!---->'.repeat(130_000)}`, '<value> is not closed'],
    [
      'brackets',
      `<configuration><![CDATA[${']'.repeat(1_000_000)}`,
      'a CDATA section is not closed',
    ],
  ])('hostile %s is refused', (_, text, message) => {
    expect(refusal(text)).toContain(message)
  })
})

const VALUE = '<property><name>a</name><value>'

function attributes(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}=""`).join(' ')
}

function deep(levels: number): string {
  return `<configuration><property><description>${'<a>'.repeat(levels)}`
}
