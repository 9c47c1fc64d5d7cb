/** An exception that sends a call back to its client, to be tried again. */
export type Refusal =
  | 'region too busy'
  | 'call queue too big'
  | 'row lock'
  | 'not serving'
  | 'reads disabled'
  | 'file not found'
