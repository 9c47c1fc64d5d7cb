import type { RunArguments } from './options.js'

/** The command that repeats an experiment, every seed written out, safe to paste in a shell. */
export function repeatCommand(command: string, given: RunArguments, firstSeed: number): string {
  const { file, seeds, set, site, out } = given
  const words = ['npx', 'hbsim', command]
  words.push(...(file.startsWith('-') ? [`./${file}`] : [file]))
  words.push('--seed', String(given.seed ?? firstSeed), '--seeds', String(seeds))
  for (const setting of set) words.push('--set', setting)
  for (const name of site) words.push('--site', name)
  if (given.sensitivity) words.push('--sensitivity')
  if (given.trace) words.push('--trace')
  if (out !== undefined) words.push('--out', out)
  return words.map(shellWord).join(' ')
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}
