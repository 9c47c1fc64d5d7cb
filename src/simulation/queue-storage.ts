import type { Purpose } from '../kernel/draws.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Variate } from '../kernel/variate.js'
import {
  queueName,
  type ReplicationQueueId,
  type ReplicationQueueStorage,
} from '../replication/replication-queue-storage.js'
import { TableReplicationQueueStorage } from '../replication/table-replication-queue-storage.js'
import { ZKReplicationQueueStorage } from '../replication/zk-replication-queue-storage.js'
import type { Parameter, Parameters } from '../storage/parameter.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { meanOf } from './server-builder.js'

/** Where the version of HBase keeps the offsets of replication. */
export function buildQueueStorage(model: Model, scheduler: Scheduler): ReplicationQueueStorage {
  const latency = (parameters: Parameters, name: string, purpose: Purpose) => {
    const variates = new Map<string, Variate>()
    return (queue: ReplicationQueueId, n: number) => {
      const entity = queueName(queue)
      let variate = variates.get(entity)
      if (variate === undefined) {
        variate = model.variate(parameters, name, purpose, entity)
        variates.set(entity, variate)
      }
      return variate.draw(n)
    }
  }
  if (model.scenario.hbase === '2.6') {
    return new ZKReplicationQueueStorage(
      scheduler,
      latency(model.cluster, 'zookeeperWrite', purposes.queueStorage),
      latency(model.cluster, 'zookeeperWrite', purposes.newWal),
    )
  }
  const fixedUs = tablePutUs(model)
  const flushUs = latency(model.hdfs, 'hflush', purposes.queueStorage)
  return new TableReplicationQueueStorage(scheduler, (...write) => fixedUs + flushUs(...write))
}

/** A put to `hbase:replication` without its WAL sync: both ways of the network and the handler. */
function tablePutUs(model: Model): number {
  const mean = (name: string) => meanOf(model.cluster[name] as Parameter)
  return Math.round(
    2 * mean('network') + mean('putCpu') + mean('walAppend') + mean('memstoreApply'),
  )
}
