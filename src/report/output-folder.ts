import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** A file of a report: its name in the folder, and its content in pieces. */
export interface OutputFile {
  name: string
  content: Iterable<string | Uint8Array>
}

/** The folder cannot be used; the command line exits with 2. */
export class UnusableFolder extends Error {
  override readonly name = 'UnusableFolder'
}

// Names the files in the folder that are ours, one a line: only those are ever replaced.
const MARKER = '.hbsim'
const LONGEST_MARKER = 65_536

/**
 * Makes `folder` ours before any work is done, if it is absent, empty or ours already.
 *
 * @throws UnusableFolder
 */
export function claimFolder(folder: string): void {
  explain(folder, () => {
    const old = ownFiles(folder)
    makeFolder(folder)
    writeMarker(folder, old)
  })
}

/**
 * Writes `files` into `folder`, each complete or not at all, in place of those that an earlier
 * report left there. What is not ours stays.
 *
 * @throws UnusableFolder
 */
export function writeFolder(folder: string, files: readonly OutputFile[]): void {
  explain(folder, () => {
    const old = ownFiles(folder)
    const names = files.map(({ name }) => name)
    for (const name of names) {
      if (!old.includes(name) && exists(join(folder, name))) {
        throw new UnusableFolder(`${join(folder, name)} is not ours to replace`)
      }
    }
    makeFolder(folder)
    // Named before they come: if we are killed between, they are still known as ours.
    writeMarker(folder, [...new Set([...old, ...names])])
    for (const name of old) if (!names.includes(name)) rmSync(join(folder, name), { force: true })
    for (const file of files) replace(folder, file)
    writeMarker(folder, names)
  })
}

/** Names of the files in `folder` that an earlier report left; none if it is absent or empty. */
function ownFiles(folder: string): string[] {
  const entries = listing(folder)
  if (entries.length === 0) return []
  if (!entries.includes(MARKER)) {
    throw new UnusableFolder(
      `${folder} is not empty and has no ${MARKER} that would make it ours; name another folder`,
    )
  }
  const marker = join(folder, MARKER)
  const state = lstatSync(marker)
  if (!state.isFile() || state.size > LONGEST_MARKER) {
    throw new UnusableFolder(`${marker} is not a list of files that hbsim wrote`)
  }
  const names = readFileSync(marker, 'utf8').split('\n').filter(Boolean)
  // A name with a slash could lead out of the folder: we never write one.
  const strange = names.find((name) => !/^[a-z0-9][a-z0-9.-]*$/i.test(name))
  if (strange !== undefined) {
    throw new UnusableFolder(`${marker} names "${strange}", which hbsim never wrote`)
  }
  return names
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** Makes the folders of a path that are missing. (Node's own way never returns below /proc.) */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder).isDirectory()) return
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    makeFolder(dirname(folder))
    mkdirSync(folder)
  }
}

/** True for a dangling symbolic link, too: following it would write somewhere else. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/**
 * Writes beside the target and renames: a reader sees the old file or the new, never half of one,
 * and a symbolic link in the target's place is replaced, not followed.
 */
function replace(folder: string, { name, content }: OutputFile): void {
  const part = join(folder, `${MARKER}-part`)
  rmSync(part, { force: true })
  const file = openSync(part, 'wx')
  try {
    for (const piece of content) write(file, piece)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(part, join(folder, name))
}

function write(file: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
  let from = 0
  while (from < bytes.length) from += writeSync(file, bytes, from)
}

function writeMarker(folder: string, names: readonly string[]): void {
  replace(folder, { name: MARKER, content: names.map((name) => `${name}\n`) })
}

/** What the file system refuses (no permission, a file in the way) is the folder's fault. */
function explain(folder: string, action: () => void): void {
  try {
    action()
  } catch (error) {
    const code = codeOf(error)
    if (code === null) throw error
    throw new UnusableFolder(`cannot write to ${folder}: ${REASONS[code] ?? code}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EEXIST: 'a file is in the way',
  ENOENT: 'no such folder can be made',
  EISDIR: 'a folder is in the way',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'no permission',
  EROFS: 'it is on a read-only file system',
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
