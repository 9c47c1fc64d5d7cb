/** Cases RB1 to RB58 of the replication reference that no test has, and why. */
export const missing: Record<string, string> = {
  RB19: 'time-outs of the cluster-to-cluster endpoint, which is outside the model',
  RB26: 'serial replication is outside the model',
  RB35: 'bulk load waits: references of HFiles',
  RB42: 'bulk load and restore wait',
  RB44: 'bulk load and restore wait',
  RB45: 'bulk load waits: copies of HFiles',
  RB46: 'backups and restores wait: incremental backup',
  RB47: 'backups and restores wait: point-in-time restore',
  RB48: 'backups and restores wait: cleanup',
  RB49: 'backups and restores wait: cleanup',
  RB50: 'backups and restores wait: incremental backup',
  RB51: 'backups and restores wait: replay of WALs',
  RB52: 'backups and restores wait: replay of WALs',
  RB58: 'backups and restores wait: point-in-time restore',
}
