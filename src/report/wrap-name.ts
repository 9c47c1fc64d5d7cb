/** `name` in lines of at most `most` characters where it can be broken after a hyphen or space. */
export function wrapName(name: string, most: number): string {
  const lines: string[] = []
  for (const part of name.split(/(?<=[-\s])/)) {
    const last = lines[lines.length - 1]
    if (last !== undefined && (last + part).trimEnd().length <= most) {
      lines[lines.length - 1] = last + part
    } else lines.push(part)
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}
