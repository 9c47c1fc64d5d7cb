import { readdirSync } from 'node:fs'
import {
  type Subject,
  simplifications,
  simplificationTable,
} from '../../src/experiment/simplifications.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { readme } from './commands.js'

/** Tables of the README that a register of the sources has row by row. */
export function registers(): string[] {
  const subjects = Object.keys(simplifications) as Subject[]
  return subjects.flatMap((subject) => simplificationTable(subject).slice(2))
}

/** Names that have a digit in them: of scenarios and profiles as the sources have them, of products. */
export function names(): string[] {
  const shipped = readdirSync(new URL('../../scenarios', import.meta.url))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace('.yaml', ''))
  const profiles = [storeProfiles, hdfsProfiles].flatMap(Object.keys)
  const named = [...shipped, ...profiles].filter((name) => /\d/.test(name))
  const commands = named.map((name) => `\`npx hbsim run ${name}\``)
  return [
    ...named.map((name) => `\`${name}\``),
    ...commands.filter((each) => readme.includes(each)),
    'S3',
    'S3A',
    '`fs.s3a.*`',
  ]
}
