import { CHANGED, DEPRECATED, FALLBACKS } from './hadoop-names.js'
import { type Note, noteAt, placeOf } from './note.js'
import type { Path } from './path.js'
import type { SiteProperty } from './site-xml.js'
import type { Span } from './source-text.js'

const MOST_NOTES = 100

/** Where a property was set: in a site file, or at a path of the scenario. */
export type Origin = { readonly span: Span } | { readonly path: Path }

/**
 * Hadoop's Configuration while its resources are loaded: of equal properties the later one wins,
 * unless the earlier was final (Configuration.loadProperty); what a program sets is bound by
 * nothing (Configuration.set). Values are raw: variables are expanded when they are read.
 */
export class HadoopConfiguration {
  readonly #isRead: (name: string) => boolean
  readonly #properties = new Map<string, { value: unknown; origin: Origin }>()
  readonly #finals = new Map<string, Span>()

  /** `notes` get what a user should know; `isRead` is true for the properties that matter. */
  constructor(
    readonly notes: Note[] = [],
    isRead: (name: string) => boolean = () => true,
  ) {
    this.#isRead = isRead
  }

  /** Adds a site file. */
  addResource(site: Iterable<SiteProperty>): void {
    for (const { name: written, value, final, span } of site) {
      const name = this.#newName(written, span)
      const locked = this.#finals.get(name)
      if (value === null) {
        const message = `${written} has an empty value, which Hadoop takes for none`
        if (this.#isRead(name)) this.#tell(span, message)
      } else if (locked === undefined) {
        this.#properties.set(name, { value, origin: { span } })
      } else if (this.#properties.get(name)?.value !== value && this.notes.length < MOST_NOTES) {
        this.#tell(span, `${written} is final in ${placeOf(locked)}: this is ignored`)
      }
      if (final && locked === undefined) this.#finals.set(name, span)
    }
  }

  /** Sets what a scenario's own map has, final or not. */
  set(written: string, value: unknown, path: Path, span: Span | null): void {
    this.#properties.set(this.#newName(written, span), { value, origin: { path } })
  }

  /**
   * The values, unexpanded and without the blanks around them, which no reader of Hadoop's minds,
   * and where they were set; old names of HBase's replaced.
   */
  read(): { properties: Record<string, unknown>; origins: ReadonlyMap<string, Origin> } {
    this.#replaceFallbacks()
    const entries = [...this.#properties]
    return {
      properties: Object.fromEntries(entries.map(([name, { value }]) => [name, trimmed(value)])),
      origins: new Map(entries.map(([name, { origin }]) => [name, origin])),
    }
  }

  #replaceFallbacks(): void {
    for (const [old, name] of Object.entries(FALLBACKS)) {
      const fallback = this.#properties.get(old)
      if (fallback === undefined) continue
      this.#properties.delete(old)
      const span = 'span' in fallback.origin ? fallback.origin.span : null
      if (this.#properties.has(name)) {
        this.#tell(span, `${old} is ignored: ${name} is set, its new name`)
      } else {
        this.#properties.set(name, fallback)
        this.#tell(span, `${old} is read as ${name}, its new name`)
      }
    }
    for (const [old, instead] of Object.entries(CHANGED)) {
      const origin = this.#properties.get(old)?.origin
      if (origin === undefined) continue
      const span = 'span' in origin ? origin.span : null
      this.#tell(span, `${old} is not read; write ${instead}`)
    }
  }

  #tell(span: Span | null, message: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push(noteAt(span, message))
  }

  #newName(name: string, span: Span | null): string {
    if (!Object.hasOwn(DEPRECATED, name)) return name
    this.#tell(span, `${name} is read as ${DEPRECATED[name]}, its new name`)
    return DEPRECATED[name]
  }
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}
