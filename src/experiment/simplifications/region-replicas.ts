import type { Simplification } from '../simplifications.js'

export const ofRegionReplicas: readonly Simplification[] = [
  {
    text:
      'A secondary opens the new files of a refresh in no time, and replays go on during ' +
      'it, where in HBase markers wait for its end',
    effect: 'it is fresh some milliseconds early',
    about: ['staleness', 'stalenessUs', 'hbase.regionserver.storefile.refresh.period'],
  },
  {
    text: "A secondary's memstore limit is checked once per run of edits, not per edit (2.6)",
    effect: 'a run more is taken',
    about: ['replicas'],
  },
  {
    text:
      'A primary that a newly opened secondary cannot reach is asked again as in HBase 3.0 ' +
      'in both versions',
    effect: 'reads open a little sooner or later',
    about: ['hbase.region.replica.wait.for.primary.flush'],
  },
  {
    text:
      'A refresh after a compaction marker shows the inputs again until the primary has ' +
      'archived them',
    effect: 'the secondary reads more files for up to two minutes',
    about: ['replicas', 'compactions'],
  },
  {
    text:
      "Filling the buffers of the endpoint of 2.6 takes no time; a writer's error always " +
      'resends its own batch, where 2.6 may resend the next one and hang with three dead ' +
      'writers; regions never split',
    effect: "a stall ends where HBase's may not",
    about: ['regionReplication', 'replicas'],
  },
  {
    text: '`hbase.region.replica.replication.catalog.enabled` works in 3.0 alone',
    effect: 'replicas of hbase:meta in 2.6 have the refresher',
    about: ['hbase.region.replica.replication.catalog.enabled', 'hbase.meta.replica.count'],
  },
  {
    text:
      'A deleted file fails every read of a secondary that links to it, and for as long; ' +
      'HBase serves what is cached, and asks the master to unassign the region',
    effect: '`file not found` is overstated in number',
    about: ['file not found', 'storeFiles'],
  },
  {
    text:
      'What a bulk load brings is in no figure of staleness; clients that use replicas of ' +
      'hbase:meta are never told an old location',
    effect: 'see `traffic.markers` for the first; the second understates wrong calls',
    about: ['bulk-load', 'stalenessUs', 'staleness', 'markers', 'hbase.meta.replica.count'],
  },
  {
    text:
      "Where a disaster in HDFS takes some of a WAL's edits, all later ones of the region " +
      'count as lost to its replicas, too',
    effect: 'replicas look less stale after such a disaster',
    about: ['replicas', 'staleness', 'stalenessUs', 'hdfs-loss'],
  },
  {
    text:
      'A refusal of a call to replay is answered at once where its answer would be due ' +
      'earlier than it is looked at',
    effect: 'by microseconds',
    about: ['refused'],
  },
  {
    text:
      'A secondary of 2.6 whose memstore is full refuses the very edits that come before ' +
      "the flush that would free it, as HBase's rules have it",
    effect: 'without a refresher it stays so; the invariant is undecided then',
    about: ['secondaries that are sent edits have all of them after quiescence'],
  },
  {
    text:
      'Of a backlog of more than 512 edits of a region a replica catches up in steps below ' +
      '1/128 of it; edits between two flushes that every replica had and one lost with its ' +
      'memory count as missing until all are back',
    effect: 'staleness falls in steps',
    about: ['staleness', 'stalenessUs', 'gapUs'],
  },
  {
    text:
      'For tables that are not sent edits `pbs` takes them as evenly spread in steps of ' +
      'about 1/16 of those awaiting a flush',
    effect: 'the curve is off by as much',
    about: ['pbs'],
  },
  {
    text:
      'Rows of the first phase of a table are followed; operations of a phase are those of ' +
      '100 clients in turn; versions more than 262,144 writes old are forgotten in tables ' +
      'above 4.2 million keys',
    effect: 'stale reads and steps back in time are counted too low there',
    about: ['staleReadProbability', 'backInTime', 'reads', 'keyCount'],
  },
  {
    text:
      "A multiget's call is served or refused as a whole, by the region of its first row; " +
      'opening and closing a scanner costs no calls; a scan finds its rows in one file and ' +
      'does not read ahead',
    effect: 'reads are a little quick',
    about: ['multiget', 'scan', 'ycsb', 'reads'],
  },
]
