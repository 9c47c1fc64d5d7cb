import { readFileSync } from 'node:fs'

export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** Every command that a README tells the reader to type, in blocks and in the text, once each. */
export function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block.trimEnd().split('\n'),
  )
  const prose = text.replace(/^```.*?^```/gms, '')
  const inline = [...prose.matchAll(/`((?:npx|npm) [^`]+)`/g)].map(([, command]) => command)
  return [...new Set([...blocks, ...inline].map((line) => line.replace(/\s+#.*$/, '')))]
}

/** The arguments of `npx hbsim`, as a shell would split them. */
export function argumentsOf(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|[^\s"])+/g) ?? []
  return words.slice(2).map((word) => word.replaceAll('"', ''))
}
