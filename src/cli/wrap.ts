/** `text` in lines of at most `width` characters, as far as its words allow. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent + word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join('\n')
}

/** Each of `sentences` on lines of its own. */
export function linesOf(sentences: readonly string[], width: number): string {
  return sentences.map((sentence) => wrap(sentence, width, '  ')).join('\n')
}
