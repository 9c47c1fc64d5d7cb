import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Progress } from '../../src/hbase/progress.js'
import { eventKinds, progressKinds } from '../../src/measure/event-kinds.js'

/** First arguments of calls that tell of an occurrence, wherever they are in the sources. */
function kindsTold(): string[] {
  const call = /(?:tracer\??|#tracer)\.(?:begin|instant|around)\(\s*'([^']+)'/g
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  const sources = files.filter((name) => name.endsWith('.ts'))
  return sources.flatMap((name) =>
    [...readFileSync(`src/${name}`, 'utf8').matchAll(call)].map(([, kind]) => kind ?? ''),
  )
}

test('every kind that is told of is explained, and no other', () => {
  expect([...new Set(kindsTold())].sort()).toEqual(Object.keys(eventKinds).sort())
})

test('every kind of progress is explained, and no other', () => {
  expect(Object.keys(progressKinds).sort()).toEqual(Object.keys(Progress).sort())
})

test('an explanation is a sentence', () => {
  const docs = [...Object.values(eventKinds).map(({ doc }) => doc), ...Object.values(progressKinds)]
  for (const doc of docs) expect(doc).toMatch(/^[A-Z`].*\.$/)
})
