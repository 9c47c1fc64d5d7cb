import type { RiskClass } from './peer-risks.js'

/** What a disaster of a class takes, and what still counts as restorable after it. */
interface RiskDoc {
  readonly gone: string
  readonly remains: string
}

/** The classes of disasters that RPO is measured for, from one process to everything. */
export const riskClasses: Readonly<Record<RiskClass, RiskDoc>> = {
  'region-server-crash': {
    gone: "one server's process, its memory and open streams",
    remains: 'WALs and staged files: they are split, claimed, adopted',
  },
  'data-node-crash': {
    gone: 'one DataNode and its disk',
    remains: 'blocks with another replica',
  },
  'rack-power-loss': {
    gone: 'on one rack: processes, and bytes neither hsynced nor written back',
    remains: "other racks, the rack's disks after reboot",
  },
  'cluster-power-loss': {
    gone: 'the same as a rack-power-loss, on all racks',
    remains: 'hsynced and written-back bytes, the store',
  },
  'hdfs-loss-clean-abort': {
    gone: 'all of HDFS, but aborting servers close their objects, if the store answers',
    remains: 'complete and open objects',
  },
  'hdfs-loss': {
    gone: 'all of HDFS; what is in open objects counts as lost',
    remains: 'complete objects',
  },
  'cluster-loss': {
    gone: 'region servers and HDFS',
    remains: 'complete objects',
  },
  'store-loss': {
    gone: 'the store',
    remains: 'what the cluster has not let go: not yet confirmed, or still staged',
  },
}
