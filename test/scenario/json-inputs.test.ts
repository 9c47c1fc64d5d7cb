import { expect, test } from 'vitest'
import { editorJsonSchema } from '../../src/scenario/json-inputs.js'
import { vocabulary } from './fixture.js'

const schema = editorJsonSchema(vocabulary)

/** The part of the schema that a JSON pointer names. */
function at(pointer: string): unknown {
  return pointer
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((part, key) => Reflect.get(Object(part), key), schema)
}

test('a site is properties, a file or a list of both', () => {
  expect(at('#/properties/site')).toMatchObject({
    description: expect.stringContaining('by their real names'),
    anyOf: [
      { type: 'object', properties: { 'hbase.wal.hsync': {} } },
      { type: 'string' },
      {
        type: 'array',
        items: { anyOf: [{ $ref: '#/properties/site/anyOf/0' }, { type: 'string' }] },
      },
    ],
  })
})

test('a workload is a list of phases or one of them, each of which may name a file', () => {
  expect(at('#/properties/workload')).toMatchObject({
    anyOf: [{ type: 'array' }, { $ref: '#/properties/workload/anyOf/0/items' }],
  })
  expect(at('#/properties/workload/anyOf/0/items/properties/ycsb')).toMatchObject({
    anyOf: [{ enum: ['A', 'B', 'C', 'D', 'E', 'F'] }, { type: 'string' }],
  })
  expect(at('#/properties/workload/anyOf/0/items/properties/table')).toMatchObject({
    type: 'string',
  })
})
