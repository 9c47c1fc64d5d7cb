import type { Simplification } from '../simplifications.js'

export const ofHBase: readonly Simplification[] = [
  {
    text:
      '`valueSize` is the whole WAL entry and the bytes of its cells; WALs have no header ' +
      'or trailer, HFiles no index, Bloom filter, encoding or compression',
    effect:
      'WALs and objects are small by roughly 100 B per put, HFiles large where tables are ' +
      'compressed',
    about: ['valueSize', 'p50Bytes'],
  },
  {
    text:
      'A put is one edit and one mini-batch, with one cell in each family; handlers do not ' +
      'compete for cores',
    effect: 'no batching gain; latency above some 24 busy cores is too low',
    about: ['putCpu', 'families', 'writeLatencyUs'],
  },
  {
    text:
      "A server's WAL has its stream's rate to itself and takes no share of the network " + 'cards',
    effect:
      'staging, uploads, flushes and compactions do not slow it, nor it them: a flush is ' +
      'felt by its lock and by memory, not by the disk',
    about: ['walAppend', 'hflush'],
  },
  {
    text: 'Writing an HFile, merging and garbage collection take no processor time',
    effect:
      'flushes and unlimited compactions are a little quick; pauses come from ' +
      '`suspend-region-server` alone',
    about: ['compactions', 'flushes', 'suspend-region-server'],
  },
  {
    text:
      'A compaction reads its inputs, then writes, then waits for its throughput; HBase ' +
      'does all three cell by cell',
    effect: 'it takes as long, but HDFS has the bytes sooner',
    about: ['compactions', 'compact'],
  },
  {
    text:
      "A write waits for a flush's lock as long as it takes; HBase gives up after " +
      '`hbase.busy.wait.duration` (60 s)',
    effect: 'none while locks are held for less',
    about: ['flushes', 'stallUs'],
  },
  {
    text: 'The discharger moves one file after another',
    effect: 'files reach the archive milliseconds late',
    about: ['oldWALs', 'storeFiles'],
  },
  {
    text:
      'A split never waits for its buffer, leaves one file per region and family, and a ' +
      'failed one is asked for again after a back-off',
    effect: "splits with slow writers end about when HBase's do; small files are fewer",
    about: ['recoveries', 'WAL splitting', 'splitBytes'],
  },
  {
    text: 'Sizes inside a range of recovered edits are spread evenly over its sequence ids',
    effect: "a partly flushed range is cut to within a few entries' bytes",
    about: ['recoveries', 'replayedBytes'],
  },
  {
    text:
      'A server that was declared dead is told when it wakes; a real one finds out up to 3 ' +
      's later',
    effect: 'its sources ship for up to 3 s less',
    about: ['suspend-region-server'],
  },
  {
    text: 'Clients never time out (`hbase.rpc.timeout`) and ask a failed server again at once',
    effect: 'a suspension within the session shows as write latency, not as failures',
    about: ['suspend-region-server', 'writeLatencyUs', 'hbase.client.retries.number'],
  },
  {
    text:
      'A ZooKeeper session ends a full timeout after the death, not after the last ' + 'heartbeat',
    effect: 'a crash is noticed up to 30 s late',
    about: ['zookeeper.session.timeout', 'kill-region-server', 'detection'],
  },
  {
    text: 'Nobody starts a server again that aborted by itself, and there is no balancer',
    effect: 'regions stay where a recovery has put them',
    about: ['abort-region-server', 'move'],
  },
  {
    text: 'Clients are open-loop unless `clients` is given',
    effect: 'a pause queues what waiting clients would hold back',
    about: ['clients', 'rate', 'writeLatencyUs'],
  },
  {
    text: 'A steady start takes closed-loop clients to send as if nobody queued',
    effect: 'memstores begin too full under saturation',
    about: ['clients', 'start'],
  },
  {
    text: 'Zipfian ranks are those of the keys; YCSB draws them from 10^10 items and hashes',
    effect: 'hot keys are hotter: 6.5 % of operations against 3.8 % for the hottest of 10^6',
    about: ['zipfian', 'keys'],
  },
  {
    text:
      'Puts add no rows except with `latest`; what `sequential` asks for and `latest` adds ' +
      'goes by order of sending',
    effect: 'twins with different timing draw other rows there',
    about: ['latest', 'sequential', 'keys', 'twin'],
  },
  {
    text:
      'Matrices of edits leave out twins whose closed-loop clients did not send the same ' +
      'operations',
    effect: 'fewer twins are compared',
    about: ['clients', 'twin'],
  },
  {
    text:
      "YCSB's inserts and updates are both puts, a row's fields are one value, fields of " +
      'uniform length take its mean, and a phase ends by the clock, not after ' +
      '`operationcount`',
    effect: "sizes vary less than YCSB's",
    about: ['workload', 'valueSize', 'mix'],
  },
  {
    text: 'Environment variables and system properties are never read',
    effect: 'a modelled property that needs one is an error',
    about: ['site'],
  },
  {
    text: 'Procedures of a peer change take no time of their own; all servers change at once',
    effect: 'less than a second',
    about: ['update-peer-config', 'add-peer', 'remove-peer', 'disable-peer', 'enable-peer'],
  },
  {
    text:
      'The region of `hbase:replication` is elsewhere and always up, as is the master; ' +
      'calls between master and servers and their reports take no time',
    effect: 'a recovery and a move are a few milliseconds short',
    about: ['recoveries', 'assignment', 'move'],
  },
  {
    text:
      'hbase:meta has one family and one region; a look into it takes no time, but waits ' +
      'until it answers; the put of ABNORMALLY_CLOSED is left out; its handlers are 20',
    effect: 'recoveries are milliseconds short',
    about: ['recoveries', 'hbase.meta.replica.count'],
  },
  {
    text:
      'Where tables differ in durability, RPO does not see what was at risk between two ' +
      'looks alone: an ASYNC_WAL edit before its first sync',
    effect: 'it is understated for less than a second',
    about: ['durability', 'RPO', 'rpo'],
  },
  {
    text:
      "FSHLog's buffer sends no packets by itself, and asks the first waiter alone whether " +
      'to hsync, as HBase does',
    effect:
      'up to 64 KiB more of ASYNC_WAL is lost with a server; beside SYNC_WAL tables an ' +
      'FSYNC_WAL edit may be only hflushed',
    about: ['durability', 'hbase.wal.provider'],
  },
  {
    text:
      'An offset in `hbase:replication` (3.0) costs the mean of network and handler plus a ' +
      'drawn sync',
    effect: 'no queueing behind user writes',
    about: ['confirmed', 'confirmLatencyUs'],
  },
  {
    text: "The feature branch's checkpoint in the backup table is not written",
    effect: 'its flushes are a few milliseconds short',
    about: ['deferred-offset', 'form'],
  },
  {
    text:
      "HBASE-29823's endpoint is not published: ours does as the feature branch's, but " +
      'gives a failed object up and fails the next hook',
    effect:
      'with several WAL groups, only the group that asked starts again; the reader it ' +
      'leaves behind keeps what it had read, so `the buffer of every server is given back` ' +
      'breaks in an outage',
    about: ['deferred-offset', 'form', 'the buffer of every server is given back'],
  },
]
