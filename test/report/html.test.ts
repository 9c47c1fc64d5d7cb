import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { PageWord } from '../../src/report/html-words.js'
import { RECOVERY, run } from './fixture.js'
import { lagChart, pageOf } from './page-fixture.js'

const HOSTILE = '</script><img src=x onerror=alert(1)> style="x" {{`x`}}'

const full = () =>
  pageOf(
    [1, 2].flatMap((seed) => ['option-1', 'direct'].map((name) => run(name, seed))),
    {
      charts: [lagChart()],
      scenario: {
        description: 'Two ways to back up.',
        lesson: 'Confirmed is not stored.',
        variants: [
          { name: 'option-1', overrides: {} },
          { name: 'direct', overrides: { 'peers.backup.endpoint': 'direct' } },
        ],
        ignoredProperties: ['hbase.rest.port'],
      },
      words: [{ word: 'cluster-loss', kind: 'disaster class', text: 'Region servers and HDFS.' }],
    },
  )

function all(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map((match) => match[1])
}

const scripts = (html: string) => all(html, /<script>([\s\S]*?)<\/script>/g)
/** Tags without the values of their attributes. */
const tags = (html: string) =>
  all(markup(html), /(<[a-z][^>]*>)/g).map((tag) => tag.replace(/"[^"]*"/g, ''))
const markup = (html: string) => html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')

describe('what a reader meets', () => {
  test('the verdict comes first, then contents, durability, charts, comparison and runs', () => {
    expect(all(full(), /<h2>(.*?)<\/h2>/g)).toEqual([
      'Verdict',
      'Contents',
      'Variants',
      'If a disaster had struck',
      'What disasters took',
      'Charts',
      'Comparison',
      'Run by run',
      'Faults',
      'Replication, copies and cost',
      'Room',
      'Assumptions',
      'Invariants and conservation laws',
      'What is simplified',
      'Properties without effect',
      'Repeat it',
      'Words',
    ])
  })

  test('the outcome is a word, not a colour alone', () => {
    expect(pageOf([run('direct', 1)])).toMatch(/<p class="outcome held"><strong>HELD<\/strong> /)
    const violated = run('direct', 1, { invariants: { 'time never goes back': 'violated' } })
    const html = pageOf([violated])
    expect(html).toMatch(/<p class="outcome violated"><strong>VIOLATED<\/strong> /)
    expect(html).toContain('<strong class="violated">VIOLATED 1 of 1</strong>')
  })

  test('the contents lead to every section, and every link to something', () => {
    const html = markup(full())
    const ids = all(html, / id="([^"]*)"/g)
    expect(new Set(ids).size).toBe(ids.length)
    const targets = all(html, /href="#([^"]*)"/g)
    expect(targets).toEqual(expect.arrayContaining(['durability', 'charts', 'repeat', 'words']))
    expect(targets.filter((target) => !ids.includes(target))).toEqual([])
  })

  test('headings go down one level at a time, from one title', () => {
    const levels = all(markup(full()), /<h([1-6])/g).map(Number)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1)
      return level
    }, 0)
  })

  test('the durability table is shaded by the worst instant, and claims are marked', () => {
    const html = pageOf([run('option-1', 1), run('direct', 1)])
    expect(html).toContain(
      '<td class="heat-0">nothing<br><span class="claim claimed">claimed</span>',
    )
    expect(html).toMatch(/<td class="heat-5">median 2 min 30 s<br>worst 11 min<br>.*?not claimed/)
    const results = [run('direct', 1)]
    results[0].peers.backup.brokenClaims = { 'cluster-loss': { firstUs: 1, maxEdits: 7 } }
    expect(pageOf(results)).toContain('<span class="claim broken">CLAIM BROKEN: 7 edits</span>')
  })

  test('a chart has its description, its legend and its figures', () => {
    const html = pageOf([run('direct', 1)], { charts: [lagChart()] })
    const figure = /<figure id="figure-lag">[\s\S]*?<\/figure>/.exec(html)?.[0] ?? ''
    expect(figure).toContain('role="img" aria-label="Replication lag. Lower is better."')
    expect(figure).toContain('<figcaption>Lower is better.')
    expect(figure).toContain('aria-label="Lines of: Replication lag"')
    expect(figure).toContain('<td>50 s</td><td>30 s</td>')
    expect(html).toMatch(/<noscript>.*lag\.png/)
  })

  test('the words that are linked are explained at the end, and no others', () => {
    const words: PageWord[] = ['cluster-loss', 'unheard-of'].map((word) => {
      return { word, kind: 'disaster class', text: `What ${word} is.` }
    })
    const html = pageOf([run('direct', 1)], { words })
    expect(html).toContain(
      '<a class="word" href="#word-cluster-loss" title="What cluster-loss is.">cluster-loss</a>',
    )
    expect(html).toContain(
      '<dt id="word-cluster-loss">cluster-loss</dt>\n<dd>What cluster-loss is.',
    )
    expect(html).not.toContain('unheard-of')
  })

  test('what differs between variants, what has no effect, the lesson and the command are there', () => {
    const html = full()
    expect(html).toContain('<td>peers.backup.endpoint: &quot;direct&quot;</td>')
    expect(html).toContain('<code>hbase.rest.port</code>')
    expect(html).toContain('Confirmed is not stored.')
    expect(html).toContain('<code id="command">hbsim run backup-options</code>')
    expect(html).toContain('scenario backup-options with hash 0123abcd')
  })

  test('what a scenario does not have leaves no trace', () => {
    const titles = all(pageOf([run('none', 1, { peers: {}, faults: [] })]), /<h2>(.*?)<\/h2>/g)
    for (const title of ['If a disaster had struck', 'Faults', 'Charts', 'Reads', 'Words']) {
      expect(titles).not.toContain(title)
    }
  })

  test('of the simplifications those of what was simulated are told', () => {
    const backup = pageOf([run('direct', 1)])
    expect(backup).toMatch(/<summary>S3 \(\d+\)/)
    expect(backup).not.toContain('<summary>region replicas')
  })
})

describe('names out of a scenario are text, wherever they appear', () => {
  const results = [run(`option-1 ${HOSTILE}`, 1), run(`direct ${HOSTILE}`, 1)]
  results[0].faults = [{ kind: HOSTILE, label: HOSTILE, atUs: 1, untilUs: null }]
  results[0].assumptions = [{ parameter: HOSTILE, value: HOSTILE, source: HOSTILE }]
  results[0].recoveries = [{ ...structuredClone(RECOVERY), server: HOSTILE, how: HOSTILE }]
  results[0].recoveries[0].phases[0].name = HOSTILE
  results[0].hdfs.fillsUs[0].fault = HOSTILE
  results[0].invariants = { [HOSTILE]: 'violated' }
  results[0].conservation = { [HOSTILE]: { expected: 1, actual: 2, verdict: 'violated' } }
  results[0].traceHash = HOSTILE
  results[1].peers = { [HOSTILE]: results[1].peers.backup }
  Object.assign(results[0].peers.backup, {
    startFault: HOSTILE,
    claims: [HOSTILE],
    drainUs: [{ fault: HOSTILE, us: null }],
    duplicateEdits: { [HOSTILE]: 1 },
    disasters: [{ ...results[0].peers.backup.disasters[0], kind: HOSTILE, target: HOSTILE }],
  })
  const html = pageOf(results, {
    name: HOSTILE,
    scenario: {
      description: HOSTILE,
      lesson: HOSTILE,
      variants: [
        { name: HOSTILE, overrides: {} },
        { name: 'other', overrides: { [HOSTILE]: { [HOSTILE]: HOSTILE } } },
      ],
      ignoredProperties: [HOSTILE],
    },
    command: `hbsim run '${HOSTILE}'`,
    charts: [
      lagChart({
        title: HOSTILE,
        subtitle: HOSTILE,
        description: HOSTILE,
        lines: lagChart().lines.map((line) => ({ ...line, label: HOSTILE })),
        legend: lagChart().legend.map((entry) => ({ ...entry, label: HOSTILE })),
        faults: lagChart().faults.map((fault) => ({ ...fault, label: HOSTILE })),
      }),
    ],
    words: [
      { word: `direct ${HOSTILE}`, kind: 'term', text: HOSTILE, more: { [HOSTILE]: HOSTILE } },
    ],
  })

  test('none of them is an element, an attribute or the end of a script', () => {
    expect(html).not.toContain(HOSTILE)
    expect(html).not.toContain('<img')
    expect(tags(html).join()).not.toMatch(/\s(?:style|on\w+)=/)
    expect(scripts(html)).toHaveLength(2)
    expect(html.match(/<\/script>/g)).toHaveLength(3)
  })

  test('the charts get them as they are', () => {
    const data = /<script type="application\/json" id="definitions">(.*?)<\/script>/s.exec(html)
    const [chart] = JSON.parse(data?.[1] ?? '')
    expect([chart.title, chart.lines[0].label, chart.faults[0].label]).toEqual(
      Array(3).fill(HOSTILE),
    )
  })
})

describe('the policy', () => {
  const html = full()
  const policy = /Content-Security-Policy" content="(.*?)"/.exec(html)?.[1] ?? ''
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

  test('lets no script run and no style apply but those of the page', () => {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${scripts(html).map(hash).join(' ')};`)
    expect(policy).toContain(`style-src ${all(html, /<style>([\s\S]*?)<\/style>/g).map(hash)};`)
    expect(policy).not.toContain('unsafe')
  })

  test('has nothing to refuse: no style or handler in an attribute, nothing to fetch', () => {
    expect(tags(html).join()).not.toMatch(/\s(?:style|on\w+)=/)
    expect(markup(html)).not.toMatch(/\b(?:src|href|action|data|poster)="(?!#|data:,)/)
    expect(html).not.toContain('sourceMappingURL')
  })
})
