/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Chart, ChartConfiguration, LegendItem } from 'chart.js'
import type { ChartDefinition } from './chart.js'
import type { Theme } from './chart-theme.js'
import type { PackedChart } from './packed-chart.js'
import type { Axis } from './ticks.js'

// The report page runs the text of these very functions, so they use nothing but their arguments,
// each other and what a browser has: no imported value, no constant of this module.

/** What the page has besides these functions: chart.js, and functions that configure charts. */
export interface Drawing {
  Chart: new (canvas: HTMLCanvasElement, configuration: ChartConfiguration<'line'>) => Chart
  configure: (chart: ChartDefinition, theme: Theme) => ChartConfiguration<'line'>
  humanise: (value: number, unit: Axis['unit']) => string
}

/** Draws the charts of the page in its colours, and makes its buttons work. */
export function startPage(drawing: Drawing): void {
  const root = document.documentElement
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')
  const onPaper = matchMedia('print')
  const data = document.getElementById('definitions')?.textContent ?? '[]'
  const packed: PackedChart[] = JSON.parse(data)
  const figures = packed.map((chart) => liveFigure(unpackedChart(chart), drawing))
  let shown = ''
  let printing = false
  const draw = () => {
    const chosen = root.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light')
    const theme = printing || onPaper.matches ? 'print' : chosen
    if (theme === shown) return
    shown = theme
    for (const figure of figures) figure(theme === 'print' || theme === 'dark' ? theme : 'light')
  }
  const print = (begins: boolean) => {
    if (begins !== printing) unfold(begins)
    printing = begins
    draw()
  }
  draw()
  prefersDark.addEventListener('change', draw)
  onPaper.addEventListener('change', () => print(onPaper.matches))
  addEventListener('beforeprint', () => print(true))
  addEventListener('afterprint', () => print(false))
  offerThemes(draw)
  offerFilter()
  offerCopies()
  keepTabStops()
}

/** Undoes `packedChart`, but for digits that nobody sees. */
export function unpackedChart({ xs, lines, ...chart }: PackedChart): ChartDefinition {
  const numbers = (text: string) => {
    return text === '' ? [] : text.split(' ').map((each) => (each === '-' ? null : Number(each)))
  }
  const places = xs.map((text) => numbers(text).map((x) => x ?? 0))
  return {
    ...chart,
    lines: lines.map(({ points: [x, y], band, ...line }) => {
      const ys = numbers(y)
      const points = places[x].map((each, index) => ({ x: each, y: ys[index] }))
      if (band === undefined) return { ...line, points }
      const [low, high] = [numbers(band[1]), numbers(band[2])]
      const edges = places[band[0]].map((each, index) => {
        return { x: each, low: low[index], high: high[index] }
      })
      return { ...line, points, band: edges }
    }),
  }
}

/** Draws one chart, again and again as the theme changes, with the same lines hidden. */
export function liveFigure(
  chart: ChartDefinition,
  { Chart, configure, humanise }: Drawing,
): (theme: Theme) => void {
  const canvas = document.getElementById(`chart-${chart.id}`) as HTMLCanvasElement
  const place = canvas.closest('figure')?.querySelector('.legend')
  const hidden = new Set<string>()
  let drawn: Chart | null = null
  const applyHidden = (to: Chart) => {
    for (const [index, { label }] of to.data.datasets.entries()) {
      to.setDatasetVisibility(index, !hidden.has(label ?? ''))
    }
    to.update()
  }
  return (theme) => {
    drawn?.destroy()
    const configuration = configure(chart, theme)
    fitIntoPage(configuration, chart, humanise)
    const current = new Chart(canvas, configuration)
    drawn = current
    if (hidden.size > 0) applyHidden(current)
    const toggle = (label: string) => {
      if (!hidden.delete(label)) hidden.add(label)
      applyHidden(current)
    }
    place?.replaceChildren(...legendEntries(current, hidden, toggle))
  }
}

/** The page itself writes titles and legend; a tooltip names the faults of its instant. */
export function fitIntoPage(
  { options }: ChartConfiguration<'line'>,
  { x, kind, faults }: ChartDefinition,
  humanise: Drawing['humanise'],
): void {
  const { title, subtitle, legend, tooltip } = options?.plugins ?? {}
  if (title !== undefined) title.display = false
  // Its room is that of the faults' names.
  if (subtitle !== undefined) subtitle.text = ' '
  if (legend !== undefined) legend.display = false
  if (kind !== 'curves' || tooltip?.callbacks === undefined) return
  tooltip.callbacks.footer = ([item]) => {
    if (item === undefined) return []
    const at = item.parsed.x ?? 0
    const near = (x.max - x.min) / 200
    return faults
      .filter(({ fromUs, toUs }) => fromUs - near <= at && at <= toUs + near)
      .map(({ label, fromUs, toUs }) => {
        const from = humanise(fromUs, 'us')
        return `${label}: ${toUs > fromUs ? `${from} to ${humanise(toUs, 'us')}` : `at ${from}`}`
      })
  }
}

/** A button for each label that hides and shows its lines; a plain entry where there are none. */
export function legendEntries(
  chart: Chart,
  hidden: ReadonlySet<string>,
  toggle: (label: string) => void,
): HTMLElement[] {
  const items = chart.options.plugins?.legend?.labels?.generateLabels?.(chart) ?? []
  return items.map((item) => {
    const lines = chart.data.datasets.some(({ label }) => label === item.text)
    const entry = document.createElement(lines ? 'button' : 'span')
    entry.append(swatch(item), item.text)
    if (entry instanceof HTMLButtonElement) {
      const show = () => entry.setAttribute('aria-pressed', String(!hidden.has(item.text)))
      entry.type = 'button'
      entry.addEventListener('click', () => {
        toggle(item.text)
        show()
      })
      show()
    }
    return entry
  })
}

/** What the lines, points or boxes of a legend's entry look like. */
export function swatch({ pointStyle, ...look }: LegendItem): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const isLine = pointStyle === 'line'
  const width = isLine ? 48 : 16
  canvas.width = 2 * width
  canvas.height = 2 * 16
  canvas.className = isLine ? 'swatch line' : 'swatch'
  canvas.setAttribute('aria-hidden', 'true')
  const ctx = canvas.getContext('2d')
  if (ctx === null) return canvas
  ctx.scale(2, 2)
  ctx.strokeStyle = look.strokeStyle as string
  ctx.fillStyle = look.fillStyle as string
  ctx.lineWidth = look.lineWidth ?? 2
  ctx.setLineDash(look.lineDash ?? [])
  ctx.beginPath()
  if (isLine) ctx.moveTo(1, 8)
  if (isLine) ctx.lineTo(width - 1, 8)
  else if (pointStyle === 'circle') ctx.arc(8, 8, 5, 0, 2 * Math.PI)
  else if (pointStyle === 'triangle')
    for (const [x, y] of [
      [8, 2],
      [14, 13],
      [2, 13],
    ])
      ctx.lineTo(x, y)
  else if (pointStyle === 'rectRot')
    for (const [x, y] of [
      [8, 2],
      [14, 8],
      [8, 14],
      [2, 8],
    ])
      ctx.lineTo(x, y)
  else ctx.rect(3, 3, 10, 10)
  if (!isLine) ctx.closePath()
  if (!isLine) ctx.fill()
  ctx.stroke()
  return canvas
}

/** Buttons for the colours of the page; nothing is remembered. */
export function offerThemes(redraw: () => void): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-choose]')]
  const root = document.documentElement
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const { choose = 'auto' } = button.dataset
      if (choose === 'auto') delete root.dataset.theme
      else root.dataset.theme = choose
      for (const each of buttons) each.setAttribute('aria-pressed', String(each === button))
      redraw()
    })
  }
  for (const group of document.querySelectorAll<HTMLElement>('.themes')) group.hidden = false
}

/** On paper nothing is folded, except what is for screens alone. */
export function unfold(begins: boolean): void {
  for (const details of document.querySelectorAll('details')) {
    if (details.parentElement?.tagName === 'FIGURE') continue
    if (begins && !details.open) {
      details.open = true
      details.dataset.folded = ''
    } else if (!begins && details.dataset.folded !== undefined) {
      details.open = false
      delete details.dataset.folded
    }
  }
}

/** Hides the rows of parameters that do not have the text looked for. */
export function offerFilter(): void {
  const field = document.querySelector<HTMLInputElement>('#filter')
  const label = field?.closest('label')
  if (field === null || label == null) return
  label.hidden = false
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase()
    for (const row of document.querySelectorAll<HTMLElement>('#assumptions tbody tr')) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted)
    }
    for (const details of document.querySelectorAll<HTMLDetailsElement>('#assumptions details')) {
      if (wanted !== '') details.open = details.querySelector('tbody tr:not([hidden])') !== null
    }
  })
}

/** Buttons that copy the text of another element; where that is refused they select it. */
export function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const text = document.getElementById(button.dataset.copy ?? '')
    const status = button.parentElement?.querySelector('[role="status"]')
    if (text === null || status == null) continue
    button.hidden = false
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text.textContent)
        status.textContent = 'Copied.'
      } catch {
        getSelection()?.selectAllChildren(text)
        status.textContent = 'Selected: copy it.'
      }
    })
  }
}

/** Only what really scrolls is a stop of the tab key. */
export function keepTabStops(): void {
  const look = () => {
    for (const box of document.querySelectorAll<HTMLElement>('.wide, .drawing')) {
      box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1
      if (box.tabIndex < 0) box.removeAttribute('tabindex')
    }
  }
  look()
  addEventListener('resize', look)
  document.addEventListener('toggle', look, true)
}
