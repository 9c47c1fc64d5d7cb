import { expect, test } from 'vitest'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { createWal } from '../../../src/hbase/wal/wal-provider.js'
import { lognormal } from '../../../src/kernel/distribution.js'
import { RingBufferDriver } from './ring-buffer-driver.js'
import { groupWrites, variateOf } from './wal-fixture.js'
import { fsHLog } from './wal-group-fixture.js'

/** Handlers that write 1 KiB each, one write after the other, for a simulated second. */
function appendsPerSync(handlers: number, provider: 'asyncfs' | 'filesystem'): number {
  const sync = variateOf(lognormal(750, 0.4), 'sync')
  const more = provider === 'filesystem' ? { fsHLog } : {}
  const { writes } = groupWrites(new EditLog(0), sync, more)
  const driver = new RingBufferDriver()
  const latencies = {
    walAppend: variateOf(lognormal(3, 0.3), 'append'),
    walBytesPerSecond: 350e6,
  }
  const options = { walBatchSize: 65_536, walRollSize: 1e12, latencies }
  driver.wals = [createWal(driver.calls, writes, options)]
  const between = variateOf(lognormal(100, 0.5), 'between')
  let operations = 0
  const put = (us: number) => {
    const atUs = us + between.draw(operations)
    if (atUs < 1_000_000) driver.append(atUs, 0, 1024, operations++)
  }
  driver.onDurable = (_operation, us) => {
    put(us)
  }
  for (let n = 0; n < handlers; n++) put(0)
  driver.advance(2_000_000)
  expect(driver.wals[0].syncedEdits).toBe(operations)
  return operations / driver.syncs
}

test('100 handlers that write 1 KiB put more than 10 appends into a sync of FSHLog', () => {
  expect(appendsPerSync(100, 'filesystem')).toBeGreaterThan(10)
})

test('few handlers share few syncs, and AsyncFSWAL batches less than FSHLog', () => {
  expect(appendsPerSync(10, 'filesystem')).toBeLessThan(4)
  expect(appendsPerSync(100, 'asyncfs')).toBeLessThan(appendsPerSync(100, 'filesystem'))
})
