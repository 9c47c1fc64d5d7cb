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
