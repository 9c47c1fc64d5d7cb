import { describe, expect, test } from 'vitest'
import { Bursts } from '../../../src/hbase/client/bursts.js'

/** At 100-120, 150-170, …: five times as active. */
const bursts = new Bursts(100, 50, 20, 5)

describe('what takes some time without bursts', () => {
  test.each([
    ['before them takes it', 10, 60, 70],
    ['passes five times as fast in a burst', 100, 50, 110],
    ['that begins in a burst goes on after it', 110, 60, 130],
    ['that lasts into a burst ends sooner', 90, 30, 104],
    ['that lasts as long as a burst and a break ends with the break', 100, 130, 150],
    ['that lasts over many', 0, 100 + 10 * 130 + 40, 608],
    ['that takes no time', 137, 0, 137],
  ])('%s', (_, fromUs, us, endsUs) => {
    expect(bursts.after(fromUs, us)).toBeCloseTo(endsUs, 9)
  })

  test('takes the same in one piece and in several', () => {
    let atUs = 33
    for (let i = 0; i < 1000; i++) atUs = bursts.after(atUs, 7)
    expect(atUs).toBeCloseTo(bursts.after(33, 7000), 6)
  })

  test('takes the same if bursts are no bursts', () => {
    expect(new Bursts(100, 50, 20, 1).after(33, 1234)).toBeCloseTo(1267, 9)
  })
})
