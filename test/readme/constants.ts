import { MOST_BYTES } from '../../src/cli/read-source.js'
import { type ExitCode, exitCode, type Outcome } from '../../src/experiment/exit-code.js'
import { LEVEL } from '../../src/experiment/over-seeds.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
} from '../../src/experiment/quantities.js'
import { distribution } from '../../src/kernel/distribution.js'
import { MOST_OCCURRENCES } from '../../src/kernel/tracer.js'
import { BINS, lowerEdge } from '../../src/measure/log-linear.js'
import { MAX_EXACT } from '../../src/measure/ramp-histogram.js'
import { MAX_SEGMENTS } from '../../src/measure/replica-segments.js'
import { MAX_DENSE_KEYS } from '../../src/measure/version-history.js'
import { REFUSAL_US } from '../../src/replication/endpoints/attempts.js'
import { endpointDocs } from '../../src/replication/endpoints/endpoint-docs.js'
import { fixes } from '../../src/replication/fixes.js'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import { DEEPEST, MOST_KEYS, MOST_LEXEMES } from '../../src/scenario/yaml-bounds.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { CLIENTS, PROBES, WRITES } from '../../src/simulation/replica-versions.js'
import { META_HANDLERS } from '../../src/simulation/server-builder.js'
import { hdfsProfiles } from '../../src/storage/hdfs/profiles.js'
import { missing } from '../replication/missing-cases.js'
import { read, word } from './figures.js'
import { parameterOf, schemaOf, versions } from './schema.js'

/** What the README says of limits, defaults, versions and issues, as the sources have them. */
export function constants(): string[] {
  return [
    ...ofVersions(),
    ...ofIssues(),
    ...ofExitCodes(),
    ...ofLimits(),
    ...ofDefaults(),
    ...ofStatistics(),
    ...ofReplicas(),
    ...ofCounting(),
    ...ofStatusCodes(),
    ...ofMissingCases(),
  ]
}

/** What a file says where `pattern` has its brackets. */
function said(file: string, pattern: RegExp): string {
  const found = pattern.exec(read(file))?.[1]
  if (found === undefined) throw new Error(`${file} does not say ${pattern}`)
  return found
}

function ofVersions(): string[] {
  const [old, next] = versions()
  const [, node] = /^>=(\d+\.\d+)\.0$/.exec(JSON.parse(read('package.json')).engines.node) ?? []
  return [
    `Node ${node} or newer`,
    `the replication of HBase ${old} and the one of ${next}, and clients`,
    `Neither is in HBase ${old} or ${next}: both run as backports`,
    `| WAL replication, ${old} |`,
    `| WAL replication, ${next} |`,
    `The switch in ${old} is two`,
    `in ZooKeeper (${old}) or \`hbase:replication\` (${next})`,
    `the endpoint of ${old} with its buffers and writers, the sinks of ${next} with batches`,
    `| HBase ${old}: the property,`,
  ]
}

function ofIssues(): string[] {
  const endpoints = 'src/replication/endpoints'
  const option = (file: string) => said(`${endpoints}/${file}-endpoint.ts`, /Option (\d) of HBASE-/)
  const [, issue] = /of (HBASE-\d+)/.exec(endpointDocs['staged-copy'].doc) ?? []
  const [one, two] = [option('staged-copy'), option('dual-write')]
  const mended = Object.keys(fixes).find((name) => name === 'HBASE-29441')
  const [form = ''] = schemaOf('peers', 'form').enum ?? []
  const framework = said('src/scenario/scenario.ts', /shipper's hook of HBASE-(\d+)/)
  return [
    `(${issue})`,
    `\`staged-copy\`, Option ${one}`,
    `\`dual-write\`, Option ${two}`,
    `\`deferred-offset\`, Option ${option('deferred-offset')}, what HBase built`,
    `Options ${one} and ${two} roll`,
    `("Both writes succeeded" (\`option-${two}\`) is not a backup: it is worth as much as Option ${one}`.slice(
      1,
    ),
    `\`form: ${form}\` (default)`,
    `\`form: hbase-${framework}\``,
    `restart of HBASE-${framework})`,
    `believes to be in the backup (${said('src/simulation/docs/hbase-metric-docs.ts', /\((HBASE-\d+)\)/)})`,
    `\`unfixed: [${mended}]\``,
    ...Object.entries(fixes).map(([name, bug]) => `| ${name} | ${bug} |`),
  ]
}

function codeOf(outcome: Partial<Outcome>): ExitCode {
  const none = { interrupted: false, internal: false, badInput: false }
  return exitCode({ ...none, violated: false, undecided: false, ...outcome })
}

function ofExitCodes(): string[] {
  const bad = codeOf({ badInput: true })
  const violated = codeOf({ violated: true })
  const interrupted = codeOf({ interrupted: true })
  return [
    `Exit codes: ${codeOf({})} done and everything expected held`,
    `· ${violated} an expectation or invariant violated ·`,
    `· ${bad} bad input ·`,
    `· ${codeOf({ undecided: true })} undecided ·`,
    `· ${codeOf({ internal: true })} a bug of hbsim`,
    `· ${interrupted} interrupted`,
    `; exit ${bad} |`,
    `; exit ${interrupted}; a second one ends at once`,
    `is exit code ${violated}.`,
  ]
}

function ofLimits(): string[] {
  return [
    `over ${formatBytes(MOST_BYTES - 1)}, or not UTF-8`,
    `over ${DEEPEST} levels, ${formatCount(MOST_KEYS)} keys a map, ${formatCount(MOST_LEXEMES)} words and signs`,
    `keeps the first ${formatCount(MOST_OCCURRENCES)} events`,
  ]
}

function ofDefaults(): string[] {
  const { properties } = defaultVocabulary
  const number = (name: string) => Number(properties[name]?.value)
  const sleepMs = number('replication.sleep.before.failover')
  const times = number('hbase.hregion.memstore.block.multiplier')
  return [
    `\`hbase.client.primaryCallTimeout.get\`, ${formatDuration(number('hbase.client.primaryCallTimeout.get'))}, then all`,
    `sleeps ${sleepMs / 1000} to ${(2 * sleepMs) / 1000} s and claims`,
    `${word(number('hbase.regionserver.executor.openregion.threads'))} at a time, replay and flush`,
    `check of the region's (${times} × `,
    `its handlers are ${META_HANDLERS} |`,
    `a real one finds out up to ${number('hbase.regionserver.msginterval') / 1000} s later`,
    // A client of ZooKeeper sends heartbeats three times in a time-out.
    `noticed up to ${number('zookeeper.session.timeout') / 3 / 1000} s late`,
    ...ofPageCaches(),
    `is answered after ${formatDuration(REFUSAL_US)} |`,
  ]
}

function ofPageCaches(): string[] {
  const [age, interval] = [meanOf('writebackAge'), meanOf('writebackInterval')]
  const oldest = formatDuration(age + interval)
  return [`the last ${age / 1e6} to ${oldest} of unsynced bytes, not 0 to ${oldest} |`]
}

function meanOf(name: string): number {
  const value = hdfsProfiles['hdfs-nvme']?.[name]?.value
  if (value === undefined || typeof value === 'number') return value ?? Number.NaN
  return distribution(value).mean
}

/** The widest bin of a histogram, relative to its lower edge. */
function widestBin(): number {
  return Math.max(
    ...Array.from({ length: BINS - 1 }, (_, bin) => {
      const edge = lowerEdge(bin)
      const width = lowerEdge(bin + 1) - edge
      return width > 1 ? width / edge : 0
    }),
  )
}

function ofStatistics(): string[] {
  return [
    `a mean with a ${formatShare(LEVEL)} interval`,
    `(error below ${formatShare(Math.ceil(widestBin() * 1000) / 1000)} once it has jumped at more than ` +
      `${formatCount(MAX_EXACT)} different values)`,
    `up to \`hbase.client.retries.number\`, which is what the ${said('src/experiment/verdict.ts', /'(\d+ %) of writes/)} quantile of writes shows`,
  ]
}

function ofReplicas(): string[] {
  return [
    `asks ${formatCount(PROBES)} times`,
    `more than ${MAX_SEGMENTS} edits of a region a replica catches up in steps below 1/${1 / widestBin()} of it`,
    `operations of a phase are those of ${CLIENTS} clients in turn; versions more than ` +
      `${formatCount(WRITES)} writes old are forgotten in tables above ` +
      `${(MAX_DENSE_KEYS / 1e6).toFixed(1)} million keys`,
  ]
}

/** Where counting begins, as the schema has it. */
function ofCounting(): string[] {
  const { properties: move = {} } = parameterOf('operations', 'do', 'move')
  const rack = said('src/scenario/schema-faults.ts', /Number of the rack from (\d);/)
  const phase = said('src/scenario/schema-cluster.ts', /timers begin at (\d)'/)
  const empty = parameterOf('operations', 'do', 'empty-wal').properties?.do?.description ?? ''
  const [, bytes] = /A WAL of length (\d+) is left/.exec(empty) ?? []
  return [
    `a region, counted from ${move.region?.minimum}, is flushed`,
    `\`cluster.start: cold\` starts timers at phase ${phase} and`,
    `racks are counted from ${rack} |`,
    `a WAL of ${bytes} bytes in the queues`,
    `| A WAL of ${bytes} bytes in a queue:`,
    `\`replicationLagUs\` is ${new MetricsSource().replicationLagUs(1_000_000)} for a source that is handed nothing`,
  ]
}

/** What a failing store answers. */
function ofStatusCodes(): string[] {
  const fault = (name: string) => parameterOf('faults', 'kind', name).properties ?? {}
  const answers = (fault('store-outage').as?.enum ?? []).filter((as) => typeof as === 'string')
  const [, error] = /fail with HTTP (\d+)/.exec(fault('store-errors').kind?.description ?? '') ?? []
  const busy = fault('store-throttling').kind?.description ?? ''
  const [, throttled] = /answers (\d+) to requests beyond/.exec(busy) ?? []
  return [
    `every request fails: ${answers.map((as) => `\`${as}\``).join(', ')} (outcome unknown)`,
    `answers ${error} |`,
    `| ${throttled} beyond so many requests per second |`,
  ]
}

/** Cases of the reference without a test; neighbours as a range. */
function ofMissingCases(): string[] {
  const ids = Object.keys(missing).map((id) => Number(id.slice('RB'.length)))
  const starts = ids.filter((id) => !ids.includes(id - 1))
  const ranges = starts.map((from) => {
    let until = from
    while (ids.includes(until + 1)) until++
    return until === from ? `RB${from}` : `RB${from} to RB${until}`
  })
  const [first, second, third, fourth, fifth, sixth] = ranges
  return [
    `of the former, without one are ${first} (`,
    `), ${second} (serial replication), ${third}, ${fourth} and ${fifth} (`,
    `) and ${sixth} (restore).`,
    ...(ranges.length === 6 ? [] : [`all of ${ranges.join(', ')}`]),
  ]
}
