/** Metrics over simulated time, as `series.csv` and charts have them. */
export const seriesDocs = {
  stagingBacklogBytes: { unit: 'bytes', text: 'Staged in HDFS and not yet copied to the store.' },
  pendingUploadBytes: {
    unit: 'bytes',
    text: 'Parts of multipart uploads that are neither completed nor aborted.',
  },
  lagUs: {
    unit: 'us',
    text: 'Age of the oldest edit that no persisted offset has passed: the true lag of replication.',
  },
  replicationLagUs: {
    unit: 'us',
    text: "HBase's own metric of the worst source that runs now; it misleads.",
  },
  rpoUs: { unit: 'us', text: 'RPO at this instant, by peer and disaster class.' },
  oldWALsBytes: { unit: 'bytes', text: 'Archived WALs that are still in HDFS.' },
  hdfsUsedBytes: { unit: 'bytes', text: 'All that HDFS holds, replicas counted.' },
  memstoreBytes: { unit: 'bytes', text: 'Heap of all memstores of a server.' },
  memstoreLimitBytes: {
    unit: 'bytes',
    text: 'Limits of the memstores of a server: writes wait at the upper, flushes begin at the lower.',
  },
  walFiles: { unit: 'files', text: 'WALs of a server that are not archived.' },
  oldWALFiles: {
    unit: 'files',
    text: 'Archived WALs of a server and of those that ran on its host before.',
  },
  storeFilesMax: { unit: 'files', text: 'Most files of one family of one region.' },
  stalenessUs: { unit: 'us', text: 'Staleness of the worst secondary replica at this instant.' },
  unavailableReplicas: {
    unit: 'regions',
    text: 'Secondary replicas that refuse reads or are closed.',
  },
  replicaMemstoreBytes: { unit: 'bytes', text: 'Heap of the memstores of all secondaries.' },
  writeLatencyP99Us: {
    unit: 'us',
    text: "99th percentile of writes answered in a window of time, told at the window's end.",
  },
  writeLatencyMaxUs: { unit: 'us', text: 'Slowest write answered in a window of time.' },
  unavailableRegions: {
    unit: 'regions',
    text: 'Regions that deaths of servers took from their clients, exact.',
  },
} as const satisfies Record<string, { unit: string; text: string }>
