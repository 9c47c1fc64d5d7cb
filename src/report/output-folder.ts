import * as nodeFiles from 'node:fs'
import { dirname, join } from 'node:path'
import { quote } from '../scenario/source-text.js'

/** A file of a report: its name in the folder, and its content in pieces. */
export interface OutputFile {
  name: string
  content: Iterable<string | Uint8Array>
}

/** The folder cannot be used; the command line exits with 2. */
export class UnusableFolder extends Error {
  override readonly name = 'UnusableFolder'
}

/** What is done to the file system here; a test brings a disk of its own that is full. */
export type FileOperations = Pick<
  typeof nodeFiles,
  | 'closeSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'writeSync'
>

/**
 * Looks whether `folder` is absent, empty or ours, and changes nothing.
 *
 * @throws UnusableFolder
 */
export function checkFolder(folder: string, files: FileOperations = nodeFiles): void {
  explain(folder, () => new Folder(folder, files).ownFiles())
}

/**
 * Makes `folder` ours before any work is done, if it is absent, empty or ours already.
 *
 * @throws UnusableFolder
 */
export function claimFolder(folder: string, files: FileOperations = nodeFiles): void {
  explain(folder, () => new Folder(folder, files).claim())
}

/**
 * Writes `contents` into `folder` in place of what an earlier report left there: all of them, or
 * none, and then the earlier report stays. What is not ours stays in any case.
 *
 * @throws UnusableFolder
 */
export function writeFolder(
  folder: string,
  contents: readonly OutputFile[],
  files: FileOperations = nodeFiles,
): void {
  explain(folder, () => new Folder(folder, files).write(contents))
}

// Names the files in the folder that are ours, one a line: only those are ever replaced.
const MARKER = '.hbsim'
const LONGEST_MARKER = 65_536
/** Before the name of a file that is not complete yet. */
const PART = '.hbsim-part-'
/** Before the name of a file of the earlier report, until all new ones have their names. */
const OLD = '.hbsim-old-'

class Folder {
  constructor(
    readonly path: string,
    readonly files: FileOperations,
  ) {}

  claim(): void {
    const old = this.ownFiles()
    this.#make(this.path)
    this.#clear()
    this.#writeMarker(old)
  }

  write(contents: readonly OutputFile[]): void {
    const old = this.ownFiles()
    const names = contents.map(({ name }) => name)
    for (const name of new Set([...old, ...names])) {
      const state = this.#stateOf(name)
      // We never make a folder in ours.
      if (state !== undefined && (!old.includes(name) || state.isDirectory())) {
        throw new UnusableFolder(`${this.#at(name)} is not ours to replace`)
      }
    }
    this.#make(this.path)
    this.#clear()
    try {
      for (const file of contents) this.#writePart(file)
      // Named before they come: if we are killed between, they are still known as ours.
      this.#writeMarker([...new Set([...old, ...names])])
      this.#swap(old, names)
    } finally {
      this.#clear()
    }
    this.#writeMarker(names)
  }

  /** Names of the files that an earlier report left; none if the folder is absent or empty. */
  ownFiles(): string[] {
    const entries = this.#listing()
    // What a writer left that was killed before it had made the folder ours.
    if (entries.every((name) => name.startsWith(PART))) return []
    if (!entries.includes(MARKER)) {
      throw new UnusableFolder(
        `${this.path} is not empty and has no ${MARKER} that would make it ours; ` +
          'name another folder',
      )
    }
    const marker = this.#at(MARKER)
    const state = this.files.lstatSync(marker)
    if (!state.isFile() || state.size > LONGEST_MARKER) {
      throw new UnusableFolder(`${marker} is not a list of files that hbsim wrote`)
    }
    const names = this.files.readFileSync(marker, 'utf8').split('\n').filter(Boolean)
    // A name with a slash could lead out of the folder: we never write one.
    const strange = names.find((name) => !/^[a-z0-9][a-z0-9.-]*$/i.test(name))
    if (strange !== undefined) {
      throw new UnusableFolder(`${marker} names ${quote(strange)}, which hbsim never wrote`)
    }
    return names
  }

  /** New files take the names of the old ones; if one cannot, every one goes back. */
  #swap(old: readonly string[], names: readonly string[]): void {
    const moved: [from: string, to: string][] = []
    const move = (from: string, to: string) => {
      this.files.renameSync(this.#at(from), this.#at(to))
      moved.push([from, to])
    }
    try {
      for (const name of old) if (this.#stateOf(name) !== undefined) move(name, OLD + name)
      for (const name of names) move(PART + name, name)
    } catch (error) {
      for (const [from, to] of moved.reverse()) {
        this.files.renameSync(this.#at(to), this.#at(from))
      }
      throw error
    }
  }

  /** Takes away what a writer, this one or one that was killed, has not finished. */
  #clear(): void {
    const left = this.#listing().filter((name) => name.startsWith(PART) || name.startsWith(OLD))
    for (const name of left) {
      try {
        this.files.rmSync(this.#at(name), { force: true })
      } catch {
        // It is known by its name: the next writer tries again.
      }
    }
  }

  #listing(): string[] {
    try {
      return this.files.readdirSync(this.path)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    }
  }

  /** Makes the folders of a path that are missing. (Node's own way never returns below /proc.) */
  #make(folder: string): void {
    const { files } = this
    try {
      files.mkdirSync(folder)
    } catch (error) {
      if (codeOf(error) === 'EEXIST' && files.statSync(folder).isDirectory()) return
      if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error
      this.#make(dirname(folder))
      files.mkdirSync(folder)
    }
  }

  /** Of a symbolic link its own, also of a dangling one: following it would write elsewhere. */
  #stateOf(name: string): nodeFiles.Stats | undefined {
    return this.files.lstatSync(this.#at(name), { throwIfNoEntry: false })
  }

  #writePart({ name, content }: OutputFile): void {
    const { files } = this
    const file = files.openSync(this.#at(PART + name), 'wx')
    try {
      for (const piece of content) this.#append(file, piece)
      files.fsyncSync(file)
    } finally {
      files.closeSync(file)
    }
  }

  #append(file: number, piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    let from = 0
    while (from < bytes.length) from += this.files.writeSync(file, bytes, from)
  }

  /** Written beside and renamed, so that it is never half a list. */
  #writeMarker(names: readonly string[]): void {
    const part = PART + MARKER
    try {
      this.files.rmSync(this.#at(part), { force: true })
      this.#writePart({ name: MARKER, content: names.map((name) => `${name}\n`) })
      this.files.renameSync(this.#at(part), this.#at(MARKER))
    } catch (error) {
      this.files.rmSync(this.#at(part), { force: true })
      throw error
    }
  }

  #at(name: string): string {
    return join(this.path, name)
  }
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
  EDQUOT: 'no space left',
  EEXIST: 'a file is in the way',
  ENOENT: 'no such folder can be made',
  EISDIR: 'a folder is in the way',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'no permission',
  EROFS: 'it is on a read-only file system',
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
