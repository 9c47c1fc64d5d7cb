import { isBuiltin } from 'node:module'
import {
  importsOf,
  type Problem,
  problemAt,
  resolveImport,
  type SourceFile,
} from './source-file.js'

/** The folders of `src`; imports point down. Replication may use HBase, not the reverse. */
export const FLOORS: ReadonlyMap<string, number> = new Map([
  ['kernel', 0],
  ['storage', 1],
  ['hbase', 2],
  ['replication', 2.5],
  ['measure', 3],
  ['scenario', 4],
  ['simulation', 5],
  ['experiment', 6],
  ['report', 7],
  ['explorer', 8],
  ['cli', 9],
])

const TOP_PURE_FLOOR = 6
const DOOR = 'src/index.ts'

/** Packages that compute alike in every engine and touch no host. */
const PURE_PACKAGES = ['@noble/hashes', 'immer', 'saxes', 'seedrandom', 'yaml', 'zod']

/** The floor of a file of `src`; null for the door and for what is outside. */
export function floorOf(path: string): number | null {
  const [top, folder] = path.split('/')
  return top === 'src' ? (FLOORS.get(folder) ?? null) : null
}

/** Whether a file must give the same bytes everywhere; the door shows floors 0 to 6 only. */
export function isPure(path: string): boolean {
  const floor = floorOf(path)
  return path === DOOR || (floor !== null && floor <= TOP_PURE_FLOOR)
}

/** Imports that point up, to the door, or out of the pure floors to a host. */
export function importProblems(file: SourceFile): Problem[] {
  if (!file.path.startsWith('src/')) return []
  return importsOf(file).flatMap(({ specifier, offset }) => {
    const message = specifier.startsWith('.')
      ? upward(file.path, specifier)
      : outward(file.path, specifier)
    return message === null ? [] : [problemAt(file, offset, message)]
  })
}

function upward(from: string, specifier: string): string | null {
  const to = resolveImport(from, specifier) ?? ''
  if (to === DOOR) return 'imports the public door: import the module behind it'
  const target = floorOf(to)
  if (target === null) return `imports ${to}, which is on no floor of src`
  const floor = floorOf(from) ?? TOP_PURE_FLOOR
  if (target <= floor) return null
  return `imports ${to}, which is on a higher floor: imports point down`
}

function outward(from: string, specifier: string): string | null {
  if (!isPure(from)) return null
  if (isBuiltin(specifier)) return `imports ${specifier}: floors 0 to 6 know no Node`
  const isIt = (name: string) => specifier === name || specifier.startsWith(`${name}/`)
  if (PURE_PACKAGES.some(isIt)) return null
  return `imports ${specifier}, which is not among the packages known to be pure`
}
