import { BadInput, type Complaint, type Problem, problemAt } from './bad-input.js'
import { complain } from './reading.js'
import { quote, type SourceText, type Span } from './source-text.js'
import { readXml, type XmlEvent } from './xml-events.js'
import { isForbidden } from './yaml-data.js'

/** One `<property>` of a Hadoop configuration file. */
export interface SiteProperty {
  readonly name: string
  /** As written; null for an empty `<value/>` or none at all, which Hadoop takes for no property. */
  readonly value: string | null
  /** Resources that are read later cannot change it. */
  readonly final: boolean
  /** The value, or the property if it has none. */
  readonly span: Span
}

const MOST_CHARACTERS = 1_048_576
const MOST_PROPERTIES = 2000
const MOST_PROBLEMS = 20

/**
 * The properties of an `hbase-site.xml`, `core-site.xml` or `hdfs-site.xml` in their order, with
 * `<name>`, `<value>` and `<final>` as elements or as attributes (Configuration.Parser of Hadoop 3).
 * Includes are not followed; document types and entities are refused.
 *
 * @throws BadInput if the text is no Hadoop configuration
 */
export function readSiteXml(source: SourceText): SiteProperty[] {
  if (source.text.length > MOST_CHARACTERS) {
    const message = `${source.text.length} characters`
    refuse(wholeOf(source), { code: 'too-large', message, expected: 'at most 1 MiB' })
  }
  const properties: SiteProperty[] = []
  const problems: Problem[] = []
  if (source.text.trim() === '') refuse(wholeOf(source), syntax('an empty file', ROOT))
  readElements(source, (element) => {
    const complaint = complaintAbout(element)
    if (complaint === null) properties.push(propertyOf(element))
    else if (problems.length < MOST_PROBLEMS) problems.push(problemAt(element.span, complaint))
    if (properties.length > MOST_PROPERTIES) {
      const expected = `at most ${MOST_PROPERTIES}`
      refuse(element.span, { code: 'too-large', message: 'too many properties', expected })
    }
  })
  if (problems.length > 0) throw new BadInput(problems)
  return properties
}

/** What a `<property>` is made of, so far. */
interface PropertyElement {
  name: string
  value: { text: string; span: Span } | null
  final: boolean
  span: Span
}

/** An element of a `<property>`, so far. */
interface Field {
  readonly name: string
  text: string
  /** Whether `text` is; to look again at all of it for each piece would be quadratic. */
  blank: boolean
  /** The first piece that is not blank. */
  span: Span
}

function readElements(source: SourceText, take: (element: PropertyElement) => void): void {
  let depth = 0
  let element: PropertyElement | null = null
  let field: Field | null = null
  readXml(source, (event) => {
    if (event.kind === 'text') {
      if (field !== null && depth === 3) addText(field, event)
    } else if (event.kind === 'open') {
      depth++
      if (depth === 1) checkRoot(event)
      if (depth === 2) element = startOf(event)
      if (depth === 3) {
        const span = { ...event.span, from: event.span.to }
        field = { name: event.name, text: '', blank: true, span }
      }
      if (depth === 4 && field?.name !== 'description') {
        refuse(event.span, syntax(`<${event.name}> inside of a <${field?.name}>`))
      }
    } else {
      if (depth === 3 && element !== null && field !== null) setField(element, field)
      if (depth === 2 && element !== null) take(element)
      depth--
    }
  })
}

const ROOT = '<configuration> as the root'

function checkRoot({ name, span }: XmlEvent & { kind: 'open' }): void {
  if (name !== 'configuration') refuse(span, syntax('no Hadoop configuration', ROOT))
}

function startOf({ name, attributes, span }: XmlEvent & { kind: 'open' }): PropertyElement {
  if (name !== 'property') {
    const include = name === 'include' || name.endsWith(':include')
    const expected = include ? '--site for each file' : 'only <property> elements'
    refuse(span, syntax(`<${name}> is not ${include ? 'followed' : 'read'}`, expected))
  }
  const element: PropertyElement = { name: '', value: null, final: false, span }
  for (const attribute of attributes) {
    if (attribute.name === 'name') element.name = attribute.value
    if (attribute.name === 'final') element.final = attribute.value === 'true'
    if (attribute.name === 'value') element.value = { ...attribute, text: attribute.value }
  }
  return element
}

function addText(field: Field, { text, span }: XmlEvent & { kind: 'text' }): void {
  if (field.blank) field.span = span
  field.blank &&= text.trim() === ''
  field.text += text
}

/** A later element replaces an earlier one, but an empty one nothing. */
function setField(element: PropertyElement, { name, text, span }: Field): void {
  if (name === 'final') element.final = text === 'true'
  if (name === 'name' && text !== '') element.name = text.trim()
  if (name === 'value' && (text !== '' || element.value === null)) element.value = { text, span }
}

function propertyOf({ name, value, final, span }: PropertyElement): SiteProperty {
  if (value === null || value.text === '') return { name, value: null, final, span }
  const { source, from, to } = value.span
  const written = source.text.slice(from, to)
  const start = from + written.length - written.trimStart().length
  const trimmed = { source, from: start, to: start + Math.max(1, written.trim().length) }
  return { name, value: value.text, final, span: written.trim() === '' ? span : trimmed }
}

function complaintAbout({ name }: PropertyElement): Complaint | null {
  if (name === '') return syntax('a property without a <name>')
  if (isForbidden(name)) return complain('forbidden-key', `${quote(name)} cannot be a property`)
  return null
}

function syntax(message: string, expected = ''): Complaint {
  return complain('xml-syntax', message, expected)
}

function wholeOf(source: SourceText): Span {
  return { source, from: 0, to: 1 }
}

function refuse(span: Span, complaint: Complaint): never {
  throw new BadInput([problemAt(span, complaint)])
}
