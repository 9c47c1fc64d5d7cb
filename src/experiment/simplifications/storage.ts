import type { Simplification } from '../simplifications.js'

export const ofDesigns: readonly Simplification[] = [
  {
    text:
      'Rolled staging files are copied at once; the pull request that coded Option 1 (6518) ' +
      'waited for the next flush tick',
    effect: 'up to one flush interval less RPO',
    about: ['staged-copy', 'flushInterval'],
  },
  {
    text:
      'Each source has a staging directory of its own; in 6518 servers shared one and knew ' +
      'only their own open files',
    effect: 'no file is copied while another server writes it',
    about: ['staged-copy', 'dual-write', 'staging'],
  },
  {
    text: 'A refusal that took no time is answered after 1 s',
    effect: 'a spinning shipper costs no processor here',
    about: ['direct', 'staged-copy', 'dual-write', 'unsafe-flush', 'deferred-offset'],
  },
]

export const ofHdfs: readonly Simplification[] = [
  {
    text:
      'DataNodes share all load evenly, dead ones too: there is no bandwidth of a single ' +
      'DataNode',
    effect: 'no slow disk, no hot node; a dead one costs no bandwidth',
    about: ['dataNodes', 'kill-data-node', 'cluster.hdfs'],
  },
  {
    text: 'Writeback counts the age per byte, not per file',
    effect: 'a loss of power takes the last 30 to 35 s of unsynced bytes, not 0 to 35 s',
    about: ['rack-power-loss', 'cluster-power-loss', 'writebackAge'],
  },
  {
    text: 'No memory pressure; file system metadata is on disk as soon as its bytes',
    effect: 'the first overstates what a loss of power takes, the second understates it',
    about: ['rack-power-loss', 'cluster-power-loss'],
  },
  {
    text: "A staged file's client sends its buffer at the flush, not packet by packet",
    effect: 'a flush of a large batch takes a little longer',
    about: ['hsync', 'sync', 'staging'],
  },
  {
    text: 'Block recovery: DataNodes that are down refuse at once',
    effect: 'leases are recovered sooner while a rack is away',
    about: ['kill-data-node', 'rack-power-loss', 'recoveries'],
  },
  {
    text: 'The NameNode runs while any rack has power; dead DataNodes are known at once',
    effect: 'no failover pause, no 630 s of stale nodes',
    about: ['rack-power-loss', 'cluster-power-loss', 'kill-data-node'],
  },
  {
    text:
      "A WAL stream breaks at once when a DataNode falls silent, a staged file's pipeline " +
      'is repaired at the next call',
    effect: 'WALs are not held up for 60 s by the loss of another rack',
    about: ['rack-power-loss', 'kill-data-node'],
  },
  {
    text:
      'An HFile counts as safe from its commit on, though its last bytes lie in page caches ' +
      'for half a minute',
    effect: 'what a loss of power takes of freshly flushed edits is understated',
    about: ['rack-power-loss', 'cluster-power-loss', 'flushes'],
  },
  {
    text:
      'A file with a closed block that no DataNode has can be read by nobody, not even up ' +
      'to there',
    effect: 'what lies before that block counts as lost, too',
    about: ['hdfs'],
  },
  {
    text:
      'After `hdfs-loss` open-loop clients send for a second at most, less where more is written, ' +
      'and closed-loop clients nothing',
    effect:
      'a server that nobody writes to meanwhile aborts when its log roller looks, up to 30 s later, ' +
      'and goes on uploading until then',
    about: ['hdfs-loss', 'hdfs'],
  },
  {
    text:
      "Blocks are re-replicated one after the other, at nobody's expense; all disks count " +
      'as one',
    effect: 'full strength comes later, a full HDFS a little late',
    about: ['kill-data-node', 'capacityBytes', 'hdfs'],
  },
  {
    text: 'A transfer over two links takes as long as the slower one',
    effect: 'slightly optimistic under heavy contention',
    about: ['bandwidth', 'copyRate'],
  },
]

export const ofS3: readonly Simplification[] = [
  {
    text: 'One request limit of each kind per store, not per prefix',
    effect: "peers of one store share it; S3's partitions may give each its own",
    about: ['store-throttling', 'requests'],
  },
  {
    text: "The rate limiter of the SDK's ADAPTIVE mode is missing",
    effect: 'throttled clients ask sooner than real ones',
    about: ['store-throttling'],
  },
  {
    text: 'Only a timeout has an unknown outcome; a 500 or 503 has done nothing',
    effect: 'slightly fewer duplicates and pending uploads',
    about: ['store-errors', 'store-outage', 'duplicateEdits', 'pendingUploads'],
  },
  {
    text: 'A store that refuses after `store-loss` does not come back',
    effect: 'what follows the loss is not repaired',
    about: ['store-loss'],
  },
  {
    text: 'An edit that is staged again counts as released to the store all the same',
    effect: '`store-loss` is overstated while it is sent twice',
    about: ['store-loss'],
  },
]

export const ofNumbers: readonly Simplification[] = [
  {
    text: "An edit that a rack's loss would take from a file counts for every rack",
    effect: '`rack-power-loss` is never too low',
    about: ['rack-power-loss'],
  },
  {
    text: 'Draws made once per put read a table of the quantile function',
    effect: 'off by less than 2 parts in 10^5',
    about: ['writeLatencyUs'],
  },
]
