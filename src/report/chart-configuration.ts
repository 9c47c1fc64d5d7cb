import type { Chart, ChartConfiguration, ChartDataset, LegendItem, Plugin } from 'chart.js'
import type { ChartBar, ChartDefinition } from './chart.js'
import type { FaultMark } from './fault-marks.js'
import type { Axis } from './ticks.js'

// The report page runs the text of these very functions in the browser, so they use nothing but
// their arguments and each other: no imported value, no constant of this module.

/**
 * Chart.js' configuration of a chart, in Node and in the browser.
 */
export function chartConfiguration(chart: ChartDefinition): ChartConfiguration<'line'> {
  return {
    type: 'line',
    data: { datasets: chart.lines.map((_, index) => dataset(chart, index)) },
    options: {
      animation: false,
      responsive: false,
      parsing: false,
      normalized: true,
      devicePixelRatio: 2,
      layout: { padding: { top: 8, right: 28, bottom: 4, left: 8 } },
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: scales(chart) as object,
      plugins: {
        title: { display: true, text: chart.title, color: '#111', font: font(17, 'bold') },
        subtitle: {
          display: true,
          text: chart.subtitle,
          color: '#444',
          font: font(13),
          padding: { top: 0, bottom: 10 + 18 * chart.labelRows },
        },
        legend: legend(chart),
        tooltip: {
          callbacks: {
            title: (items) => humanise(items[0]?.parsed.x ?? 0, 'us'),
            label: (item) => {
              const line = chart.lines[item.datasetIndex]
              return `${line.label}: ${humanise(item.parsed.y ?? 0, chart.panels[line.panel].unit)}`
            },
          },
        },
      },
    },
    plugins: [paper(), faultShading(chart.faults), barDrawing(chart.bars)],
  }
}

/** A value of an axis for a tooltip, to three digits. */
export function humanise(value: number, unit: Axis['unit']): string {
  if (unit === 'count') return String(Math.round(value))
  if (unit === 'share') return `${Number((100 * value).toPrecision(3))} %`
  const factors: [number, string][] =
    unit === 'us'
      ? [
          [3_600_000_000, 'h'],
          [60_000_000, 'min'],
          [1_000_000, 's'],
          [1_000, 'ms'],
          [1, 'µs'],
        ]
      : [
          [1_073_741_824, 'GiB'],
          [1_048_576, 'MiB'],
          [1_024, 'KiB'],
          [1, 'B'],
        ]
  const [factor, name] = factors.find(([each]) => value >= each) ?? factors[factors.length - 1]
  return `${Number((value / factor).toPrecision(3))} ${name}`
}

export function dataset(chart: ChartDefinition, index: number): ChartDataset<'line'> {
  const { label, panel, style, scattered, points } = chart.lines[index]
  return {
    label,
    data: points as ChartDataset<'line'>['data'],
    yAxisID: `y${panel}`,
    borderColor: style.colour,
    backgroundColor: style.colour,
    borderDash: style.dash,
    borderWidth: style.width,
    borderJoinStyle: 'round',
    showLine: !scattered,
    pointRadius: scattered ? 2.4 : 0,
    pointHitRadius: 8,
    // The first line lies lowest: it is the widest.
    order: chart.lines.length - index,
  }
}

export function scales(chart: ChartDefinition): Record<string, object> {
  const result: Record<string, object> = { x: scale(chart.time) }
  // Stacked axes are as wide as one of them: all must take the room that the widest needs.
  const titleLines = Math.max(...chart.panels.map(({ title }) => title.split('\n').length))
  const labels = chart.panels.flatMap(({ ticks }) => ticks.map(({ label }) => label.length))
  const afterFit = (axis: { width: number }) => {
    // Pixels for its labels, and for each line of its title.
    axis.width = Math.max(76, 8 * Math.max(...labels) + 12) + 17 * titleLines
  }
  // Chart.js stacks axes from the bottom up. An empty axis keeps the panels' labels apart.
  for (let index = chart.panels.length - 1; index >= 0; index--) {
    const place = { position: 'left', stack: 'panels', afterFit }
    const stackWeight = chart.panels[index].weight ?? 1
    result[`y${index}`] = { ...scale(chart.panels[index]), ...place, stackWeight }
    if (index === 0) break
    const blank = {
      ticks: { display: false },
      grid: { display: false },
      border: { display: false },
    }
    result[`gap${index}`] = { ...blank, position: 'left', stack: 'panels', stackWeight: 0.09 }
  }
  return result
}

export function scale(axis: Axis): object {
  return {
    type: axis.scale,
    min: axis.min,
    max: axis.max,
    title: { display: true, text: axis.title.split('\n'), color: '#222', font: font(14) },
    grid: { color: '#e3e3e3' },
    border: { color: '#666' },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      color: '#222',
      font: font(13),
      callback: (value: number) => axis.ticks.find((tick) => tick.value === value)?.label ?? '',
    },
    afterBuildTicks: (built: { ticks: { value: number }[] }) => {
      built.ticks = axis.ticks.map(({ value }) => ({ value }))
    },
  }
}

/** One entry for each look; it hides and shows the lines of its label in all panels. */
export function legend(chart: ChartDefinition): object {
  return {
    position: 'bottom',
    labels: {
      usePointStyle: true,
      pointStyleWidth: 56,
      padding: 18,
      font: font(14),
      generateLabels: (drawn: Chart) =>
        chart.legend.map(({ label, style, shape }) => {
          const datasetIndex = chart.lines.findIndex((line) => line.label === label)
          return {
            text: label,
            datasetIndex,
            hidden: datasetIndex >= 0 && !drawn.isDatasetVisible(datasetIndex),
            pointStyle: shape === 'bar' ? 'rect' : 'line',
            strokeStyle: shape === 'bar' ? '#444' : style.colour,
            fillStyle: style.colour,
            lineWidth: shape === 'bar' ? 0.8 : shape === 'points' ? 6 : style.width,
            lineDash: shape === 'points' ? [6, 11] : style.dash,
            fontColor: '#222',
          }
        }),
    },
    onClick: (_event: unknown, item: LegendItem, { chart: drawn }: { chart: Chart }) => {
      if (!chart.lines.some(({ label }) => label === item.text)) return
      const visible = !drawn.isDatasetVisible(item.datasetIndex ?? 0)
      for (const [index, { label }] of chart.lines.entries()) {
        if (label === item.text) drawn.setDatasetVisibility(index, visible)
      }
      drawn.update()
    },
  }
}

export function font(size: number, weight: 'normal' | 'bold' = 'normal') {
  return { size, weight, family: "'DejaVu Sans', system-ui, sans-serif" }
}

/** White paper below everything: a PNG would else be transparent. */
export function paper(): Plugin<'line'> {
  return {
    id: 'paper',
    beforeDraw: ({ ctx, width, height }) => {
      ctx.save()
      ctx.fillStyle = '#fff'
      ctx.fillRect(0, 0, width, height)
      ctx.restore()
    },
  }
}

/** Shades faults and recoveries, draws instants of disaster as lines, and names both above the plot. */
export function faultShading(faults: readonly FaultMark[]): Plugin<'line'> {
  return {
    id: 'faultShading',
    beforeDatasetsDraw: ({ ctx, chartArea, scales: { x } }) => {
      ctx.save()
      for (const { fromUs, toUs, recovery } of faults) {
        const from = x.getPixelForValue(fromUs)
        const to = x.getPixelForValue(toUs)
        ctx.fillStyle = recovery ? 'rgba(0, 114, 178, 0.11)' : 'rgba(0, 0, 0, 0.09)'
        ctx.fillRect(from, chartArea.top, to - from, chartArea.bottom - chartArea.top)
        if (recovery) continue
        ctx.fillStyle = toUs > fromUs ? '#8a8a8a' : '#222'
        const width = toUs > fromUs ? 1 : 2
        for (const edge of new Set([from, to])) {
          ctx.fillRect(
            edge - width / 2,
            chartArea.top - 4,
            width,
            chartArea.bottom - chartArea.top + 4,
          )
        }
      }
      ctx.restore()
    },
    afterDatasetsDraw: ({ ctx, chartArea, scales: { x } }) => {
      ctx.save()
      ctx.font = "13px 'DejaVu Sans', system-ui, sans-serif"
      ctx.textAlign = 'center'
      ctx.textBaseline = 'bottom'
      ctx.fillStyle = '#222'
      for (const { label, fromUs, toUs, row } of faults) {
        if (row === null) continue
        const half = ctx.measureText(label).width / 2
        const middle = x.getPixelForValue((fromUs + toUs) / 2)
        const centre = Math.max(chartArea.left + half, Math.min(middle, chartArea.right - half))
        ctx.fillText(label, centre, chartArea.top - 6 - 18 * row)
      }
      ctx.restore()
    },
  }
}

/** Bars in the rows of their panels, with their text where it fits in. */
export function barDrawing(bars: readonly ChartBar[]): Plugin<'line'> {
  return {
    id: 'barDrawing',
    beforeDatasetsDraw: ({ ctx, chartArea, scales: drawn }) => {
      ctx.save()
      ctx.font = "13px 'DejaVu Sans', system-ui, sans-serif"
      ctx.textAlign = 'center'
      ctx.textBaseline = 'middle'
      for (const { panel, row, fromUs, toUs, colour, text, textColour } of bars) {
        const y = drawn[`y${panel}`]
        const left = Math.max(chartArea.left, drawn.x.getPixelForValue(fromUs))
        const right = Math.min(chartArea.right, drawn.x.getPixelForValue(toUs))
        // Short ones are to be seen, too.
        const width = Math.max(1.5, right - left)
        const top = y.getPixelForValue(row + 0.85)
        const height = y.getPixelForValue(row + 0.15) - top
        ctx.fillStyle = colour
        ctx.fillRect(left, top, width, height)
        if (width > 8) {
          ctx.strokeStyle = '#444'
          ctx.lineWidth = 0.8
          ctx.strokeRect(left, top, width, height)
        }
        if (text === '' || ctx.measureText(text).width + 8 > width) continue
        ctx.fillStyle = textColour
        ctx.fillText(text, left + width / 2, top + height / 2)
      }
      ctx.restore()
    },
  }
}
