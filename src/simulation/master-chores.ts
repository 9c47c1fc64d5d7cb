import { cleanHFiles } from '../hbase/master/hfile-cleaner.js'
import { cleanLogs } from '../hbase/master/log-cleaner.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'
import type { Replication } from './replication.js'

/** The master's chores that delete what nobody needs any more: WALs in oldWALs, archived HFiles. */
export function startCleaners(cluster: Cluster, replication: Replication): void {
  const { model, scheduler, master, files, hdfs } = cluster
  const intervalUs = model.ms('hbase.master.cleaner.interval')
  const phaseOf = (chore: string) =>
    cluster.steady === null ? 0 : Math.floor(model.once(purposes.phase, chore) * intervalUs)
  const logs = cleanLogs({
    scheduler,
    owners: () => cluster.servers,
    intervalUs,
    phaseUs: phaseOf('log cleaner'),
    ttlUs: model.ms('hbase.master.logcleaner.ttl'),
    preClean: () => replication.preCleanLogs(),
  })
  master.host.spawn('LogCleaner', logs)
  const hFiles = cleanHFiles({
    scheduler,
    archive: files.archive,
    intervalUs,
    phaseUs: phaseOf('HFile cleaner'),
    ttlUs: model.ms('hbase.master.hfilecleaner.ttl'),
    isReferenced: () => false,
    io: { remove: (file) => hdfs.delete(file) },
  })
  master.host.spawn('HFileCleaner', hFiles)
}
