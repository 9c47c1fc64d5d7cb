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
}
