import { createRequire } from 'node:module'
import { join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { ChartJSNodeCanvas } from 'chartjs-node-canvas'
import { CHART_WIDTH, type ChartDefinition } from './chart.js'
import { chartConfiguration } from './chart-configuration.js'
import { type Theme, themes } from './chart-theme.js'

/** A chart as a PNG of twice its size in CSS pixels; needs no font of the machine. */
export function renderPng(chart: ChartDefinition, theme?: Theme): Buffer {
  return new PngRenderer().render(chart, theme)
}

/** Draws many charts, of any height, with one copy of Chart.js: to load it takes as long as a chart. */
export class PngRenderer extends ChartJSNodeCanvas {
  constructor() {
    registerFonts()
    super({ width: CHART_WIDTH, height: CHART_WIDTH })
  }

  render(chart: ChartDefinition, theme: Theme = 'light'): Buffer {
    Object.assign(this, { _height: chart.height })
    return this.renderToBufferSync(chartConfiguration(chart, themes[theme]))
  }
}

function registerFonts(): void {
  if (GlobalFonts.has('DejaVu Sans')) return
  const folder = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    GlobalFonts.registerFromPath(join(folder, '..', 'ttf', file), 'DejaVu Sans')
  }
}
