import { constant, lognormal, withTail } from '../../kernel/distribution.js'
import { parameter } from '../define-parameter.js'
import type { Parameters } from '../parameter.js'

const MS = 1000
const MB = 1_000_000
const GB = 1_000_000_000

const hdfsNvme: Parameters = {
  hflush: parameter(
    'duration',
    withTail(lognormal(0.45 * MS, 0.4), 0.005, lognormal(8 * MS, 1)),
    'B',
    'hflush of at most 1 KiB: pipeline round trip.',
    'Accumulo durability note (~1 ms), scaled to NVMe; tail so that p99.9 meets HBase slow syncs',
  ),
  hflushPacket: parameter(
    'duration',
    withTail(lognormal(0.75 * MS, 0.4), 0.005, lognormal(8 * MS, 1)),
    'D',
    'hflush of more than 1 KiB: pipeline round trip with 64 KiB packets.',
    'hflush plus three store-and-forward hops',
  ),
  hsync: parameter(
    'duration',
    withTail(lognormal(1.3 * MS, 0.4), 0.01, lognormal(12 * MS, 0.9)),
    'B',
    'hsync: hflush and fsync of block and checksum file on every replica.',
    'SSD fsync 0.3 ms (napkin-math), two files, slowest of three replicas',
  ),
  nameNodeWrite: parameter(
    'duration',
    withTail(lognormal(2.5 * MS, 0.6), 0.01, lognormal(60 * MS, 1)),
    'D',
    'NameNode RPC that writes the edit log: create, addBlock, fsync, complete, delete.',
    'create ceiling of HADOOP-3860 and a quorum journal fsync',
  ),
  nameNodeRead: parameter(
    'duration',
    withTail(lognormal(0.8 * MS, 0.7), 0.005, lognormal(40 * MS, 1)),
    'D',
    'NameNode RPC that only reads: getFileStatus, a page of a listing.',
    'estimate',
  ),
  pipelineSetup: parameter(
    'duration',
    lognormal(2 * MS, 0.5),
    'D',
    'Connecting the DataNodes of a new block into a pipeline.',
    'estimate',
  ),
  finalize: parameter(
    'duration',
    lognormal(1 * MS, 0.6),
    'D',
    'DataNodes finalize the last block at close.',
    'estimate',
  ),
  closeRetryProbability: parameter(
    'probability',
    0.01,
    'D',
    'A complete RPC at close finds the last block short of its minimum of replicas.',
    'estimate; the retry protocol is DFSOutputStream.completeFile',
  ),
  closeRetryDelay: parameter(
    'duration',
    constant(400 * MS),
    'A',
    'Wait before the first repetition of the complete RPC; it doubles, up to 60 s.',
    'dfs.client.block.write.locateFollowingBlock.initial.delay.ms',
  ),
  readFirstByte: parameter(
    'duration',
    lognormal(1.2 * MS, 0.6),
    'D',
    'Open and read the first byte.',
    'RPC and NVMe access',
  ),
  streamWrite: parameter(
    'rate',
    constant(350 * MB),
    'D',
    'One stream through a write pipeline.',
    'SATA SSD 447 MB/s raw (Intel HDFS-HSM report), scaled',
  ),
  streamRead: parameter('rate', constant(600 * MB), 'D', 'One stream read.', 'estimate, NVMe'),
  nodeAggregateWrite: parameter(
    'rate',
    constant(2.5 * GB),
    'D',
    'All streams written to the disks of one DataNode, where its network card allows.',
    'estimate, NVMe',
  ),
  nic: parameter(
    'rate',
    constant(3.125 * GB),
    'A',
    'Network card of every machine: 25 Gbit/s.',
    'by definition of the profile',
  ),
  replicaCopyRate: parameter(
    'rate',
    constant(100 * MB),
    'D',
    'Copy of a replica to another DataNode: pipeline recovery, re-replication.',
    'estimate: 128 MiB in about 1.3 s',
  ),
  writebackInterval: parameter(
    'duration',
    constant(5000 * MS),
    'C',
    'Interval at which a DataNode looks for old bytes in its page cache.',
    'Linux vm.dirty_writeback_centisecs = 500',
  ),
  writebackAge: parameter(
    'duration',
    constant(30_000 * MS),
    'C',
    'Age from which bytes in the page cache are written to the disk.',
    'Linux vm.dirty_expire_centisecs = 3000',
  ),
  capacity: parameter(
    'size',
    constant(8000 * GB),
    'D',
    'Disk space of one DataNode for HDFS.',
    'estimate: two 4 TB drives',
  ),
}

const hdfsHdd: Parameters = {
  ...hdfsNvme,
  hflush: parameter(
    'duration',
    withTail(lognormal(0.9 * MS, 0.45), 0.015, lognormal(25 * MS, 1)),
    'B',
    'hflush of at most 1 KiB: pipeline round trip.',
    'Accumulo durability note (~1 ms); tail so that p99.9 meets HBase slow syncs',
  ),
  hflushPacket: parameter(
    'duration',
    withTail(lognormal(1.5 * MS, 0.45), 0.015, lognormal(25 * MS, 1)),
    'D',
    'hflush of more than 1 KiB: pipeline round trip with 64 KiB packets.',
    'hflush plus three store-and-forward hops',
  ),
  hsync: parameter(
    'duration',
    withTail(lognormal(45 * MS, 0.5), 0.02, lognormal(300 * MS, 0.7)),
    'B',
    'hsync: hflush and fsync of block and checksum file on every replica.',
    'Accumulo durability note (~50 ms); HDD 4 KB 6.7 ms (Intel), two files, slowest of three',
  ),
  pipelineSetup: parameter(
    'duration',
    lognormal(4 * MS, 0.5),
    'D',
    'Connecting the DataNodes of a new block into a pipeline.',
    'estimate',
  ),
  closeRetryProbability: parameter(
    'probability',
    0.02,
    'D',
    'A complete RPC at close finds the last block short of its minimum of replicas.',
    'estimate; the retry protocol is DFSOutputStream.completeFile',
  ),
  readFirstByte: parameter(
    'duration',
    lognormal(9 * MS, 0.6),
    'D',
    'Open and read the first byte.',
    '6.7 ms of a seek (Intel) and RPC',
  ),
  streamWrite: parameter(
    'rate',
    constant(80 * MB),
    'D',
    'One stream through a write pipeline.',
    'HDD 127 MB/s raw (Intel HDFS-HSM report), scaled',
  ),
  streamRead: parameter(
    'rate',
    constant(120 * MB),
    'B',
    'One stream read.',
    'HDD 127 MB/s raw (Intel HDFS-HSM report)',
  ),
  nodeAggregateWrite: parameter(
    'rate',
    constant(870 * MB),
    'B',
    'All streams written to the disks of one DataNode, where its network card allows.',
    'Intel HDFS-HSM report: 870 MB/s of eight HDDs',
  ),
  nic: parameter(
    'rate',
    constant(1.25 * GB),
    'A',
    'Network card of every machine: 10 Gbit/s.',
    'by definition of the profile',
  ),
  capacity: parameter(
    'size',
    constant(32_000 * GB),
    'D',
    'Disk space of one DataNode for HDFS.',
    'estimate: eight 4 TB drives',
  ),
}

/** HDFS profiles by name, for Hadoop 3.4. */
export const hdfsProfiles: Readonly<Record<string, Parameters>> = {
  'hdfs-nvme': hdfsNvme,
  'hdfs-hdd': hdfsHdd,
}

/** What each stands for. */
export const hdfsProfileDocs: Readonly<Record<string, string>> = {
  'hdfs-nvme': 'NVMe DataNodes on 25 Gbit/s Ethernet, three replicas in one data centre.',
  'hdfs-hdd':
    'DataNodes of eight hard disks on 10 Gbit/s Ethernet; what is not named is as with NVMe.',
}
