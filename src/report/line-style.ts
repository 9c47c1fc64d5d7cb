/** How one line of a chart looks: told apart by colour, and by dash and width in grey print. */
export interface LineStyle {
  colour: string
  dash: number[]
  width: number
}

// Okabe and Ito's colours for all kinds of colour vision. Earlier lines are wider and drawn first,
// so that two equal lines are both seen.
const STYLES: readonly LineStyle[] = [
  { colour: '#0072b2', dash: [], width: 3.2 },
  { colour: '#d55e00', dash: [9, 5], width: 2.4 },
  { colour: '#009e73', dash: [2, 4], width: 2.4 },
  { colour: '#cc79a7', dash: [12, 4, 2, 4], width: 2.2 },
  { colour: '#000000', dash: [5, 3], width: 1.4 },
  { colour: '#e69f00', dash: [16, 6], width: 1.8 },
  { colour: '#56b4e9', dash: [4, 2, 1, 2], width: 1.6 },
]

/** The style of the line with this number; they repeat after the seventh. */
export function lineStyle(index: number): LineStyle {
  return STYLES[index % STYLES.length]
}
