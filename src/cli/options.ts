import type { Argv } from 'yargs'
import type { LoadOptions } from '../scenario/load.js'
import { quote } from '../scenario/source-text.js'
import { readSource } from './read-source.js'
import { UsageError } from './usage-error.js'

/** What yargs hands over for an option with a value: an array if it is given more than once. */
type Given = string | string[] | undefined

/** How a scenario is to be changed before it is used. */
export interface ScenarioArguments {
  set: string[]
  site: string | undefined
}

/** What `run` and `compare` are told. */
export interface RunArguments extends ScenarioArguments {
  file: string
  seed: number | undefined
  seeds: number
  out: string | undefined
  json: boolean
  quiet: boolean
}

const MOST_SEEDS = 1_000
const LAST_SEED = Number.MAX_SAFE_INTEGER - MOST_SEEDS

export function scenarioOptions(yargs: Argv) {
  return yargs
    .option('set', {
      type: 'string',
      array: true,
      default: [] as string[],
      defaultDescription: 'none',
      requiresArg: true,
      describe: 'lay path=value over the scenario (repeatable)',
    })
    .option('site', {
      type: 'string',
      requiresArg: true,
      describe: "read HBase's own properties from an hbase-site.xml",
    })
}

export function runOptions(yargs: Argv, defaultSeeds: number) {
  return scenarioOptions(yargs)
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'scenario file, or the name of a shipped scenario',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe: "first seed, in place of the scenario's",
    })
    .option('seeds', {
      type: 'string',
      requiresArg: true,
      default: `${defaultSeeds}`,
      describe: 'how many seeds to run',
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      defaultDescription: 'reports/<scenario>',
      describe: 'folder for the results',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'print summary.json and nothing else',
    })
    .option('quiet', {
      type: 'boolean',
      default: false,
      describe: 'print only the verdict; no progress',
    })
}

/** @throws UsageError for a value that the option cannot have */
export function scenarioArguments(given: { set: string[]; site?: Given }): ScenarioArguments {
  return { set: given.set, site: once('--site', given.site) }
}

/** @throws UsageError for a value that the option cannot have */
export function runArguments(given: {
  file: string
  set: string[]
  site?: Given
  seed?: Given
  seeds: Given
  out?: Given
  json: boolean | boolean[]
  quiet: boolean | boolean[]
}): RunArguments {
  const seed = once('--seed', given.seed)
  const seeds = once('--seeds', given.seeds) ?? ''
  return {
    ...scenarioArguments(given),
    file: given.file,
    seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0, LAST_SEED),
    seeds: wholeNumber('--seeds', seeds, 1, MOST_SEEDS),
    out: once('--out', given.out),
    json: isTrue(given.json),
    quiet: isTrue(given.quiet),
  }
}

/** What the loader needs to know of the command line. */
export function loadOptions({ set, site }: ScenarioArguments, seed?: number): LoadOptions {
  return {
    set,
    ...(site === undefined ? {} : { site: readSource(site) }),
    ...(seed === undefined ? {} : { seed }),
  }
}

/** Where the results of a scenario go if `--out` does not say: always a folder below reports. */
export function defaultFolder(scenario: string): string {
  const name = scenario.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')
  // `gallery` holds results that are part of the sources.
  return `reports/${name === '' || name === 'gallery' ? `scenario-${name}` : name}`
}

function once(name: string, value: Given): string | undefined {
  if (Array.isArray(value)) throw new UsageError(`${name} is given more than once`)
  if (value === '') throw new UsageError(`${name} is empty`)
  return value
}

function isTrue(value: boolean | boolean[]): boolean {
  return Array.isArray(value) ? value.includes(true) : value
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new UsageError(
    `${name} is ${quote(text)}; expected a whole number from ${least} to ${most}`,
  )
}
