import type { Shell } from './shell.js'

/** How a command has its work done once its arguments are read; the work returns the exit code. */
export type Act = (work: (shell: Shell) => number | Promise<number>) => Promise<void>
