/**
 * Whether results are coloured: `NO_COLOR` forbids, `FORCE_COLOR` asks (but for `0`), and without
 * either they are if a terminal that knows colours reads them.
 */
export function wantsColours(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (isSet(NO_COLOR)) return false
  if (isSet(FORCE_COLOR)) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTerminal && TERM !== 'dumb'
}

/** An empty variable counts as none (no-color.org). */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
