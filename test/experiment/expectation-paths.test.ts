import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadFile } from '../../src/cli/load-file.js'
import { shippedScenarios } from '../../src/cli/shipped-scenarios.js'
import { checkExpectations } from '../../src/experiment/expectation-paths.js'
import { BadInput } from '../../src/scenario/bad-input.js'
import { loadScenario } from '../../src/scenario/load.js'
import { formatPath, type Path } from '../../src/scenario/path.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'

const SCENARIO = `name: two-designs
duration: 1 min
stores: { s3: { profile: s3-standard } }
tables: { usertable: { regions: 3 } }
workload: [{ table: usertable, rate: 1/s, valueSize: 1 KiB }]
peers: { backup: { endpoint: direct, store: s3 } }
variants: { with: {}, without: { peers: {} } }
`

/** What is complained about the first of `expectations`, and where. */
function complaintAbout(that: string, variants = ''): string {
  const text = `${SCENARIO}expect:\n  - { that: '${that}'${variants} }\n`
  const loaded = loadScenario({ name: 'x.yaml', text }, defaultVocabulary)
  try {
    checkExpectations(loaded)
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    const [{ line, message, expected, nearest }] = error.problems
    return `${line}: ${message}${nearest === undefined ? `, expected ${expected}` : `, ${nearest}?`}`
  }
  return 'none'
}

test.each([
  ['peers.backup.rpo["cluster-loss"].maxUs < 30 min'],
  ['peers.backup.confirmedEdits <= peers.backup.acceptedEdits'],
  ['replicas.usertable[0].stalenessUs.max < 1 s'],
  ['invariants["no edit of backup is lost without a disaster"] == held'],
  ['recoveries[3].assignedUs < 1 min'],
  ['peers.backup.staging.maxBytes < 1 GiB'],
])('%s can be told of a run', (that) => {
  expect(complaintAbout(that)).toBe('none')
})

test.each([
  ['peers.bakcup.storedEdits > 0', '9: peers will have no "bakcup", backup?'],
  ['peers.backup.storedEdit > 0', '9: peers.backup will have no "storedEdit", storedEdits?'],
  [
    'peers.backup.rpo["cluster-los"].maxUs < 1 s',
    '9: peers.backup.rpo will have no "cluster-los", cluster-loss?',
  ],
  [
    'invariants["no edit of s3 is lost without a disaster"] == held',
    '9: invariants will have no "no edit of s3 is lost without a disaster", no edit of backup is lost without a disaster?',
  ],
  [
    'edits.submitted > writeLatencyUs.p99',
    '9: edits.submitted is a plain number, and writeLatencyUs.p99 a duration, expected two figures of one unit',
  ],
  [
    'peers.backup.endpoint == direct',
    '9: "direct" is neither a number nor a figure of the results, expected a figure; words are held, violated and null alone',
  ],
  ['edits.submitted > edit.acknowledged', '9: the results will have no "edit", edits?'],
  [
    'peers.backup.rpo < 5',
    '9: peers.backup.rpo is no single figure, expected one of region-server-crash, data-node-crash, rack-power-loss, cluster-power-loss, hdfs-loss-clean-abort, hdfs-loss, cluster-loss, store-loss',
  ],
  [
    'recoveries.assignedUs < 1 min',
    '9: recoveries is a list, expected an index such as recoveries[0]',
  ],
  ['events.count > 5', '9: events is a single figure without parts, expected '],
  [
    'replicas.usertabel[0].stalenessUs.max < 1 s',
    '9: replicas will have no "usertabel", usertable?',
  ],
  ['constructor.name > 5', '9: the results will have no "constructor", expected '],
])('%s cannot', (that, complaint) => {
  expect(complaintAbout(that).slice(0, complaint.length)).toBe(complaint)
})

test('the variants that an expectation is for decide which peers there will be', () => {
  const that = 'peers.backup.storedEdits > 0'
  expect(complaintAbout(that)).toBe('none')
  expect(complaintAbout(that, ', variants: [with]')).toBe('none')
  expect(complaintAbout(that, ', variants: [without]')).toContain('peers will have no "backup"')
})

function gallery(name: string): URL {
  return new URL(`../../reports/gallery/${name}/summary.json`, import.meta.url)
}

/** Where `value` has numbers. */
function figuresIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path]
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, member]) =>
    figuresIn(member, [...path, isList ? Number(key) : key]),
  )
}

test.each(shippedScenarios().filter((name) => existsSync(gallery(name))))(
  'every figure of %s in the gallery can be expected',
  (name) => {
    const { variants } = loadFile(name)
    const { runs } = JSON.parse(readFileSync(gallery(name), 'utf8'))
    const complaints = new Set<string>()
    for (const { expectations: _verdicts, ...run } of runs) {
      for (const left of figuresIn(run)) {
        const problem = {
          code: 'bad-expectation',
          message: '',
          expected: '',
          file: '',
          line: 1,
          column: 1,
          excerpt: { text: '', from: 0, width: 1 },
        } as const
        const expectation = {
          that: '',
          left,
          op: '>',
          right: { number: 0 },
          variants: [run.variant],
          line: 1,
          unknownPath: problem,
        } as const
        try {
          checkExpectations({
            variants,
            expectations: [{ ...expectation, variants: [run.variant] }],
          })
        } catch (error) {
          complaints.add(`${formatPath(left)}: ${String(error)}`)
        }
      }
    }
    expect([...complaints]).toEqual([])
  },
)
