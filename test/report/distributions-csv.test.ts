import { expect, test } from 'vitest'
import { distributionsCsv } from '../../src/report/distributions-csv.js'
import { run } from './fixture.js'

test('each point of each distribution is a row that says of what', () => {
  const labels = { peer: 'backup', class: 'cluster-loss' }
  const distributions = [
    { metric: 'rpoUs', unit: 'us', labels, values: [0, 5], shares: [0.123_456_789_012, 1] },
    { metric: 'writeLatencyUs', unit: 'us', labels: {}, values: [7], shares: [1] },
  ]
  const text = [...distributionsCsv([run('a, b', 3, { distributions })])].join('')
  expect(text).toBe(
    [
      'variant,seed,metric,labels,share,value',
      '"a, b",3,rpoUs,class=cluster-loss;peer=backup,0.123456789,0',
      '"a, b",3,rpoUs,class=cluster-loss;peer=backup,1,5',
      '"a, b",3,writeLatencyUs,,1,7',
      '',
    ].join('\n'),
  )
})
