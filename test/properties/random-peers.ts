import fc from 'fast-check'

/** One or two peers of any design; `n` tells which store they use. */
export function somePeers() {
  return fc.array(somePeer(), { minLength: 1, maxLength: 2 })
}

function somePeer() {
  return fc.record({
    n: fc.nat(1),
    endpoint: fc.constantFrom(
      'direct',
      'staged-copy',
      'dual-write',
      'deferred-offset',
      'unsafe-flush',
    ),
    enabled: fc.constantFrom(true, true, true, true, true, false),
    someTables: fc.constantFrom(false, false, true),
    bandwidth: fc.constantFrom('0 B/s', '0 B/s', '200 kB/s'),
    rollSize: fc.constantFrom('128 MiB', '100 kB', '1 B'),
    flushInterval: fc.constantFrom('5 s', '1 s', '20 s'),
    sync: fc.constantFrom('hsync', 'hflush'),
    perTable: fc.constantFrom(false, true),
    degrade: fc.constantFrom('none', 'staging'),
    form: fc.constantFrom('hbase-29823', 'feature-branch'),
    copiers: fc.integer({ min: 1, max: 3 }),
    copyRate: fc.constantFrom(null, '1 MB/s'),
    verify: fc.constantFrom(true, false),
    purgePendingUploads: fc.constantFrom(null, '10 s'),
    configuration: fc.constantFrom<Record<string, string>>(
      {},
      {},
      { 'replication.source.nb.capacity': '3' },
      {
        'hbase.replication.shipper.offset.update.interval.ms': '3000',
        'hbase.replication.shipper.offset.update.size.threshold': '50000',
      },
    ),
  })
}
