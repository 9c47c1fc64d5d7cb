import { type XMLMetaData, XMLParser, XMLValidator } from 'fast-xml-parser'
import { BadInput, type Complaint, type Problem, problemAt } from './bad-input.js'
import type { Locator } from './locator.js'
import { complain } from './reading.js'
import { printable, quote, type SourceText, type Span } from './source-text.js'
import { isForbidden } from './yaml-data.js'

/** The properties of a site file, as a scenario's `site` would have them. */
export interface SiteFile {
  readonly properties: Readonly<Record<string, string>>
  /** Finds the property of a path `['site', name]`. */
  readonly locator: Locator
}

const MOST_CHARACTERS = 1_048_576
const DEEPEST = 16
const MOST_PROBLEMS = 20

/**
 * Reads an `hbase-site.xml`. As in Hadoop the last of equal properties wins; variables are not
 * expanded, includes not followed, document types refused.
 *
 * @throws BadInput if the text is no Hadoop configuration
 */
export function readSiteXml(source: SourceText): SiteFile {
  const properties: Record<string, string> = {}
  const spans = new Map<string, Span>()
  const problems: Problem[] = []
  for (const element of propertiesIn(source)) {
    const name = textOf(element.name)
    const value = textOf(element.value)
    const span = spanOf(element, source)
    const complaint = complaintAbout(name, value)
    if (name !== null && value !== null && complaint === null) {
      properties[name] = value
      spans.set(name, span)
    } else if (complaint !== null && problems.length < MOST_PROBLEMS) {
      problems.push(problemAt(span, complaint))
    }
  }
  if (problems.length > 0) throw new BadInput(problems)
  const find = ([top, name]: readonly unknown[]) =>
    top === 'site' && typeof name === 'string' ? (spans.get(name) ?? null) : null
  return { properties, locator: { find } }
}

interface PropertyElement {
  readonly name?: unknown
  readonly value?: unknown
}

function propertiesIn(source: SourceText): PropertyElement[] {
  const { text } = source
  if (text.length > MOST_CHARACTERS) {
    const message = `${text.length} characters`
    return refuse(source, 0, { code: 'too-large', message, expected: 'at most 1 MiB' })
  }
  const docType = text.indexOf('<!DOCTYPE')
  if (docType !== -1) {
    return refuse(source, docType, syntax('a document type is not read'))
  }
  const valid = XMLValidator.validate(text)
  if (valid !== true) {
    const { line, col, msg } = valid.err
    return refuse(source, offsetOf(text, line, col ?? 1), syntax(printable(msg.slice(0, 80))))
  }
  const root = parse(source)
  if (!isMap(root) || !('configuration' in root)) {
    return refuse(source, 0, syntax('no Hadoop configuration', '<configuration> as the root'))
  }
  const { configuration } = root
  if (configuration === '') return []
  if (!isMap(configuration)) {
    return refuse(source, 0, syntax('no Hadoop configuration', '<property> elements in one root'))
  }
  for (const name of Object.keys(configuration)) {
    if (name === 'property' || name === '#text') continue
    const at = Math.max(0, text.indexOf(`<${name}`))
    refuse(source, at, syntax(`<${name}> is not read`, 'only <property> elements'))
  }
  const elements = configuration.property
  return Array.isArray(elements) ? elements.map((element) => (isMap(element) ? element : {})) : []
}

function parse(source: SourceText): unknown {
  const parser = new XMLParser({
    captureMetaData: true,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    isArray: (name) => name === 'property',
    maxNestedTags: DEEPEST,
    parseTagValue: false,
    processEntities: false,
  })
  try {
    return parser.parse(source.text)
  } catch (error) {
    const message = error instanceof Error ? error.message : 'no XML'
    return refuse(source, 0, syntax(printable(message.slice(0, 80))))
  }
}

function complaintAbout(name: string | null, value: string | null): Complaint | null {
  if (name === null || name === '') return syntax('a property without a <name>')
  if (isForbidden(name)) return complain('forbidden-key', `${quote(name)} cannot be a property`)
  return value === null ? syntax(`property ${quote(name)} has no <value>`) : null
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

function textOf(element: unknown): string | null {
  if (typeof element !== 'string') return null
  return element.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity]).trim()
}

function spanOf(element: PropertyElement, source: SourceText): Span {
  const symbol = XMLParser.getMetaDataSymbol() as unknown as symbol
  const meta = Reflect.get(element, symbol) as XMLMetaData | undefined
  const start = meta?.startIndex ?? 0
  const end = source.text.indexOf('</property>', start)
  const value = source.text.indexOf('<value>', start)
  if (value === -1 || (end !== -1 && value > end)) return { source, from: start, to: start + 1 }
  const from = value + '<value>'.length
  const close = source.text.indexOf('<', from)
  return { source, from, to: Math.max(from + 1, close) }
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let i = 1; i < line; i++) start = text.indexOf('\n', start) + 1
  return Math.min(text.length, start + column - 1)
}

function syntax(message: string, expected = ''): Complaint {
  return complain('xml-syntax', message, expected)
}

function refuse(source: SourceText, from: number, complaint: Complaint): never {
  throw new BadInput([problemAt({ source, from, to: from + 1 }, complaint)])
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
