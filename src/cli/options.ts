import type { Argv } from 'yargs'
import type { LoadOptions } from '../scenario/load.js'
import { quote } from '../scenario/source-text.js'
import { readSource } from './read-source.js'
import { UsageError } from './usage-error.js'

/** Options of commands that read a scenario. */
export interface ScenarioArguments {
  set: string[]
  site: string | undefined
}

/** Options of commands that run one. */
export interface RunArguments extends ScenarioArguments {
  file: string
  seed: number | undefined
  seeds: number
  out: string | undefined
  json: boolean
  quiet: boolean
}

const MOST_SEEDS = 1_000

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
      coerce: optional('--site'),
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
      coerce: (value?: Given) => (value === undefined ? undefined : firstSeed(value)),
      describe: "first seed, in place of the scenario's",
    })
    .option('seeds', {
      type: 'string',
      requiresArg: true,
      default: String(defaultSeeds),
      coerce: (value: Given) => wholeNumber('--seeds', value, 1, MOST_SEEDS),
      describe: 'how many seeds to run',
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      coerce: optional('--out'),
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

/** What the loader needs to know of the command line. */
export function loadOptions(given: ScenarioArguments & { seed?: number | undefined }): LoadOptions {
  return {
    set: given.set,
    ...(given.site === undefined ? {} : { site: readSource(given.site) }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
  }
}

/** Where the results of a scenario go if `--out` does not say; always a folder below reports. */
export function defaultFolder(scenario: string): string {
  const name = scenario.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')
  // `gallery` holds results that are part of the sources.
  return `reports/${name === '' || name === 'gallery' ? `scenario-${name}` : name}`
}

/** What yargs hands over: an array if the option is there more than once. */
type Given = string | string[]

function once(name: string, value: Given): string {
  if (Array.isArray(value)) throw new UsageError(`${name} is given more than once`)
  if (value === '') throw new UsageError(`${name} is empty`)
  return value
}

function optional(name: string) {
  return (value?: Given) => (value === undefined ? undefined : once(name, value))
}

function firstSeed(value: Given): number {
  return wholeNumber('--seed', value, 0, Number.MAX_SAFE_INTEGER - MOST_SEEDS)
}

function wholeNumber(name: string, value: Given, least: number, most: number): number {
  const text = once(name, value)
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  const range = `from ${least} to ${most}`
  throw new UsageError(`${name} is ${quote(text)}; expected a whole number ${range}`)
}
