import type { RunArguments } from './options.js'

/** The command that repeats an experiment, every seed written out, safe to paste in a shell. */
export function repeatCommand(command: string, given: RunArguments, firstSeed: number): string {
  const { file, seeds, set, site, out } = given
  const words = ['npx', 'hbsim', command]
  words.push(...(file.startsWith('-') ? [`./${file}`] : [file]))
  words.push('--seed', String(given.seed ?? firstSeed), '--seeds', String(seeds))
  for (const setting of set) words.push('--set', setting)
  if (site !== undefined) words.push('--site', site)
  if (out !== undefined) words.push('--out', out)
  return words.map(shellWord).join(' ')
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}
