import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { commandLine } from '../../src/cli/command-line.js'
import { processShell } from '../../src/cli/shell.js'

async function obey(words: string[], width = 80) {
  const printed = { out: '', err: '' }
  const code = await commandLine(words, {
    ...processShell(),
    out: (text) => {
      printed.out += text
    },
    err: (text) => {
      printed.err += text
    },
    width,
    colours: picocolors.createColors(false),
  })
  return { code, ...printed }
}

async function explained(...words: string[]): Promise<string> {
  const { code, out, err } = await obey(['explain', ...words])
  expect(err).toBe('')
  expect(code).toBe(0)
  return `\n${out}`
}

describe('hbsim explain', () => {
  test('says what a key means, what it is by default and how it is written', async () => {
    expect(await explained('rollSize')).toBe(`
peers.<peer>.rollSize (key)
  Bytes at which an open file is rolled. Read by staged-copy, dual-write,
  unsafe-flush, deferred-offset.
  Default  128 MiB
  Type     a size such as 100 B, 10 KiB, 128 MiB or 1 MB
`)
  })

  test('says what a property is by default, its range and who says so', async () => {
    expect(await explained('hbase.regionserver.handler.count')).toBe(`
hbase.regionserver.handler.count (property)
  RPC handlers of a region server; a write holds one until it is answered.
  In       site
  Default  30
  Type     whole number
  Range    1 to 10000
  Source   hbase-default.xml
`)
  })

  test('tells all meanings of a word, and what is simplified about them', async () => {
    expect(await explained('store-loss')).toBe(`
store-loss (disaster class)
  Takes the store.
  In                peers.<peer>.rpo, peers.<peer>.claims
  Still restorable  what the cluster has not let go: not yet confirmed, or still
                    staged
  See               RPO, claim

store-loss (fault)
  All that a store holds is gone, and it refuses for good.
  In    faults[]
  Keys  at, store
  See   faults[].at, faults[].store

Simplified
  - A store that refuses after store-loss does not come back. Effect: what
    follows the loss is not repaired.
  - An edit that is staged again counts as released to the store all the same.
    Effect: store-loss is overstated while it is sent twice.
`)
  })

  test('finds a figure by the path that an expectation has, and several words at once', async () => {
    expect(await explained('peers.backup.rpo["cluster-loss"].maxUs', 'HBASE-28620')).toBe(`
peers.<peer>.rpo.<class>.maxUs (figure)
  RPO at the worst instant, exact to the microsecond.
  Unit  microseconds
  See   RPO

HBASE-28620 (fix)
  Without its fix, a source that ends keeps its share of the buffer quota.
  In  unfixed
`)
  })

  test('tells the source and the grade of a parameter in each profile that has it', async () => {
    const text = await explained('hsync')
    expect(text).toContain('Of profiles  hdfs-nvme')
    expect(text).toContain('Of profiles  hdfs-hdd')
    expect(text).toContain('Default      lognormal(1300 us, 0.4) + 0.01 * lognormal(12 ms, 0.9)')
    expect(text).toContain('Grade        B')
    expect(text).toContain('peers.<peer>.sync (key)')
  })

  test('lists the words of a kind', async () => {
    expect(await explained('exit codes')).toBe(`
Exit codes: what the exit code of a command says
  0    Done, and everything expected held.
  1    An expectation or invariant was violated; results are written all the
       same.
  2    Bad input: a scenario, an option, or a folder for results that cannot be
       used.
  3    An expectation could not be decided.
  70   A bug of hbsim: an assertion of its own is broken.
  130  Interrupted; finished runs are kept.
`)
  })

  test('lists simplifications by subject', async () => {
    const text = await explained('simplifications')
    const subjects = text.split('\n').filter((line) => /^\S/.test(line))
    expect(subjects.slice(1)).toEqual([
      'HBase',
      'region replicas',
      'designs',
      'HDFS',
      'S3',
      'numbers',
    ])
  })

  test('without a word says which kinds there are and how many words of each', async () => {
    const text = await explained()
    expect(text).toContain('  endpoints            5  designs of a WAL backup\n')
    expect(text).toContain('  disaster classes     8  what a disaster takes and leaves\n')
    expect(text).toContain('hbsim explain faults lists those of a kind.')
  })

  test.each([
    ['rolSize', 'there is no word "rolSize"; did you mean "rollSize"?'],
    ['claster-loss', 'there is no word "claster-loss"; did you mean "cluster-loss"?'],
    ['qqqqqqqqq', 'there is no word "qqqqqqqqq"; `hbsim explain` says what there is'],
  ])('knows no %s', async (word, message) => {
    expect(await obey(['explain', word])).toEqual({ code: 2, out: '', err: `hbsim: ${message}\n` })
  })

  test('explains the words it knows and complains of the others', async () => {
    const { code, out, err } = await obey(['explain', 'HBASE-28620', 'rolSize', 'nnnnnnn'])
    expect(code).toBe(2)
    expect(out).toContain('a source that ends keeps its share')
    expect(err).toBe(
      'hbsim: there is no word "rolSize"; did you mean "rollSize"?\n' +
        'hbsim: there is no word "nnnnnnn"; `hbsim explain` says what there is\n',
    )
  })

  test.each([60, 100, 120])('keeps to %i columns', async (width) => {
    for (const word of ['RPO', 'simplifications', 'staged-copy', 'faults', 'terms', 'figures']) {
      const { out } = await obey(['explain', word], width)
      const tooLong = out.split('\n').filter((line) => {
        // A name or a value that is longer than a line stays whole.
        return line.length > width && line.trim().includes(' ') && !/^ *\S{40,}/.test(line)
      })
      expect(tooLong).toEqual([])
    }
  })

  test.each(['run', 'compare', 'validate', 'schema', 'list', 'completion', 'explain'])(
    'is named in the help of %s',
    async (command) => {
      const { out } = await obey([command, '--help'])
      expect(out).toContain('hbsim explain WORD')
    },
  )
})
