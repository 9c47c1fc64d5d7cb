import type { z } from 'zod'
import type { Complaint } from './bad-input.js'
import { describe } from './describe.js'
import { type Finding, finding } from './finding.js'
import { type JsonSchema, schemaAt } from './json-schema.js'
import { formatPath, type Path, valueAt } from './path.js'
import { complain, oneOf, unknown } from './reading.js'
import { quote } from './source-text.js'

/** More than anyone reads; a hostile file can have a hundred thousand. */
const MOST_ISSUES = 200

/** What the schema found wrong with `data`, in the words of this simulator. */
export function findingsOf(
  issues: readonly z.core.$ZodIssue[],
  data: unknown,
  schema: JsonSchema,
): Finding[] {
  return issues.slice(0, MOST_ISSUES).flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol')
    if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys, data, schema)
    if (path.length > 0 && valueAt(data, path) === undefined) {
      return missingKey(path, expectedAt(issue, path, data, schema))
    }
    if (issue.code === 'invalid_key') return badName(path)
    return finding(
      path,
      complaintOf(issue, path, valueAt(data, path), schemaAt(schema, data, path)),
    )
  })
}

function unknownKeys(path: Path, keys: string[], data: unknown, schema: JsonSchema): Finding[] {
  const names = Object.keys(schemaAt(schema, data, path)?.properties ?? {})
  return keys.map((key) => {
    const message = `unknown key ${quote(key)}${inside(path)}`
    const complaint = unknown('unknown-key', message, key, names)
    return { path: [...path, key], part: 'key', complaint }
  })
}

function missingKey(path: Path, expected: string): Finding {
  const key = formatPath(path.slice(-1))
  const message = `"${key}" is missing${inside(path.slice(0, -1))}`
  return finding(path, complain('missing-key', message, `${key}: ${expected}`))
}

/** What the place of a missing value is for. */
function expectedAt(
  issue: z.core.$ZodIssue,
  path: Path,
  data: unknown,
  schema: JsonSchema,
): string {
  if (issue.code === 'invalid_union') return oneOf(choicesOf(issue))
  return schemaAt(schema, data, path)?.description ?? ''
}

function badName(path: Path): Finding {
  const message = `${describe(path.at(-1))} cannot be a name`
  const complaint = complain('bad-name', message, 'letters, digits, dots and dashes')
  return { path, part: 'key', complaint }
}

function complaintOf(
  issue: z.core.$ZodIssue,
  path: Path,
  value: unknown,
  schema: JsonSchema | null,
): Complaint {
  const got = describe(value)
  switch (issue.code) {
    case 'custom':
      return issue.params?.complaint as Complaint
    case 'invalid_type':
      return complain('wrong-type', `${got} is of the wrong type`, nounOf(issue.expected, schema))
    case 'invalid_value':
    case 'invalid_union': {
      const message = `${got} is not a value of ${formatPath(path)}`
      const names = choicesOf(issue)
      if (typeof value === 'string') return unknown('unknown-name', message, value, names)
      return complain('wrong-type', message, oneOf(names))
    }
    case 'too_small':
    case 'too_big':
      return outOfRange(issue, got, schema)
    case 'invalid_format':
      return complain('bad-name', `${got} cannot be a name`, 'letters, digits, dots and dashes')
    default:
      return complain('wrong-type', `${got}: ${issue.message}`)
  }
}

/** The valid values of an enumeration or of the key that chooses among the members of a union. */
function choicesOf(issue: z.core.$ZodIssueInvalidValue | z.core.$ZodIssueInvalidUnion): string[] {
  const options: readonly unknown[] =
    issue.code === 'invalid_value'
      ? issue.values
      : 'options' in issue && Array.isArray(issue.options)
        ? issue.options
        : []
  return options.filter((option) => typeof option === 'string')
}

function outOfRange(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  got: string,
  schema: JsonSchema | null,
): Complaint {
  if (issue.origin === 'number' || issue.origin === 'int') {
    const expected = nounOf('number', schema)
    return complain('out-of-range', `${got} is out of range`, expected)
  }
  const expected =
    issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  const unit = issue.origin === 'string' ? 'characters' : 'entries'
  return complain('out-of-range', `the number of ${unit} is out of range`, expected)
}

/** `a number from 1 to 1000`, `a map`, … */
function nounOf(type: string, schema: JsonSchema | null): string {
  const NOUNS: Readonly<Record<string, string>> = {
    object: 'a map',
    record: 'a map',
    array: 'a list',
    string: 'a text',
    boolean: 'true or false',
  }
  const noun = NOUNS[type]
  if (noun !== undefined) return noun
  const number = schema?.type === 'integer' ? 'a whole number' : 'a number'
  if (schema?.minimum === undefined || schema.maximum === undefined) return number
  if (schema.maximum === Number.MAX_SAFE_INTEGER) return `${number} of at least ${schema.minimum}`
  return `${number} from ${schema.minimum} to ${schema.maximum}`
}

function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${formatPath(path)}`
}
