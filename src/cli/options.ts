import type { Argv, Options } from 'yargs'
import type { LoadOptions } from '../scenario/load.js'
import { quote } from '../scenario/source-text.js'
import { EXPLAIN_HINT } from './explain-hint.js'
import { readSource } from './read-source.js'
import { UsageError } from './usage-error.js'

/** What yargs hands over for an option with a value: an array if it is given more than once. */
type Given = string | string[] | undefined
type Flag = boolean | boolean[]

/** How a scenario is to be changed before it is used. */
export interface ScenarioArguments {
  set: string[]
  site: string[]
}

/** What `run` and `compare` are told. */
export interface RunArguments extends ScenarioArguments {
  file: string
  seed: number | undefined
  seeds: number
  out: string | undefined
  /** Runs also with parameters of low confidence halved and doubled. */
  sensitivity: boolean
  /** Writes trace.json and events.ndjson, too. */
  trace: boolean
  /** Says what would be run, and runs nothing. */
  dryRun: boolean
  json: boolean
  quiet: boolean
}

const MOST_SEEDS = 1_000
const LAST_SEED = Number.MAX_SAFE_INTEGER - MOST_SEEDS

/** Options of every command that reads scenarios. */
export const SCENARIO_OPTIONS = {
  set: {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'none',
    requiresArg: true,
    describe: 'lay path=value over the scenario (repeatable)',
  },
  site: {
    type: 'string',
    array: true,
    default: [] as string[],
    defaultDescription: 'none',
    requiresArg: true,
    describe: 'read properties from an hbase-site.xml, core-site.xml or hdfs-site.xml (repeatable)',
  },
} as const satisfies Record<string, Options>

/** Options of `run` and `compare`. */
export const RUN_OPTIONS = {
  seed: { type: 'string', requiresArg: true, describe: "first seed, in place of the scenario's" },
  seeds: { type: 'string', requiresArg: true, describe: 'how many seeds to run' },
  ...SCENARIO_OPTIONS,
  out: {
    type: 'string',
    requiresArg: true,
    defaultDescription: 'reports/<scenario>',
    describe: 'folder for the results',
  },
  sensitivity: {
    type: 'boolean',
    default: false,
    describe: 'run again with parameters of low confidence halved and doubled',
  },
  trace: {
    type: 'boolean',
    default: false,
    describe: 'also write trace.json (for Perfetto) and events.ndjson',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'list the runs and the resolved values, and run nothing',
  },
  json: { type: 'boolean', default: false, describe: 'print summary.json and nothing else' },
  quiet: { type: 'boolean', default: false, describe: 'print only the verdict; no progress' },
} as const satisfies Record<string, Options>

export function runOptions(yargs: Argv, defaultSeeds: number) {
  return yargs
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'scenario file, or the name of a shipped scenario',
    })
    .options({ ...RUN_OPTIONS, seeds: { ...RUN_OPTIONS.seeds, default: `${defaultSeeds}` } })
    .epilogue(EXPLAIN_HINT)
}

/** @throws UsageError for a value that the option cannot have */
export function scenarioArguments(given: { set: string[]; site: string[] }): ScenarioArguments {
  if (given.site.includes('')) throw new UsageError('--site is empty')
  return { set: given.set, site: given.site }
}

/** @throws UsageError for a value that the option cannot have */
export function runArguments(given: {
  file: string
  set: string[]
  site: string[]
  seed?: Given
  seeds: Given
  out?: Given
  sensitivity: Flag
  trace: Flag
  'dry-run': Flag
  json: Flag
  quiet: Flag
}): RunArguments {
  const seed = once('--seed', given.seed)
  const seeds = once('--seeds', given.seeds) ?? ''
  return {
    ...scenarioArguments(given),
    file: given.file,
    seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0, LAST_SEED),
    seeds: wholeNumber('--seeds', seeds, 1, MOST_SEEDS),
    out: once('--out', given.out),
    sensitivity: isTrue(given.sensitivity),
    trace: isTrue(given.trace),
    dryRun: isTrue(given['dry-run']),
    json: isTrue(given.json),
    quiet: isTrue(given.quiet),
  }
}

/** What the loader needs to know of the command line. */
export function loadOptions({ set, site }: ScenarioArguments, seed?: number): LoadOptions {
  return {
    set,
    site: site.map(readSource),
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

function isTrue(value: Flag): boolean {
  return Array.isArray(value) ? value.includes(true) : value
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new UsageError(
    `${name} is ${quote(text)}; expected a whole number from ${least} to ${most}`,
  )
}
