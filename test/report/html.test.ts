import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { reportHtml } from '../../src/report/html.js'
import type { RunResult } from '../../src/simulation/result.js'
import { summaryOf } from './experiment.js'
import { RECOVERY, run } from './fixture.js'

const HOSTILE = '</script><img src=x onerror=alert(1)>'

function page(results: RunResult[], name = 'backup-options'): string {
  const charts = chartDefinitions(name, results).map((definition) => ({
    definition,
    png: new Uint8Array([1, 2, 3]),
  }))
  const summary = summaryOf(results, name)
  return reportHtml({ summary, charts, description: `About ${name}`, command: `hbsim run ${name}` })
}

function scripts(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1])
}

test('the verdict stands above tables and charts', () => {
  const html = page([run('option-1', 1), run('direct', 1)])
  const verdict = html.indexOf('<ul class="verdict">')
  expect(verdict).toBeGreaterThan(0)
  expect(verdict).toBeLessThan(html.indexOf('<table>'))
  expect(verdict).toBeLessThan(html.indexOf('<canvas'))
})

test('every section is there, with assumptions and the command that repeats it', () => {
  const html = page([run('option-1', 1, { recoveries: [RECOVERY] }), run('direct', 1)])
  const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1])
  expect(titles).toEqual([
    'Variants',
    'If a disaster had struck',
    'What disasters took',
    'Twins, edit by edit',
    'Gaps and duplicates',
    'Faults',
    'Time to catch up after a fault',
    'Recoveries of region servers',
    'Room',
    'Replication and cost',
    'Recovery point objective',
    'Differences between twins',
    'Assumptions',
    'Repeat it',
  ])
  expect(html).toContain('lognormal(45 ms, 0.4)')
  expect(html).toContain('<pre>hbsim run backup-options</pre>')
})

test('a broken claim catches the eye', () => {
  const results = [run('option-1', 1)]
  results[0].peers.backup.brokenClaims = { 'region-server-crash': { firstUs: 1, maxEdits: 7 } }
  expect(page(results)).toContain('<br><strong>CLAIM BROKEN: 7 edits</strong></td>')
})

test('names out of a scenario are text, wherever they appear', () => {
  const results = [run(`option-1 ${HOSTILE}`, 1), run(`direct ${HOSTILE}`, 1)]
  results[0].faults = [{ kind: 'x', label: HOSTILE, atUs: 1, untilUs: null }]
  results[0].assumptions = [{ parameter: HOSTILE, value: HOSTILE, source: HOSTILE }]
  results[0].recoveries = [{ ...RECOVERY, server: HOSTILE, how: HOSTILE }]
  results[0].hdfs.fillsUs[0].fault = HOSTILE
  Object.assign(results[0].peers.backup, {
    drainUs: [{ fault: HOSTILE, us: null }],
    duplicateEdits: { [HOSTILE]: 1 },
    disasters: [{ ...results[0].peers.backup.disasters[0], kind: HOSTILE, target: HOSTILE }],
  })
  const html = page(results, HOSTILE)
  expect(html).not.toContain(HOSTILE)
  expect(html).not.toContain('<img src=x')
  expect(scripts(html)).toHaveLength(2)
  const data = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(html)?.[1]
  expect(JSON.parse(data ?? '')[0].legend[0].label).toBe(`option-1 ${HOSTILE}`)
})

test('no script but the two of the page may run, and nothing may be fetched', () => {
  const html = page([run('option-1', 1)])
  const policy = /Content-Security-Policy" content="(.*?)"/.exec(html)?.[1] ?? ''
  expect(policy).toContain("default-src 'none'")
  const hashes = scripts(html).map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  expect(policy).toContain(`script-src ${hashes.join(' ')};`)
  expect(html).not.toMatch(/<(?:script|img|link)[^>]+(?:src|href)="(?!data:)/)
  expect(html).not.toContain('sourceMappingURL')
})

test('without scripts the page shows the pictures', () => {
  const html = page([run('option-1', 1)])
  expect(html).toContain('<noscript><img src="data:image/png;base64,AQID"')
})
