import { locate, printable, type Span } from './source-text.js'

/** Something that a user should know about input that is valid, e.g. what has no effect. */
export type Note = string

/** `hbase-site.xml:12: …`; without a place the message alone. */
export function noteAt(span: Span | null, message: string): Note {
  const text = printable(message)
  return span === null ? text : `${placeOf(span)}: ${text}`
}

/** `hbase-site.xml:12` */
export function placeOf(span: Span): string {
  return `${printable(span.source.name)}:${locate(span).line}`
}
