import { escapeHtml } from './escape-html.js'
import type { WordLinks } from './html-words.js'
import { ALARM, type Table } from './table.js'

/** A part of the page that its contents lead to; one without a body is left out. */
export interface Section {
  id: string
  title: string
  body: string
}

/** A section of its parts; those that are empty leave no trace. */
export function section(id: string, title: string, ...parts: string[]): Section {
  return { id, title, body: parts.filter((part) => part !== '').join('\n') }
}

export function sectionHtml({ id, title, body }: Section): string {
  return `<section id="${id}">\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`
}

/** `content` under a smaller title; nothing at all if there is none. */
export function part(title: string, content: string): string {
  return content === '' ? '' : `<h3>${escapeHtml(title)}</h3>\n${content}`
}

/** A note below a table; nothing if there is nothing that it is about. */
export function note(text: string, about = 'something'): string {
  return about === '' ? '' : `<p class="note">${escapeHtml(text)}</p>`
}

/** Of use on a screen alone. */
export function hint(text: string): string {
  return `<p class="note screen">${escapeHtml(text)}</p>`
}

/** Text with names in backticks, which are code, and links where they are words. */
export function proseHtml(text: string, words: WordLinks): string {
  return text
    .split(/`([^`]*)`/)
    .map((piece, index) =>
      index % 2 === 1 ? `<code>${words.name(piece)}</code>` : escapeHtml(piece),
    )
    .join('')
}

/** What can be opened; it is open on paper. `content` is HTML. */
export function folded(title: string, content: string, isOpen = false): string {
  if (content === '') return ''
  const open = isOpen ? ' open' : ''
  return `<details${open}>\n<summary>${escapeHtml(title)}</summary>\n${content}\n</details>`
}

/**
 * A table that scrolls by itself where it is too wide, under `label` for those who do not see what
 * stands above it. Nothing at all if it has no rows.
 */
export function tableHtml(label: string, { head, rows }: Table, words: WordLinks): string {
  if (rows.length === 0) return ''
  words.restart()
  const top = headHtml(head, words)
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell) => `<td>${linesHtml(cell, words)}</td>`).join('')
    return `<tr><th scope="row">${titleHtml(first, words)}</th>${cells}</tr>`
  })
  return wideTable(label, top, body)
}

/** The same of rows that are HTML already. */
export function wideTable(label: string, head: string, rows: readonly string[]): string {
  return `<div class="wide" role="group" aria-label="${escapeHtml(label)}" tabindex="0"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`
}

export function headHtml(head: readonly string[], words: WordLinks): string {
  const cells = head.map((cell) =>
    cell === '' ? '<td></td>' : `<th scope="col">${words.title(cell)}</th>`,
  )
  return cells.join('')
}

/** The lines of a row's title. */
export function titleHtml(title: string, words: WordLinks): string {
  return title
    .split('\n')
    .map((line) => words.title(line))
    .join('<br>')
}

/** The lines of a cell; broken claims and verdicts are marked. */
export function linesHtml(cell: string, words: WordLinks): string {
  const lines = cell.split('\n').map((line) => {
    if (line.startsWith(ALARM) || /^violated\b/i.test(line)) return mark('violated', line)
    if (/^undecided\b/.test(line)) return mark('undecided', line)
    if (/^held\b/.test(line)) return mark('held', line)
    return words.name(line)
  })
  return lines.join('<br>')
}

function mark(verdict: string, line: string): string {
  return `<strong class="${verdict}">${escapeHtml(line)}</strong>`
}
