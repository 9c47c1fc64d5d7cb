import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { nearestName } from '../scenario/nearest.js'
import { quote, type SourceText } from '../scenario/source-text.js'
import { shippedFile, shippedScenarios } from './shipped-scenarios.js'
import { UsageError } from './usage-error.js'

// One byte more than what is allowed: enough for the loader to see that there is too much.
const MOST_BYTES = 1024 * 1024 + 1

/**
 * The scenario that `file` names: a path, or a shipped scenario.
 *
 * @throws UsageError if there is no such file or it is not text
 */
export function readScenario(file: string): SourceText {
  if (existsSync(file)) return readSource(file)
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
  const descriptor = openSync(file, 'r')
  try {
    if (fstatSync(descriptor).isDirectory()) throw new TypeError('it is a folder')
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

function reasonOf(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') {
    const guess = nearestFile(file)
    return guess === null ? 'no such file' : `no such file; did you mean ${quote(guess)}?`
  }
  if (code === 'EACCES') return 'no permission'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text'
  return error instanceof Error ? error.message : String(error)
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
