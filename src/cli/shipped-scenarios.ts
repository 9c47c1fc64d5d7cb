import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('../../scenarios/', import.meta.url)

/** Names of the scenarios that come with the simulator, sorted. */
export function shippedScenarios(): string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => file.slice(0, -'.yaml'.length)).sort()
}

/** The file of a shipped scenario. */
export function shippedFile(name: string): string {
  return fileURLToPath(new URL(`${name}.yaml`, FOLDER))
}
