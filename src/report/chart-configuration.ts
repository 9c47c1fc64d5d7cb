import type { Chart, ChartConfiguration, ChartDataset, ChartEvent, LegendItem } from 'chart.js'
import type { ChartDefinition, Fill } from './chart.js'
import type { ThemeColours } from './chart-theme.js'
import type { FaultMark } from './fault-marks.js'
import type { Axis } from './ticks.js'

// The report page runs the text of these very functions in the browser, so they use nothing but
// their arguments and each other: no imported value, no constant of this module.

/** Chart.js' configuration of a chart, in Node and in the browser. */
export function chartConfiguration(
  chart: ChartDefinition,
  colours: ThemeColours,
): ChartConfiguration<'line'> {
  const text = (content: string, size: number, weight: 'normal' | 'bold') => {
    return { display: true, text: content, color: colours.text, font: font(size, weight) }
  }
  return {
    type: 'line',
    data: { datasets: datasets(chart, colours) },
    options: {
      animation: false,
      responsive: false,
      parsing: false,
      normalized: true,
      devicePixelRatio: 2,
      layout: { padding: { top: 8, right: 28, bottom: 4, left: 8 } },
      // Curves are compared at one place; of points and boxes one is meant.
      interaction:
        chart.kind === 'curves'
          ? { mode: 'nearest', axis: 'x', intersect: false }
          : { mode: 'nearest', axis: 'xy', intersect: true },
      scales: scales(chart, colours) as object,
      plugins: {
        title: text(chart.title, 17, 'bold'),
        subtitle: {
          ...text(chart.subtitle, 13, 'normal'),
          color: colours.muted,
          padding: { top: 0, bottom: 10 + 18 * chart.labelRows },
        },
        legend: legend(chart, colours),
        tooltip: tooltip(chart),
      },
    },
    plugins: [
      {
        id: 'hbsim',
        beforeDraw: (drawn) => drawPaper(drawn, colours),
        beforeDatasetsDraw: (drawn) => {
          shadeFaults(drawn, chart.faults, colours)
          drawBoxes(drawn, chart, colours)
        },
        afterDatasetsDraw: (drawn) => nameFaults(drawn, chart.faults, colours),
        afterEvent: (drawn, args) => {
          if (chart.kind === 'boxes' && pointAtBox(drawn, chart, args.event)) args.changed = true
        },
      },
    ],
  }
}

/** Lines first, in their order; then the two edges of each band; then the middles of boxes. */
export function datasets(chart: ChartDefinition, colours: ThemeColours): ChartDataset<'line'>[] {
  type Data = ChartDataset<'line'>['data']
  const lines = chart.lines.map(({ label, panel, style, shape, points }, index) => {
    const colour = colours.named[style.colour]
    return {
      label,
      data: points as Data,
      yAxisID: `y${panel}`,
      ...{ borderColor: colour, backgroundColor: colour },
      borderDash: shape === 'whisker' ? [] : style.dash,
      borderWidth: shape === 'whisker' ? 2 : style.width,
      borderJoinStyle: 'round' as const,
      showLine: shape !== 'points',
      ...pointLook(chart, index),
      pointHitRadius: 8,
      // The first line lies lowest: it is the widest.
      order: chart.lines.length - index,
    }
  })
  const bands = chart.lines.flatMap(({ label, panel, style, band = [] }) => {
    if (band.length === 0) return []
    const backgroundColor = `${colours.named[style.colour]}2e`
    const edge = { label, yAxisID: `y${panel}`, backgroundColor, borderWidth: 0, pointRadius: 0 }
    const order = chart.lines.length + 1
    return [
      { ...edge, order, fill: false, data: band.map(({ x, low }) => ({ x, y: low })) as Data },
      { ...edge, order, fill: '-1', data: band.map(({ x, high }) => ({ x, y: high })) as Data },
    ]
  })
  const middles = chart.boxes.map(({ panel, from, to, low, high }) => {
    const data = [{ x: (from + to) / 2, y: (low + high) / 2 }] as Data
    return { label: '', data, yAxisID: `y${panel}`, showLine: false, pointRadius: 0 }
  })
  return [...lines, ...bands, ...(chart.kind === 'boxes' ? middles : [])]
}

export function pointLook({ kind, lines }: ChartDefinition, index: number): object {
  const { points, shape, style } = lines[index]
  if (shape === 'line') return { pointRadius: 0 }
  if (shape === 'points' && kind === 'curves') return { pointRadius: 2.4 }
  if (shape === 'points') {
    const { marker, ring } = style
    const look = { pointRadius: 6, pointStyle: marker, pointBorderWidth: 2 }
    // What it goes around is to be seen through it.
    return ring ? { ...look, pointRadius: ring, pointBackgroundColor: '#0000' } : look
  }
  // The bar across each end of an interval: upright if the interval lies.
  const rotation = points[0]?.y === points[1]?.y ? 90 : 0
  return { pointStyle: 'line', pointRadius: 7, pointBorderWidth: 2, rotation }
}

export function tooltip({ kind, x: across, lines, panels, boxes }: ChartDefinition): object {
  interface Item {
    datasetIndex: number
    parsed: { x: number; y: number }
    chart: Chart
  }
  return {
    displayColors: kind !== 'boxes',
    // The edges of bands are said with their line.
    filter: ({ datasetIndex }: Item) => datasetIndex < lines.length || kind === 'boxes',
    callbacks: {
      title: ([item]: Item[]) => (item ? humanise(item.parsed.x, across.unit) : ''),
      label: ({ datasetIndex, parsed: { x, y }, chart: drawn }: Item) => {
        const fromLast = drawn.data.datasets.length - datasetIndex
        if (datasetIndex >= lines.length) return boxes[boxes.length - fromLast].note.split('\n')
        const { label, panel, band } = lines[datasetIndex]
        const { unit } = panels[panel]
        const range = band?.find((each) => each.x === x)
        const text = `${label}: ${humanise(y, unit)}`
        if (range === undefined || range.low === null || range.high === null) return text
        return `${text} (${humanise(range.low, unit)} to ${humanise(range.high, unit)})`
      },
    },
  }
}

/** A value of an axis for a tooltip, to three digits. */
export function humanise(value: number, unit: Axis['unit']): string {
  const short = (number: number) => String(Number(number.toPrecision(3)))
  if (unit === 'category') return ''
  if (unit === 'count') return String(Math.round(value))
  if (unit === 'share') return `${short(100 * value)} %`
  // What is left above: 0.001 is the place of the 99.9th percentile.
  if (unit === 'above') return `${Number((100 - 100 * value).toFixed(4))} %`
  if (unit === 'usd') return `$${value < 100 ? value.toFixed(2) : Math.round(value)}`
  const factors =
    unit === 'us'
      ? { h: 3_600_000_000, min: 60_000_000, s: 1_000_000, ms: 1_000, µs: 1 }
      : { GiB: 1_073_741_824, MiB: 1_048_576, KiB: 1_024, B: 1 }
  const units = Object.entries(factors)
  const [name, factor] = units.find(([, each]) => value >= each) ?? units[units.length - 1]
  return `${short(value / factor)} ${name}`
}

export function scales(chart: ChartDefinition, colours: ThemeColours): Record<string, object> {
  const result: Record<string, object> = { x: scale(chart.x, colours) }
  // Stacked axes are as wide as one of them: all must take the room that the widest needs.
  const titleLines = Math.max(...chart.panels.map(({ title }) => title.split('\n').length))
  const labels = chart.panels.flatMap(({ ticks }) => ticks.map(({ label }) => label.length))
  // Pixels for its labels, and for each line of its title.
  const width = Math.max(76, 8 * Math.max(...labels) + 12) + 17 * titleLines
  const afterFit = (axis: { width: number }) => {
    axis.width = width
  }
  // Chart.js stacks axes from the bottom up. An empty axis keeps the panels' labels apart.
  for (let index = chart.panels.length - 1; index >= 0; index--) {
    const place = {
      position: 'left',
      stack: 'panels',
      stackWeight: chart.panels[index].weight ?? 1,
    }
    result[`y${index}`] = { ...scale(chart.panels[index], colours), ...place, afterFit }
    if (index === 0) break
    const none = { ticks: { display: false }, grid: { display: false }, border: { display: false } }
    result[`gap${index}`] = { ...none, position: 'left', stack: 'panels', stackWeight: 0.09 }
  }
  return result
}

export function scale(axis: Axis, colours: ThemeColours): object {
  return {
    type: axis.scale,
    min: axis.min,
    max: axis.max,
    reverse: axis.unit === 'above',
    title: {
      display: axis.title !== '',
      ...{ text: axis.title.split('\n'), color: colours.text, font: font(14) },
    },
    grid: { color: colours.grid, display: axis.unit !== 'category' },
    border: { color: colours.border },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      color: colours.text,
      font: font(13),
      callback: (value: number) => {
        return axis.ticks.find((tick) => tick.value === value)?.label.split('\n') ?? ''
      },
    },
    afterBuildTicks: (built: { ticks: { value: number }[] }) => {
      built.ticks = axis.ticks.map(({ value }) => ({ value }))
    },
  }
}

/** One entry for each look; it hides and shows the lines of its label in all panels. */
export function legend(chart: ChartDefinition, colours: ThemeColours): object {
  const owners = datasets(chart, colours).map(({ label }) => label)
  return {
    position: 'bottom',
    labels: {
      usePointStyle: true,
      pointStyleWidth: chart.legend.some(({ shape }) => shape === 'line') ? 56 : 15,
      padding: 18,
      font: font(14),
      generateLabels: (drawn: Chart) =>
        chart.legend.map(({ label, style, shape, fill }) => {
          const datasetIndex = owners.indexOf(label)
          const colour = colours.named[style.colour]
          const look = { strokeStyle: colour, fillStyle: colour, fontColor: colours.text }
          const entry = {
            ...{ text: label, datasetIndex, pointStyle: 'line', ...look },
            hidden: datasetIndex >= 0 && !drawn.isDatasetVisible(datasetIndex),
          }
          if (fill !== undefined) {
            const box = { pointStyle: 'rect', strokeStyle: colours.border, lineWidth: 0.8 }
            return { ...entry, ...box, fillStyle: fillColour(fill, colours) }
          }
          if (shape === 'line') return { ...entry, lineWidth: style.width, lineDash: style.dash }
          if (chart.kind === 'curves') return { ...entry, lineWidth: 6, lineDash: [6, 11] }
          return { ...entry, pointStyle: style.marker, lineWidth: 2 }
        }),
    },
    onClick: (_event: unknown, item: LegendItem, { chart: drawn }: { chart: Chart }) => {
      if (!owners.includes(item.text)) return
      const visible = !drawn.isDatasetVisible(item.datasetIndex ?? 0)
      for (const [index, owner] of owners.entries()) {
        if (owner === item.text) drawn.setDatasetVisibility(index, visible)
      }
      drawn.update()
    },
  }
}

export function font(size: number, weight: 'normal' | 'bold' = 'normal') {
  return { size, weight, family: "'DejaVu Sans', system-ui, sans-serif" }
}

/** Paper below everything: a PNG would else be transparent. */
export function drawPaper({ ctx, width, height }: Chart, colours: ThemeColours): void {
  ctx.fillStyle = colours.paper
  ctx.fillRect(0, 0, width, height)
}

/** Shades faults and recoveries, and draws instants of disaster as lines. */
export function shadeFaults(drawn: Chart, faults: readonly FaultMark[], colours: ThemeColours) {
  const { ctx, chartArea, scales: drawnScales } = drawn
  const { top, bottom } = chartArea
  // Variants may have different faults at one time.
  const spans = new Map(
    faults.map((each) => [`${each.fromUs} ${each.toUs} ${each.recovery}`, each]),
  )
  for (const { fromUs, toUs, recovery } of spans.values()) {
    const from = drawnScales.x.getPixelForValue(fromUs)
    const to = drawnScales.x.getPixelForValue(toUs)
    ctx.fillStyle = recovery ? colours.recovery : colours.fault
    ctx.fillRect(from, top, to - from, bottom - top)
    if (recovery) continue
    ctx.fillStyle = toUs > fromUs ? colours.edge : colours.disaster
    const width = toUs > fromUs ? 1 : 2
    for (const edge of new Set([from, to])) {
      ctx.fillRect(edge - width / 2, top - 4, width, bottom - top + 4)
    }
  }
}

/** Names faults and recoveries above the plot. */
export function nameFaults(drawn: Chart, faults: readonly FaultMark[], colours: ThemeColours) {
  const { ctx, chartArea, scales: drawnScales } = drawn
  ctx.save()
  ctx.font = "13px 'DejaVu Sans', system-ui, sans-serif"
  ctx.textAlign = 'center'
  ctx.textBaseline = 'bottom'
  ctx.fillStyle = colours.text
  for (const { label, fromUs, toUs, row } of faults) {
    if (row === null) continue
    const half = ctx.measureText(label).width / 2
    const middle = drawnScales.x.getPixelForValue((fromUs + toUs) / 2)
    const centre = Math.max(chartArea.left + half, Math.min(middle, chartArea.right - half))
    ctx.fillText(label, centre, chartArea.top - 6 - 18 * row)
  }
  ctx.restore()
}

/** Boxes between the axes' values, with their text where it fits in. */
export function drawBoxes(drawn: Chart, chart: ChartDefinition, colours: ThemeColours) {
  const { ctx, chartArea, scales: drawnScales } = drawn
  ctx.save()
  ctx.font = `${chart.boxTextSize ?? 13}px 'DejaVu Sans', system-ui, sans-serif`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  for (const { panel, from, to, low, high, fill, text, framed } of chart.boxes) {
    const y = drawnScales[`y${panel}`]
    const left = Math.max(chartArea.left, drawnScales.x.getPixelForValue(from))
    const right = Math.min(chartArea.right, drawnScales.x.getPixelForValue(to))
    // Short ones are to be seen, too.
    const width = Math.max(1.5, right - left)
    const top = y.getPixelForValue(high)
    const height = y.getPixelForValue(low) - top
    const colour = fillColour(fill, colours)
    ctx.fillStyle = colour
    ctx.fillRect(left, top, width, height)
    const inset = framed ? 3 : 0
    ctx.strokeStyle = framed ? colours.text : colours.border
    ctx.lineWidth = inset || 0.8
    if (width > 8) ctx.strokeRect(left + inset, top + inset, width - 2 * inset, height - 2 * inset)
    const widest = Math.max(0, ...text.map((line) => ctx.measureText(line).width))
    if (widest + 8 > width || 16 * text.length > height) continue
    ctx.fillStyle = luminance(colour) > 0.45 ? '#111111' : '#ffffff'
    for (const [index, line] of text.entries()) {
      const middle = top + height / 2 + 17 * (index - (text.length - 1) / 2)
      ctx.fillText(line, left + width / 2, middle)
    }
  }
  ctx.restore()
}

/** Points at the box under the pointer, of which a tooltip says its note; false if it does not. */
export function pointAtBox(
  drawn: Chart,
  { boxes, lines }: ChartDefinition,
  { type, x, y }: ChartEvent,
): boolean {
  const isLine = drawn.getActiveElements().some((each) => each.datasetIndex < lines.length)
  if (isLine || type !== 'mousemove' || x === null || y === null) return false
  const across = drawn.scales.x.getValueForPixel(x) ?? 0
  const found = boxes.findIndex(({ panel, from, to, low, high }) => {
    const up = drawn.scales[`y${panel}`].getValueForPixel(y) ?? 0
    return from <= across && across < to && low <= up && up < high
  })
  const datasetIndex = drawn.data.datasets.length - boxes.length + found
  drawn.tooltip?.setActiveElements(found < 0 ? [] : [{ datasetIndex, index: 0 }], { x, y })
  return true
}

export function fillColour(fill: Fill, { named, heat, paper: background }: ThemeColours): string {
  if ('colour' in fill) {
    return fill.pale === true ? mix(named[fill.colour], background, 0.62) : named[fill.colour]
  }
  const place = fill.heat * (heat.length - 1)
  const step = Math.min(heat.length - 2, Math.floor(place))
  return mix(heat[step], heat[step + 1], place - step)
}

/** `share` of the second colour in the first, both written `#rrggbb`. */
export function mix(one: string, other: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [from, to] = [one, other].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16))
    return Math.round(from + (to - from) * share)
  })
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** How bright a colour looks, from 0 to 1. */
export function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
}
