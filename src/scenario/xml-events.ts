import { SaxesParser } from 'saxes'
import type { SourceText, Span } from './source-text.js'
import { refuseDoctype, refuseXml, refuseXmlError } from './xml-errors.js'

/** What an XML text says, in its order. A tag that closes itself makes two events. */
export type XmlEvent =
  | { kind: 'open'; name: string; attributes: readonly XmlAttribute[]; span: Span }
  | { kind: 'text'; text: string; span: Span }
  | { kind: 'close'; name: string; span: Span }

export interface XmlAttribute {
  readonly name: string
  readonly value: string
  /** The value without its quotes. */
  readonly span: Span
}

const DEEPEST = 16

/**
 * Reads XML and hands on its elements and texts; comments and processing instructions are skipped.
 * Document types are refused, so that nothing in the text can multiply or lead out of it.
 *
 * @throws BadInput at the first thing that is not well-formed or not read; what `take` throws
 */
export function readXml(source: SourceText, take: (event: XmlEvent) => void): void {
  const { text } = source
  const parser = new SaxesParser({ position: false })
  const open: { name: string; span: Span }[] = []
  let attributes: XmlAttribute[] = []
  let closed = ''
  /** Where that begins which the parser is reading. */
  let begun = 0
  const done = () => {
    begun = parser.position
  }
  const tag = () => ({
    source,
    from: text.lastIndexOf('<', parser.position - 1),
    to: parser.position,
  })
  const addText = (decoded: string, from: number, to: number) => {
    if (open.length > 0) take({ kind: 'text', text: decoded, span: { source, from, to } })
  }
  parser.on('xmldecl', done)
  parser.on('processinginstruction', done)
  parser.on('comment', done)
  parser.on('attribute', ({ name, value }) => {
    const to = parser.position - 1
    const from = text.lastIndexOf(text[to] ?? '', to - 1) + 1
    attributes.push({ name, value, span: { source, from, to } })
  })
  parser.on('opentag', ({ name }) => {
    const span = tag()
    if (open.length >= DEEPEST) refuseXml(span, 'nested too deeply', `at most ${DEEPEST} levels`)
    open.push({ name, span })
    take({ kind: 'open', name, attributes, span })
    attributes = []
    done()
  })
  parser.on('closetag', ({ name }) => {
    open.pop()
    closed = name
    take({ kind: 'close', name, span: tag() })
    done()
  })
  parser.on('text', (decoded) => {
    const end = parser.position - 1
    addText(decoded, begun, end)
    begun = end
  })
  parser.on('cdata', (raw) => {
    addText(raw, begun + '<![CDATA['.length, parser.position - ']]>'.length)
    done()
  })
  parser.on('doctype', () => refuseDoctype(source, begun))
  parser.on('error', ({ message }) => {
    refuseXmlError(message, { source, begun, at: parser.position, open: open.at(-1), closed })
  })
  parser.write(text).close()
}
