/** A text with each run of white space as one blank, and where in the text each character was. */
interface Flat {
  text: string
  places: number[]
}

function flat(text: string): Flat {
  const places: number[] = []
  let result = ''
  for (const { 0: word, index } of text.matchAll(/\S+|\s+/g)) {
    const blank = word.trim() === ''
    result += blank ? ' ' : word
    for (let i = 0; i < (blank ? 1 : word.length); i++) places.push(index + i)
  }
  return { text: result, places }
}

/** Whether `text` goes on at `at` with more of the word or number that `phrase` ends with. */
function isWhole(text: string, from: number, phrase: string): boolean {
  const until = from + phrase.length
  const before = text.slice(Math.max(0, from - 2), from)
  const after = text.slice(until, until + 2)
  const goesOn = /\w$/.test(phrase) && (/^\w/.test(after) || /^[.,]\d/.test(after))
  return !goesOn && !(/^\w/.test(phrase) && (/\w$/.test(before) || /\d[.,]$/.test(before)))
}

/**
 * What is wrong with the numbers of a text. Each of `phrases` is what it has to say somewhere, word
 * for word; each digit of the text must be in one of them.
 */
export function uncheckedNumbers(text: string, phrases: readonly string[]): string[] {
  const { text: line, places } = flat(text)
  const covered = new Uint8Array(line.length)
  const absent: string[] = []
  for (const phrase of phrases) {
    let found = false
    for (let at = line.indexOf(phrase); at !== -1; at = line.indexOf(phrase, at + 1)) {
      if (!isWhole(line, at, phrase)) continue
      found = true
      covered.fill(1, at, at + phrase.length)
    }
    if (!found) absent.push(`does not say: ${phrase}`)
  }
  const uncovered = [...line.matchAll(/\d+/g)].flatMap(({ 0: digits, index }) => {
    if (covered.subarray(index, index + digits.length).every((each) => each === 1)) return []
    const number = text.slice(0, places[index]).split('\n').length
    const around = line.slice(Math.max(0, index - 30), index + 30)
    return [`line ${number}: nothing checks ${digits} in: ${around}`]
  })
  return [...absent, ...uncovered]
}
