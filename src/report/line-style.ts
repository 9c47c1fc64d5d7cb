/** Okabe and Ito's colours for all kinds of colour vision, by name: each theme has its shade. */
export type ColourName =
  | 'blue'
  | 'vermillion'
  | 'green'
  | 'purple'
  | 'ink'
  | 'orange'
  | 'sky'
  | 'grey'

export type Marker = 'circle' | 'triangle' | 'rect' | 'rectRot' | 'cross' | 'star' | 'crossRot'

/**
 * How one line of a chart looks: told apart by colour, and by dash, width and the marker of its
 * points in grey print.
 */
export interface LineStyle {
  colour: ColourName
  dash: number[]
  width: number
  marker?: Marker
  /** Radius in CSS pixels of markers that go around others at the same place. */
  ring?: number
}

// Earlier lines are wider and drawn first, so that two equal lines are both seen.
const STYLES: readonly LineStyle[] = [
  { colour: 'blue', dash: [], width: 3.2, marker: 'circle' },
  { colour: 'vermillion', dash: [9, 5], width: 2.4, marker: 'triangle' },
  { colour: 'green', dash: [2, 4], width: 2.4, marker: 'rect' },
  { colour: 'purple', dash: [12, 4, 2, 4], width: 2.2, marker: 'rectRot' },
  { colour: 'ink', dash: [5, 3], width: 1.4, marker: 'cross' },
  { colour: 'orange', dash: [16, 6], width: 1.8, marker: 'star' },
  { colour: 'sky', dash: [4, 2, 1, 2], width: 1.6, marker: 'crossRot' },
]

/** From the eighth line on a colour comes again, with the dash and marker of another. */
export function lineStyle(index: number): LineStyle {
  const round = Math.floor(index / STYLES.length)
  const { colour } = STYLES[index % STYLES.length]
  return { ...STYLES[(index + 3 * round) % STYLES.length], colour }
}
