import { expect, test } from 'vitest'
import { HadoopConfiguration } from '../../src/scenario/hadoop-configuration.js'
import { readSiteXml } from '../../src/scenario/site-xml.js'

interface Property {
  name: string
  value: string
  final?: boolean
}

function resource(name: string, properties: readonly Property[]) {
  const lines = properties.map(({ name: key, value, final = false }) => {
    return `<property><name>${key}</name><value>${value}</value><final>${final}</final></property>`
  })
  const text = ['<configuration>', ...lines, '</configuration>'].join('\n')
  return readSiteXml({ name, text })
}

function load(...resources: (readonly Property[])[]) {
  const configuration = new HadoopConfiguration()
  for (const [i, properties] of resources.entries()) {
    configuration.addResource(resource(`${i + 1}.xml`, properties))
  }
  return configuration
}

test('of equal properties the one of the later resource wins, in one resource the last', () => {
  const configuration = load(
    [
      { name: 'a', value: '1' },
      { name: 'b', value: '1' },
    ],
    [
      { name: 'b', value: '2' },
      { name: 'b', value: '3' },
    ],
  )
  expect(configuration.read().properties).toEqual({ a: '1', b: '3' })
  expect(configuration.notes).toEqual([])
})

test('a final property is not changed by later resources, which is told', () => {
  const configuration = load(
    [{ name: 'a', value: '1', final: true }],
    [
      { name: 'a', value: '2' },
      { name: 'b', value: '2' },
    ],
    [{ name: 'a', value: '1' }],
  )
  expect(configuration.read().properties).toEqual({ a: '1', b: '2' })
  expect(configuration.notes).toEqual(['2.xml:2: a is final in 1.xml:2: this is ignored'])
})

test('a property that is final later only is replaced until then', () => {
  const configuration = load(
    [{ name: 'a', value: '1' }],
    [
      { name: 'a', value: '2', final: true },
      { name: 'a', value: '3' },
    ],
  )
  expect(configuration.read().properties).toEqual({ a: '2' })
  expect(configuration.notes).toEqual(['2.xml:3: a is final in 2.xml:2: this is ignored'])
})

test('what is set is bound by nothing', () => {
  const configuration = load([{ name: 'a', value: '1', final: true }])
  configuration.set('a', '2', ['site', 'a'], null)
  expect(configuration.read().properties).toEqual({ a: '2' })
  expect(configuration.read().origins.get('a')).toEqual({ path: ['site', 'a'] })
})

test('an empty value is none, but may be final (HADOOP-6227)', () => {
  const configuration = load(
    [{ name: 'a', value: '1' }],
    [
      { name: 'a', value: '' },
      { name: 'b', value: '', final: true },
    ],
    [{ name: 'b', value: '2' }],
  )
  expect(configuration.read().properties).toEqual({ a: '1' })
  expect(configuration.notes).toEqual([
    '2.xml:2: a has an empty value, which Hadoop takes for none',
    '2.xml:3: b has an empty value, which Hadoop takes for none',
    '3.xml:2: b is final in 2.xml:3: this is ignored',
  ])
})

test('an empty value of what nobody reads is not worth a word', () => {
  const configuration = new HadoopConfiguration([], (name) => name !== 'a')
  configuration.addResource(resource('1.xml', [{ name: 'a', value: '' }]))
  expect(configuration.notes).toEqual([])
})

test("Hadoop's old names set the new ones in the order of the resources", () => {
  const configuration = load(
    [{ name: 'dfs.blocksize', value: '1m' }],
    [{ name: 'dfs.block.size', value: '2m', final: true }],
    [{ name: 'dfs.blocksize', value: '3m' }],
  )
  expect(configuration.read().properties).toEqual({ 'dfs.blocksize': '2m' })
  expect(configuration.notes).toEqual([
    '2.xml:2: dfs.block.size is read as dfs.blocksize, its new name',
    '3.xml:2: dfs.blocksize is final in 2.xml:2: this is ignored',
  ])
})

test("HBase's old names are read where the new one is not set, whatever comes first", () => {
  const old = 'hbase.regionserver.global.memstore.upperLimit'
  const name = 'hbase.regionserver.global.memstore.size'
  const alone = load([{ name: old, value: '0.3' }])
  expect(alone.read().properties).toEqual({ [name]: '0.3' })
  expect(alone.notes).toEqual([`1.xml:2: ${old} is read as ${name}, its new name`])
  const both = load([{ name, value: '0.5' }], [{ name: old, value: '0.3' }])
  expect(both.read().properties).toEqual({ [name]: '0.5' })
  expect(both.notes).toEqual([`2.xml:2: ${old} is ignored: ${name} is set, its new name`])
})

test('an old name that means something else is told', () => {
  const old = 'hbase.regionserver.global.memstore.lowerLimit'
  const configuration = load([{ name: old, value: '0.35' }])
  expect(configuration.read().properties).toEqual({ [old]: '0.35' })
  expect(configuration.notes).toEqual([
    `1.xml:2: ${old} is not read; ` +
      'write hbase.regionserver.global.memstore.size.lower.limit, a share of the upper limit',
  ])
})
