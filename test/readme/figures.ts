import { readFileSync } from 'node:fs'
import { loadFile } from '../../src/cli/load-file.js'
import { DISASTER_CLASSES } from '../../src/experiment/disaster-classes.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatUsd,
} from '../../src/experiment/quantities.js'
import { type Summary, type SummaryRun, summarize } from '../../src/experiment/summary.js'
import { verdict } from '../../src/experiment/verdict.js'
import { loadScenario } from '../../src/scenario/load.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { simulate } from '../../src/simulation/simulate.js'

export function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

function gallery(scenario: string): Summary {
  return JSON.parse(read(`reports/gallery/${scenario}/summary.json`))
}

function runOf({ runs }: Summary, variant: string): SummaryRun {
  const found = runs.find((run) => run.variant === variant)
  if (found === undefined) throw new Error(`no run of ${variant}`)
  return found
}

function scenarioOf(name: string, variant?: string): Scenario {
  const { variants } = loadFile(name)
  const found = variant === undefined ? variants[0] : variants.find(({ name }) => name === variant)
  if (found === undefined) throw new Error(`no variant ${variant}`)
  return found.scenario
}

const MINUTE = 60_000_000
const WORDS = [
  'none',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
]

/** A small number as the README writes it in prose. */
export function word(number: number): string {
  const found = WORDS[number]
  if (found === undefined) throw new Error(`no word for ${number}`)
  return found
}

const minutes = (us: number) => `${word(us / MINUTE)} minute${us === MINUTE ? '' : 's'}`

/** What the README says of runs and of the shipped scenarios, as they have it. */
export function figures(): string[] {
  return [
    ...ofQuickstart(),
    ...ofQuarter(),
    ...ofYourCluster(),
    ...ofBackupOptions(),
    ...ofHdfsLoss(),
    ...ofScenarios(),
    ...ofBenches(),
    ...ofReplicaIds(),
  ]
}

function ofQuickstart(): string[] {
  const summary = gallery('quickstart')
  const scenario = scenarioOf('quickstart')
  const [staged, direct] = [runOf(summary, 'staged-copy'), runOf(summary, 'direct')]
  const { backup } = staged.peers
  const outage = scenario.faults.find(({ kind }) => kind === 'store-outage')
  const forUs = outage !== undefined && 'forUs' in outage ? (outage.forUs ?? 0) : 0
  const cost = (run: SummaryRun) => formatUsd(run.peers.backup.costUsdPerMonth?.total ?? Number.NaN)
  const told = verdict(summary).join('\n')
  const [, percent] = /At (\d+ %) of instants/.exec(told) ?? []
  const [, twins] = /^Edit by edit, (.*)\.$/m.exec(told) ?? []
  return [
    `${capital(word(scenario.cluster.regionServers))} server, ${minutes(scenario.durationUs)}, ` +
      `an outage of ${minutes(forUs)}, then the end`,
    `Of ${formatCount(lostIn(staged.clusterLoss))} acknowledged edits \`staged-copy\` loses ` +
      `${formatCount(lostIn(backup.disasters))} and \`direct\` ` +
      `${formatCount(lostIn(direct.peers.backup.disasters))}; a month costs ${cost(staged)} ` +
      `and ${cost(direct)}.`,
    `and at ${percent} of instants`,
    `"${twins}" is no average`,
  ]
}

/** Losses of the first disaster. */
function lostIn(disasters: readonly { lostEdits: number }[]): number {
  return disasters[0]?.lostEdits ?? 0
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The quickstart with a quarter of its interval, which is in no gallery. */
function ofQuarter(): string[] {
  const whole = scenarioOf('quickstart').peers.backup
  if (!('flushIntervalUs' in whole)) throw new Error('the backup has no interval')
  const interval = formatDuration(whole.flushIntervalUs / 4)
  const path = `peers.backup.flushInterval="${interval}"`
  const loaded = loadFile('quickstart', { set: [path.replaceAll('"', '')] })
  const [{ name, scenario }] = loaded.variants
  const { runs } = summarize(loaded, [simulate(scenario, 1, name)], null, 'test')
  const quarter = runs[0].peers.backup
  const { backup } = runOf(gallery('quickstart'), 'staged-copy').peers
  return [
    `npx hbsim run quickstart --set ${path} --out reports/quarter`,
    `With a quarter of the interval \`staged-copy\` loses ` +
      `${formatCount(lostIn(quarter.disasters))} edits instead of ` +
      `${formatCount(lostIn(backup.disasters))}, and stores ${quarter.objects.count} objects ` +
      `instead of ${backup.objects.count}.`,
  ]
}

function ofYourCluster(): string[] {
  const summary = gallery('your-cluster')
  const lost = (variant: string) => lostIn(runOf(summary, variant).clusterLoss)
  const [outage] = scenarioOf('your-cluster').faults
  if (outage?.kind !== 'cluster-power-loss') throw new Error('the power does not fail')
  const none = lost('hsync-wal') === 0 ? 'none' : formatCount(lost('hsync-wal'))
  return [
    `The power is gone for ${minutes(outage.forUs ?? 0)} in it: \`as-it-is\` loses ` +
      `${formatCount(lost('as-it-is'))} acknowledged edits, with \`hbase.wal.hsync\` ${none}.`,
  ]
}

function ofBackupOptions(): string[] {
  const { scripts } = JSON.parse(read('package.json'))
  const seeds = /backup-options\.yaml --seeds (\d+)/.exec(scripts.start)?.[1]
  const entries: { scenario: string; seeds: number }[] = JSON.parse(read('test/gallery.json'))
  const drawn = entries.find(({ scenario }) => scenario === 'backup-options')?.seeds
  return [
    `under the luck of ${seeds} seeds (\`scenarios/backup-options.yaml\`)`,
    `under the luck of ${drawn} seeds`,
    `npx hbsim compare quickstart --seeds ${seeds}`,
  ]
}

const HDFS_LOSS = ['option-1', 'option-2', 'deferred-offset', 'direct']

/** The table of medians, and what is said of it. */
function ofHdfsLoss(): string[] {
  const summary = gallery('hdfs-loss')
  const median = (variant: string, name: string) => {
    const rpo = runOf(summary, variant).peers.backup.rpo[name]
    if (rpo === undefined) throw new Error(`no class ${name}`)
    return rpo.timeShareAboveZero === 0 ? 'nothing' : formatDuration(rpo.p50Us ?? Number.NaN)
  }
  const rows = DISASTER_CLASSES.map((name) => [name, ...HDFS_LOSS.map((one) => median(one, name))])
  const told = ['region-server-crash', 'cluster-power-loss', 'hdfs-loss-clean-abort', 'hdfs-loss']
  const { backup } = scenarioOf('hdfs-loss', 'option-1').peers
  const rollSize = 'rollSize' in backup ? backup.rollSize : Number.NaN
  return [
    `| if it had struck | ${HDFS_LOSS.join(' | ')} |`,
    ...rows.filter(([name = '']) => told.includes(name)).map((row) => `| ${row.join(' | ')} |`),
    `hence the ${median('deferred-offset', 'cluster-power-loss')} of page cache`,
    `Options 1 and 2 roll at ${formatBytes(rollSize)} and so claim no power loss`,
  ]
}

/** Sentences of the table of scenarios, and of the questions. */
function ofScenarios(): string[] {
  const [outage] = scenarioOf('s3-outage').faults
  if (outage?.kind !== 'store-outage') throw new Error('S3 is never away')
  const away = `${outage.forUs / MINUTE} minutes`
  const answers = loadFile('s3-outage').variants.map(({ scenario: { faults } }) => {
    return faults[0]?.kind === 'store-outage' ? faults[0].as : ''
  })
  const [trickle] = scenarioOf('small-files').workload
  if (trickle === undefined) throw new Error('nothing is written')
  const versions = loadFile('replicas-2x-vs-3x').variants.map(({ scenario }) => scenario.hbase)
  const [old, next] = [...new Set(versions)].sort()
  const { workload, cluster } = scenarioOf('throughput')
  return [
    `S3 is gone for ${away}.`,
    `S3 answers ${[...new Set(answers)].filter((as) => as !== 'timeout').join(', or ')}, or nothing for ${away}:`,
    `| ${formatBytes((trickle.rate ?? 0) * sizeOf(trickle.valueSize))} a second: how many objects`,
    `what is stale meanwhile in HBase ${old} and in ${next}, and whose?`,
    `Ten servers with ${formatCount((workload[0]?.rate ?? 0) / cluster.regionServers)} edits a second each`,
  ]
}

function sizeOf(size: Scenario['workload'][number]['valueSize']): number {
  if (size.kind !== 'constant') throw new Error('a size that varies')
  return size.value
}

function ofBenches(): string[] {
  const text = read('test/bench/region-servers.yaml')
  const loaded = loadScenario({ name: 'region-servers', text }, defaultVocabulary)
  const { cluster, tables } = loaded.variants[0].scenario
  const regions = Object.values(tables).reduce((sum, table) => sum + table.regions, 0)
  return [`${word(cluster.regionServers)} servers of ${regions / cluster.regionServers} regions`]
}

function ofReplicaIds(): string[] {
  const { replicas } = runOf(gallery('refresher-vs-wal'), 'wal')
  const id = replicas?.usertable?.[0]?.replicaId
  return [`\`replicas.usertable[0].stalenessUs.p99\` is that of replica id ${id}.`]
}
