import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/**
 * The core as one classic script, the same file for every engine: it gives a page, a worker or a
 * process the global function `fingerprint`.
 *
 * @param door path of the module that is the public door
 * @param folder where to put it
 * @returns its path
 */
export async function bundleCore(door: string, folder: string): Promise<string> {
  const contents = `
    import * as door from ${JSON.stringify(door)}
    import { fingerprint } from './fingerprint.js'
    globalThis.fingerprint = () => fingerprint(door)`
  const outfile = join(folder, `${basename(dirname(door))}.cjs`)
  await build({
    stdin: { contents, resolveDir: HERE, loader: 'ts' },
    bundle: true,
    format: 'iife',
    // Of packages that have a file for Node and one for browsers, every engine runs the latter.
    platform: 'browser',
    target: 'es2023',
    outfile,
    logLevel: 'error',
  })
  return outfile
}
