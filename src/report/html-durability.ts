import { variantsOf } from '../experiment/over-seeds.js'
import type { Summary } from '../experiment/summary.js'
import { DURABILITY_NOTE, type Exposure, type ExposureRow, exposures } from './durability-table.js'
import { escapeHtml } from './escape-html.js'
import { headHtml, note, wideTable } from './html-parts.js'
import type { WordLinks } from './html-words.js'
import { NOTHING } from './table.js'

const SECOND = 1_000_000

/** Shades by the worst instant, from nothing on; what is above the last bound has the last shade. */
const SHADES: readonly { mostUs: number; text: string }[] = [
  { mostUs: 0, text: 'nothing' },
  { mostUs: SECOND, text: 'up to 1 s' },
  { mostUs: 10 * SECOND, text: 'up to 10 s' },
  { mostUs: 60 * SECOND, text: 'up to 1 min' },
  { mostUs: 600 * SECOND, text: 'up to 10 min' },
  { mostUs: Number.POSITIVE_INFINITY, text: 'more' },
]

/** The durability table as a heat map; nothing if no peer was measured. */
export function durabilityHtml(summary: Summary, words: WordLinks): string {
  const rows = exposures(summary)
  if (rows.length === 0) return ''
  words.restart()
  const head = headHtml(['if it had struck', ...variantsOf(summary.runs)], words)
  const body = rows.map((row) => rowHtml(row, words))
  return [wideTable('If a disaster had struck', head, body), LEGEND, note(DURABILITY_NOTE)].join(
    '\n',
  )
}

function rowHtml({ title, cells }: ExposureRow, words: WordLinks): string {
  const exposed = cells.map((cell) => (cell === null ? `<td>${NOTHING}</td>` : cellHtml(cell)))
  return `<tr><th scope="row">${words.title(title)}</th>${exposed.join('')}</tr>`
}

function cellHtml({ worstUs, lines, claim, broken }: Exposure): string {
  const shade = SHADES.findIndex(({ mostUs }) => worstUs <= mostUs)
  const kept = claim === 'claimed' ? 'claimed' : 'unclaimed'
  const said = `<span class="claim ${broken ? 'broken' : kept}">${escapeHtml(claim)}</span>`
  return `<td class="heat-${shade}">${lines.map(escapeHtml).join('<br>')}<br>${said}</td>`
}

const LEGEND = `<p class="note shades">Worst instant: ${SHADES.map(
  ({ text }, index) => `<span class="heat-${index}">${text}</span>`,
).join(' ')}</p>`
