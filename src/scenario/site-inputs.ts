import type { Complaints } from './complaints.js'
import { describe } from './describe.js'
import { HadoopConfiguration, type Origin } from './hadoop-configuration.js'
import type { InputFiles } from './input-files.js'
import type { Locator } from './locator.js'
import type { Note } from './note.js'
import { keysAt, type Path, startsWith, valueAt } from './path.js'
import { complain } from './reading.js'
import { readSiteXml, type SiteProperty } from './site-xml.js'
import type { SourceText } from './source-text.js'

/** A scenario in which each `site` is a map of properties. */
export interface WithSite {
  readonly data: object
  /** Finds also what stands in site files. */
  readonly locator: Locator
  /** The file that set a property of the base, by property. */
  readonly siteFiles: ReadonlyMap<string, string>
  readonly notes: readonly Note[]
}

const MOST_MEMBERS = 20
const EXPECTED = 'a map of properties, a file such as inputs/hbase-site.xml, or a list of both'

/**
 * `data` with the files of its `site`, and of its variants' own `site`, replaced by the properties
 * that they set. The files of the command line, `given`, are the cluster's: they take the place of
 * those that the base names, and its own maps go over them. What is wrong goes to `complaints`;
 * `isRead` says which properties are modelled.
 *
 * @throws BadInput for a file that is no Hadoop configuration
 */
export function readSites(
  data: object,
  locator: Locator,
  files: InputFiles,
  given: readonly SourceText[],
  complaints: Complaints,
  isRead: (name: string) => boolean,
): WithSite {
  const sites = new Sites(locator, files, complaints, isRead)
  let result = data
  const site = sites.read(valueAt(data, ['site']), ['site'], given)
  if (site !== undefined) result = { ...result, site }
  const variants = keysAt(data, ['variants']).map((name) => {
    const path = ['variants', name, 'site']
    const own = sites.read(valueAt(data, path), path, [])
    const variant = valueAt(data, path.slice(0, -1))
    return [name, own === undefined ? variant : { ...Object(variant), site: own }]
  })
  if (variants.length > 0) result = { ...result, variants: Object.fromEntries(variants) }
  return { data: result, locator: sites.locator(), siteFiles: sites.files(), notes: sites.notes }
}

class Sites {
  readonly notes: Note[] = []
  /** Variants may name the same file over and over. */
  readonly #parsed = new Map<SourceText, readonly SiteProperty[]>()
  readonly #holders: { path: Path; origins: ReadonlyMap<string, Origin> }[] = []

  constructor(
    readonly document: Locator,
    readonly inputs: InputFiles,
    readonly complaints: Complaints,
    readonly isRead: (name: string) => boolean,
  ) {}

  /** The properties that `value`, at `path`, stands for; undefined leaves it as it is. */
  read(value: unknown, path: Path, given: readonly SourceText[]): object | undefined {
    if (value === undefined && given.length === 0) return undefined
    const members = membersOf(value ?? {}, path)
    if (members === null) {
      const complaint = complain('wrong-type', `${describe(value)} is no site`, EXPECTED)
      this.complaints.add(this.document.find(path, 'value'), complaint)
      return {}
    }
    const configuration = new HadoopConfiguration(this.notes, this.isRead)
    for (const source of given) configuration.addResource(readSiteXml(source))
    const replaced: string[] = []
    for (const member of members) {
      if (typeof member.value !== 'string') this.#set(configuration, member)
      else if (given.length > 0) replaced.push(member.value)
      else this.#addFile(configuration, member.value, member.path)
    }
    const { properties, origins } = configuration.read()
    this.#holders.push({ path, origins })
    if (replaced.length > 0) {
      this.notes.push(`--site takes the place of ${replaced.join(', ')} of the scenario`)
    }
    return properties
  }

  /** Names of the files that set properties of the base's site. */
  files(): Map<string, string> {
    const base = this.#holders.find(({ path }) => path.length === 1)
    const files = new Map<string, string>()
    for (const [name, origin] of base?.origins ?? []) {
      if ('span' in origin) files.set(name, origin.span.source.name)
    }
    return files
  }

  locator(): Locator {
    const { document } = this
    return {
      find: (path, part) => {
        const holder = this.#holders.find((one) => isBelow(path, one.path))
        if (holder === undefined) return document.find(path, part)
        const origin = holder.origins.get(`${path[holder.path.length]}`)
        if (origin === undefined) return null
        if ('span' in origin) return origin.span
        return document.find([...origin.path, ...path.slice(holder.path.length + 1)], part)
      },
    }
  }

  #addFile(configuration: HadoopConfiguration, name: string, path: Path): void {
    const reading = this.inputs.get(name)
    if ('complaint' in reading) {
      this.complaints.add(this.document.find(path, 'value'), reading.complaint)
    } else {
      configuration.addResource(this.#parse(reading.value))
    }
  }

  #parse(source: SourceText): readonly SiteProperty[] {
    const known = this.#parsed.get(source)
    if (known !== undefined) return known
    const properties = readSiteXml(source)
    this.#parsed.set(source, properties)
    return properties
  }

  #set(configuration: HadoopConfiguration, { path, value }: Member): void {
    for (const [name, text] of Object.entries(Object(value))) {
      const at = [...path, name]
      configuration.set(name, text, at, this.document.find(at, 'key'))
    }
  }
}

/** A file name or a map of properties. */
interface Member {
  readonly path: Path
  readonly value: unknown
}

function membersOf(value: unknown, path: Path): Member[] | null {
  if (!Array.isArray(value)) return isMember(value) ? [{ path, value }] : null
  const all = value.length <= MOST_MEMBERS && value.every(isMember)
  return all ? value.map((member, i) => ({ path: [...path, i], value: member })) : null
}

function isMember(value: unknown): boolean {
  if (typeof value === 'string') return true
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isBelow(path: Path, holder: Path): boolean {
  return path.length > holder.length && startsWith(path, holder)
}
