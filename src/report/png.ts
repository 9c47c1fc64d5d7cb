import { createRequire } from 'node:module'
import { join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { ChartJSNodeCanvas } from 'chartjs-node-canvas'
import { CHART_WIDTH, type ChartDefinition } from './chart.js'
import { chartConfiguration } from './chart-configuration.js'

/** A chart as a PNG of twice its size in CSS pixels; needs no font of the machine. */
export function renderPng(chart: ChartDefinition): Buffer {
  registerFonts()
  const canvas = new ChartJSNodeCanvas({ width: CHART_WIDTH, height: chart.height })
  return canvas.renderToBufferSync(chartConfiguration(chart))
}

function registerFonts(): void {
  if (GlobalFonts.has('DejaVu Sans')) return
  const folder = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    GlobalFonts.registerFromPath(join(folder, '..', 'ttf', file), 'DejaVu Sans')
  }
}
