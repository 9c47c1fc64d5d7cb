import type { Properties } from '../configuration.js'

/** The properties of HDFS that the model reads, with the defaults of Hadoop 3.4. */
export const hdfsProperties: Properties = {
  'dfs.blocksize': {
    type: 'bytes',
    value: 134_217_728,
    min: 1_048_576,
    doc: 'Block size of new files.',
    source: 'Hadoop 3.4 hdfs-default.xml',
  },
  'dfs.replication': {
    type: 'int',
    value: 3,
    min: 1,
    max: 512,
    doc: 'Replicas of each block; never more than there are DataNodes.',
    source: 'Hadoop 3.4 hdfs-default.xml',
  },
  'dfs.client.block.write.locateFollowingBlock.retries': {
    type: 'int',
    value: 5,
    min: 0,
    doc: 'Further attempts of close() while the last block lacks its minimum of replicas.',
    source: 'Hadoop 3.4 hdfs-default.xml; DFSOutputStream.completeFile',
  },
  'dfs.client.block.write.retries': {
    type: 'int',
    value: 3,
    min: 0,
    doc: 'Further attempts to get a block whose DataNodes can be connected.',
    source: 'Hadoop 3.4 hdfs-default.xml; DataStreamer.setupPipelineForCreate',
  },
  'dfs.client.block.write.replace-datanode-on-failure.enable': {
    type: 'boolean',
    value: true,
    doc: 'A pipeline that has lost a DataNode gets another, by the policy DEFAULT.',
    source: 'Hadoop 3.4 hdfs-default.xml; ReplaceDatanodeOnFailure',
  },
  'dfs.client.block.write.replace-datanode-on-failure.best-effort': {
    type: 'boolean',
    value: false,
    doc: 'Writing goes on with fewer DataNodes if none can replace the one lost.',
    source: 'Hadoop 3.4 hdfs-default.xml; ReplaceDatanodeOnFailure',
  },
}
