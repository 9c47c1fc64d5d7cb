import { z } from 'zod'
import type { Properties } from '../storage/configuration.js'
import { describe } from './describe.js'
import { bad } from './reading.js'
import { leaf } from './schema-leaf.js'

/**
 * Properties by their real names. Values arrive as source text; the JSON Schema names the
 * `properties` that the model reads.
 */
export function propertiesSchema(properties: Properties, description: string) {
  const known = Object.entries(properties).map(([name, property]) => {
    return [name, { description: `${property.doc} Default: ${property.value}.` }]
  })
  const value = leaf<string>(
    (text) => {
      if (typeof text === 'string') return { value: text }
      return bad('wrong-type', `${describe(text)} is not the value of a property`, 'one value')
    },
    { type: ['string', 'number', 'boolean'] },
  )
  return z.record(z.string(), value).meta({
    description,
    properties: Object.fromEntries(known),
  })
}
