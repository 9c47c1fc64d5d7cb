import { BadInput, problemAt } from './bad-input.js'
import { complain } from './reading.js'
import { quote, type SourceText, type Span } from './source-text.js'

/** Where the parser is when it meets an error. */
export interface XmlPlace {
  readonly source: SourceText
  /** Where that begins which it is reading: a text, a tag, a comment. */
  readonly begun: number
  /** Behind the last character that it read. */
  readonly at: number
  /** The innermost element. */
  readonly open: { readonly name: string; readonly span: Span } | undefined
  /** Name of the element that was closed last. */
  readonly closed: string
}

/**
 * Refuses XML for an error of saxes, whose own words serve where they are clear.
 *
 * @throws BadInput
 */
export function refuseXmlError(message: string, place: XmlPlace): never {
  const { source, begun, at, closed } = place
  const tag = { source, from: source.text.lastIndexOf('<', at - 1), to: at }
  const closesNothing = `${quote(source.text.slice(tag.from, tag.to))} closes nothing`
  switch (message.replace(/:.*/s, '')) {
    case 'inappropriately located doctype declaration.':
      return refuseDoctype(source, begun)
    case 'documents may contain only one root.':
      return refuseXml(tag, 'a second root element begins')
    case 'text data outside of root node.': {
      const from = begun + source.text.slice(begun).search(/\S/)
      return refuseXml(spanAt(source, from), 'text outside of the root element', '<configuration>')
    }
    case 'unexpected close tag.':
      return refuseXml(tag, closesNothing, `</${closed}>`)
    case 'unmatched closing tag':
    case 'weird empty close tag.':
      return refuseXml(tag, closesNothing)
    case 'empty entity name.':
    case 'disallowed character in entity name.':
    case 'malformed character entity.':
    case 'undefined entity.':
      return refuseEntity(source, begun, at)
    case 'document must contain a root element.':
    case 'unclosed tag':
    case 'unexpected end.':
      return refuseEnd(place)
    default:
      return refuseXml(spanAt(source, at - 1), message.replace(/\.$/, ''), HINTS[message])
  }
}

const HINTS: Readonly<Record<string, string>> = {
  'disallowed character in tag name': '&lt; for a <',
  'the string "]]>" is disallowed in char data.': ']]&gt;',
  'unquoted attribute value.': 'quotes around it',
  'malformed comment.': 'no -- inside of a comment',
}

/** @throws BadInput */
export function refuseDoctype(source: SourceText, begun: number): never {
  const from = source.text.indexOf('<', begun)
  refuseXml({ source, from, to: from + 2 }, 'document types and entities are not read')
}

/** @throws BadInput */
export function refuseXml(span: Span, message: string, expected = ''): never {
  throw new BadInput([problemAt(span, complain('xml-syntax', message, expected))])
}

function spanAt(source: SourceText, from: number): Span {
  return { source, from, to: from + 1 }
}

/** For the parser an entity ends at the next semicolon, wherever that is. */
function refuseEntity(source: SourceText, begun: number, at: number): never {
  const from = entityFrom(source.text, begun, at - 1)
  const entity = source.text.slice(from, at)
  if (/^&[^&;\s<"']+;$/.test(entity)) {
    refuseXml({ source, from, to: at }, `the entity ${quote(entity)} is not read`, AMPERSAND)
  }
  refuseXml(spanAt(source, from), 'a bare & is no XML', AMPERSAND)
}

const AMPERSAND = '&amp; for a &'

/** Where the entity begins that the parser reads at `to`; -1 for none. */
function entityFrom(text: string, begun: number, to: number): number {
  return text.indexOf('&', Math.max(begun, text.lastIndexOf(';', to - 1) + 1))
}

/** What must be closed, by its beginning. */
const CLOSINGS = [
  ['<!--', 'a comment', '-->'],
  ['<![CDATA[', 'a CDATA section', ']]>'],
  ['<?', 'an instruction', '?>'],
] as const

function refuseEnd({ source, begun, open }: XmlPlace): never {
  const { text } = source
  const from = text.indexOf('<', begun)
  const entity = entityFrom(text, begun, text.length)
  const closing = CLOSINGS.find(([mark]) => text.startsWith(mark, from))
  if (entity !== -1 && (closing === undefined || entity < from)) {
    refuseXml(spanAt(source, entity), 'a bare & is no XML', AMPERSAND)
  }
  if (from !== -1) {
    if (text.startsWith('<!D', from)) refuseDoctype(source, begun)
    const [, name, end] = closing ?? ['', 'a tag', '>']
    refuseXml(spanAt(source, from), `${name} is not closed`, end)
  }
  if (open !== undefined) refuseXml(spanAt(source, open.span.from), `<${open.name}> is not closed`)
  refuseXml(spanAt(source, 0), 'no element')
}
