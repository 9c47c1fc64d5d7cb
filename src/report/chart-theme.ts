import { mix } from './chart-configuration.js'
import type { ColourName } from './line-style.js'

/** What a chart is drawn for: on white for a screen, on black, on paper. */
export type Theme = 'light' | 'dark' | 'print'

/** Colours of a theme, written `#rrggbb`; those that lie over others may have an opacity behind. */
export interface ThemeColours {
  paper: string
  text: string
  muted: string
  grid: string
  border: string
  fault: string
  recovery: string
  /** Edges of a fault that ends, and the line of one that does not. */
  edge: string
  disaster: string
  named: Record<ColourName, string>
  /** From nothing to the worst. */
  heat: string[]
}

/**
 * Okabe and Ito's colours in light; brighter on black; in print darker, so that they stay apart
 * from the paper in grey. Losses go from the paper's end of the scale to the far one.
 */
export const themes: Readonly<Record<Theme, ThemeColours>> = {
  light: onWhite((colour) => colour),
  print: onWhite((colour) => mix(colour, '#000000', 0.22)),
  dark: {
    ...{ paper: '#16181b', text: '#eceef0', muted: '#b4b9be', grid: '#34383c' },
    ...{ border: '#8b9196', edge: '#9aa0a6', disaster: '#f4f4f4', fault: '#ffffff1c' },
    recovery: '#56b4e92b',
    named: {
      ...{ blue: '#4aa5e8', vermillion: '#f5823d', green: '#1fc79a', purple: '#e3a0c6' },
      ...{ ink: '#f0f0f0', orange: '#f2b632', sky: '#9ad6fa', grey: '#a4a9ae' },
    },
    heat: ['#23262a', '#5b3a1c', '#a85a16', '#ee9a2d', '#ffe9a8'],
  },
}

function onWhite(shade: (colour: string) => string): ThemeColours {
  return {
    ...{ paper: '#ffffff', text: shade('#1a1a1a'), muted: shade('#444444'), border: '#666666' },
    ...{ grid: shade('#e3e3e3'), edge: '#8a8a8a', disaster: '#222222' },
    ...{ fault: '#00000017', recovery: '#0072b21c' },
    named: {
      ...{ blue: shade('#0072b2'), vermillion: shade('#d55e00'), green: shade('#009e73') },
      ...{ purple: shade('#cc79a7'), ink: '#000000', orange: shade('#e69f00') },
      ...{ sky: shade('#56b4e9'), grey: shade('#8c8c8c') },
    },
    heat: ['#fffdf2', '#fee391', '#fe9929', '#cc4c02', '#5c2506'],
  }
}
