/** Version of the schema of events: `schema` in the first line of events.ndjson. */
export const EVENT_SCHEMA = 1

/** What is said of a kind of event wherever events are shown or explained. */
export interface EventKind {
  readonly doc: string
  /**
   * How it takes its time. `activity`: a thread of a process does it from its beginning to its end.
   * `instant`: it takes none. `span`: a state of affairs that begins and ends.
   */
  readonly shape: 'activity' | 'instant' | 'span'
  /** The component: the thread of HBase or HDFS that does it, or what it happens to. */
  readonly thread: string
}

function activity(thread: string, doc: string): EventKind {
  return { doc, shape: 'activity', thread }
}

function instant(thread: string, doc: string): EventKind {
  return { doc, shape: 'instant', thread }
}

function span(thread: string, doc: string): EventKind {
  return { doc, shape: 'span', thread }
}

/** Every kind of occurrence that a traced run can tell of (version 1). */
export const eventKinds: Readonly<Record<string, EventKind>> = {
  fault: span('faults', 'A fault of the scenario, from its beginning to its end.'),
  'fault begins': instant('faults', 'A fault of the scenario strikes.'),
  'fault ends': instant(
    'faults',
    'A fault of the scenario is over, and what it had stopped goes on.',
  ),
  operation: activity('hbase shell', 'What an operator of the scenario does.'),
  'server start': instant('server', 'A region server starts, the first time or again.'),
  'server exit': instant('server', 'The process of a region server is gone.'),
  abort: instant('server', 'A region server gives itself up (HRegionServer.abort).'),
  ServerCrashProcedure: activity('ServerCrashProcedure', 'The master recovers a dead server.'),
  SplitWALProcedure: activity('SplitWALProcedure', 'The master has a WAL of a dead server split.'),
  'split WAL': activity(
    'SplitLogWorker',
    'A server splits a WAL of a dead one into recovered.edits.',
  ),
  TransitRegionStateProcedure: activity(
    'TransitRegionStateProcedure',
    'The master brings a region of a dead server online elsewhere.',
  ),
  'assign queues': activity(
    'AssignReplicationQueuesProcedure',
    'The master has the replication queues of a dead server claimed.',
  ),
  'region unavailable': span(
    'unavailable regions',
    'A region of a dead server, from the discovery of the death until it is open elsewhere.',
  ),
  'open region': activity('AssignRegionHandler', 'A server opens a region: HFiles, then replay.'),
  'close region': activity('UnassignRegionHandler', 'A server flushes and closes a region.'),
  'flush region': activity(
    'MemStoreFlusher',
    'A flush handler works on a request: the flush, then the request for a compaction.',
  ),
  flush: activity('MemStoreFlusher', 'A memstore becomes HFiles (HRegion.flushcache).'),
  'flush marker': instant('MemStoreFlusher', 'A flush writes START, COMMIT or ABORT into the WAL.'),
  compaction: activity('CompactSplit', 'HFiles of a store become one.'),
  'roll WAL': activity('LogRoller', 'The log roller replaces the WAL that is being written.'),
  'WAL rolled': instant('LogRoller', 'The new WAL is written to; why, and what the old one holds.'),
  'archive WAL': instant('LogRoller', 'A WAL whose edits are all in HFiles moves to oldWALs.'),
  'recover pipeline': activity('DataStreamer', 'The pipeline of an FSHLog’s stream is repaired.'),
  'recover lease': activity('lease recovery', 'A file whose writer gave up is closed.'),
  'read batch': activity('ReplicationSourceWALReader', 'A source reads entries of a WAL.'),
  'ship batch': activity(
    'ReplicationSourceShipper',
    'A batch from the shipper’s taking it until it is accepted and its offset, if due, stored.',
  ),
  replicate: activity('ReplicationSourceShipper', 'One call of the endpoint’s replicate().'),
  'store offset': activity('ReplicationSourceShipper', 'A source stores how far it has come.'),
  'claim queue': activity('ReplicationSourceManager', 'A server claims a queue of a dead one.'),
  'start endpoint': activity('ReplicationSource', 'One attempt of a source to start its endpoint.'),
  'end source': activity('ReplicationSource', 'A source is terminated: stop, refresh or removal.'),
  'staged file': span('staging', 'A file in the staging area, from its creation to its deletion.'),
  'backup flush': activity('backup flush', 'A tick of an endpoint’s flush thread: it rolls files.'),
  'roll staged file': activity(
    'backup flush',
    'A staged file is closed and handed to the copiers.',
  ),
  'copy staged file': activity(
    'copier',
    'A copier brings a staged file to the store and deletes it.',
  ),
  'store request': activity('S3A', 'A request to a store with all of its attempts and retries.'),
  'store attempt': activity('S3A', 'One attempt of a request, and what the store answered.'),
  'object stored': instant('objects', 'An object becomes visible in its store.'),
  'send to secondaries': span(
    'RegionReplicationSink',
    'A batch of a region under way to its secondary replicas (HBase 3).',
  ),
  'replay to secondaries': activity(
    'RegionReplicaSinkWriter',
    'Entries of a region are sent to its secondary replicas (HBase 2).',
  ),
}

/** Every kind of progress that edits make, told as ranges of a log. */
export const progressKinds: Readonly<Record<string, string>> = {
  acknowledged: 'The client has its answer.',
  accepted: '`replicate()` of the peer’s endpoint has returned success.',
  confirmed: 'A persisted offset of the peer has passed them.',
  stored: 'They are in a complete file of the peer’s store.',
  filtered: 'The peer’s filters have passed over them.',
}
