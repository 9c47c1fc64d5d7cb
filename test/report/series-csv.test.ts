import { expect, test } from 'vitest'
import { seriesCsv } from '../../src/report/series-csv.js'
import { run } from './fixture.js'

function csv(results: Parameters<typeof seriesCsv>[0]): string {
  return [...seriesCsv(results)].join('')
}

test('one row for each point, with sorted labels', () => {
  const labels = { peer: 'backup', class: 'cluster-loss' }
  const series = [
    { metric: 'rpoUs', unit: 'us', labels, timesUs: [0, 1_000], values: [0, 1_000] },
    { metric: 'lagUs', unit: 'us', labels: {}, timesUs: [5], values: [null] },
  ]
  expect(csv([run('direct', 3, { series })])).toBe(
    'time_us,variant,seed,metric,labels,value\n' +
      '0,direct,3,rpoUs,class=cluster-loss;peer=backup,0\n' +
      '1000,direct,3,rpoUs,class=cluster-loss;peer=backup,1000\n' +
      '5,direct,3,lagUs,,\n',
  )
})

test('a name with comma, quote and line break stays one cell', () => {
  const series = [{ metric: 'm', unit: 'us', labels: {}, timesUs: [1], values: [2] }]
  expect(csv([run('a,"b"\nc', 1, { series })])).toContain('1,"a,""b""\nc",1,m,,2\n')
})
