import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { formatBytes } from '../experiment/quantities.js'
import { nearestName } from '../scenario/nearest.js'
import { quote, type SourceText } from '../scenario/source-text.js'
import { shippedFile, shippedScenarios } from './shipped-scenarios.js'
import { UsageError } from './usage-error.js'

// One byte more than what is allowed: enough for the loader to see that there is too much.
export const MOST_BYTES = 1024 * 1024 + 1

/**
 * The scenario that `file` names: a path, or a shipped scenario.
 *
 * @throws UsageError if there is no such file or it is not text
 */
export function readScenario(file: string): SourceText {
  // A link that leads nowhere is there, too: it is no scenario that was not found.
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return readSource(file)
  const shipped = shippedScenarios()
  if (shipped.includes(file)) return { ...readSource(shippedFile(file)), name: file }
  const guess = nearestFile(file) ?? nearestName(withoutExtension(basename(file)), shipped)
  throw new UsageError(
    `there is no file ${quote(file)} and no shipped scenario of that name` +
      (guess === null ? '; see `hbsim list`' : `; did you mean ${quote(guess)}?`),
  )
}

/**
 * The text of a file, at most so much of it that a reader sees it is too large.
 *
 * @throws UsageError if it cannot be read or is not UTF-8
 */
export function readSource(file: string): SourceText {
  try {
    const bytes = readBytes(file)
    refuseBinary(bytes)
    // Cut in the middle of a character, a file that is too large is still text.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, {
      stream: bytes.length === MOST_BYTES,
    })
    return { name: file, text }
  } catch (error) {
    throw new UsageError(`cannot read ${quote(file)}: ${reasonOf(error, file)}`)
  }
}

function readBytes(file: string): Uint8Array {
  // Without waiting: a pipe that nobody writes to would never open.
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const state = fstatSync(descriptor)
    if (state.isDirectory()) throw new Unreadable('it is a folder')
    if (!state.isFile()) throw new Unreadable('it is no regular file')
    if (state.size >= MOST_BYTES) throw new Unreadable(`${formatBytes(state.size)}; ${AT_MOST}`)
    const buffer = new Uint8Array(MOST_BYTES)
    let length = 0
    while (length < MOST_BYTES) {
      const read = readSync(descriptor, buffer, length, MOST_BYTES - length, null)
      if (read === 0) break
      length += read
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

/** Why a file that can be opened is not read; the message says it. */
class Unreadable extends Error {}

const AT_MOST = 'at most 1 MiB is read'

function refuseBinary(bytes: Uint8Array): void {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Unreadable('it is UTF-16 text; save it as UTF-8')
  }
  const at = bytes.indexOf(0)
  if (at !== -1) throw new Unreadable(`it is no text: byte ${at + 1} is NUL`)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EIO: 'the system reports an input/output error',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a folder',
  ENXIO: 'it is no regular file',
  EPERM: 'no permission',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

function reasonOf(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? `${error.code}` : ''
  if (code === 'ENOENT') {
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return 'a link to no file'
    const guess = nearestFile(file)
    return guess === null ? 'no such file' : `no such file; did you mean ${quote(guess)}?`
  }
  if (error instanceof Unreadable) return error.message
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}

function nearestFile(file: string): string | null {
  const folder = dirname(file)
  if (!existsSync(folder)) return null
  try {
    const nearest = nearestName(basename(file), readdirSync(folder))
    return nearest === null ? null : join(folder, nearest)
  } catch {
    return null
  }
}

function withoutExtension(name: string): string {
  return name.replace(/\.(ya?ml|json)$/i, '')
}
