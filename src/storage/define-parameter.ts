import type { Grade, Parameter, Quantity } from './parameter.js'

/** A parameter in one line per member, for the registries of profiles. */
export function parameter(
  quantity: Quantity,
  value: Parameter['value'],
  grade: Grade,
  doc: string,
  source: string,
): Parameter {
  return { quantity, value, doc, source, grade }
}
