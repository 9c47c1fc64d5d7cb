/** A doc of a registry as a sentence: some begin small and have no full stop; names stay small. */
export function sentence(doc: string): string {
  const end = /[.!?]$/.test(doc) ? doc : `${doc}.`
  return /^(?!hflush|hsync)[a-z]+[ ,;]/.test(end) ? end[0].toUpperCase() + end.slice(1) : end
}
