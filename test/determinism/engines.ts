import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import puppeteer from 'puppeteer-core'
import { isPure } from '../tidy/floors.js'

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The built door, unless a source file behind it is newer than the build. */
export function freshBuild(): string | null {
  const stamp = join(ROOT, 'dist/core.tsbuildinfo')
  if (!existsSync(stamp)) return null
  const builtAt = statSync(stamp).mtimeMs
  const sources = readdirSync(join(ROOT, 'src'), { encoding: 'utf8', recursive: true })
    .map((path) => `src/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.ts') && isPure(path))
  const isFresh = sources.every((path) => statSync(join(ROOT, path)).mtimeMs <= builtAt)
  return isFresh ? join(ROOT, 'dist/index.js') : null
}

/** The `node` program of a newer major version, if `.ci/run` has put it here. */
export function newerNode(major: number): string | null {
  const program = join(ROOT, `node_modules/.newer-nodes/node_modules/node-${major}/bin/node`)
  return existsSync(program) ? program : null
}

/** The first of the programs that is on the path, or null. */
export function onPath(...names: string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const programs = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return programs.find((program) => existsSync(program)) ?? null
}

/** What the bundle says in a process of its own; rejects with what a failing one complained of. */
export async function inProcess(node: string, bundle: string): Promise<string> {
  const script = 'process.stdout.write(fingerprint())'
  const args = ['--require', bundle, '--eval', script]
  const { stdout } = await promisify(execFile)(node, args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

export async function inWorkerThread(bundle: string): Promise<string> {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    require(workerData)
    parentPort.postMessage(fingerprint())`
  const worker = new Worker(script, { eval: true, workerData: bundle })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) =>
      reject(new Error(`the worker ended with ${code}, saying nothing`)),
    )
  })
}

/** What the bundle says in a headless browser, loaded as a classic script from 127.0.0.1. */
export async function inBrowser(
  browser: 'chrome' | 'firefox',
  executablePath: string,
  bundle: string,
): Promise<string> {
  const script = readFileSync(bundle, 'utf8')
  const server = createServer((request, response) => {
    const isScript = request.url === '/core.js'
    const type = isScript ? 'text/javascript' : 'text/html'
    response.setHeader('content-type', `${type}; charset=utf-8`)
    response.end(isScript ? script : '<!doctype html><script src="/core.js"></script>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await said(browser, executablePath, `http://127.0.0.1:${port}/`)
  } finally {
    server.close()
  }
}

async function said(
  browser: 'chrome' | 'firefox',
  executablePath: string,
  url: string,
): Promise<string> {
  // Containers and CI run as root, for whom Chromium has no sandbox.
  const args = browser === 'chrome' ? ['--no-sandbox', '--disable-quic', '--disable-gpu'] : []
  const launched = await puppeteer.launch({ browser, executablePath, args })
  try {
    const page = await launched.newPage()
    await page.goto(url)
    return String(await page.evaluate('fingerprint()'))
  } finally {
    await launched.close()
  }
}
