#!/usr/bin/env node
import { commandLine } from './command-line.js'
import { processShell } from './shell.js'

const shell = processShell()

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`hbsim schema | head`) is no error.
    if (error.code === 'EPIPE') return
    shell.err(`hbsim: cannot print the results: ${error.message}\n`)
    process.exit(2)
  })
}

process.exitCode = await commandLine(process.argv.slice(2), shell)
