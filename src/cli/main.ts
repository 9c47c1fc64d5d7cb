#!/usr/bin/env node
import { commandLine } from './command-line.js'
import { processShell } from './shell.js'

// A reader that has seen enough (`hbsim schema | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await commandLine(process.argv.slice(2), processShell())
