import { realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { ReadInput } from '../scenario/input-files.js'
import { bad } from '../scenario/reading.js'
import { quote } from '../scenario/source-text.js'
import { readSource } from './read-source.js'
import { UsageError } from './usage-error.js'

/**
 * Reads files below the folder of the scenario `file` (a path), and none that a symbolic link puts
 * elsewhere: a scenario from a stranger cannot show what else is on the machine. Those of a
 * `shipped` scenario go by their name in it, wherever that is installed.
 */
export function scenarioInputs(file: string, shipped = false): ReadInput {
  const folder = dirname(file)
  return (path) => {
    const input = join(folder, path)
    try {
      if (leadsOut(input, folder)) {
        const expected = 'a file below the folder of the scenario'
        return bad('bad-file', `${quote(path)} is a link that leads elsewhere`, expected)
      }
      const source = readSource(input)
      return { value: shipped ? { ...source, name: path } : source }
    } catch (error) {
      if (error instanceof UsageError) return bad('bad-file', error.message)
      throw error
    }
  }
}

/** False also for what does not exist: whoever reads it will say so. */
function leadsOut(input: string, folder: string): boolean {
  try {
    return !realpathSync(input).startsWith(withSeparator(realpathSync(folder)))
  } catch {
    return false
  }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}
