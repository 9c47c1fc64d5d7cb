import { StagingEndpoint } from './staging-endpoint.js'

/**
 * Option 1 of HBASE-28987: entries are accepted once they are synced to a staging file in HDFS;
 * background copiers bring rolled files to the external store and then delete them. One open file
 * per source, or per source and table as in the pull request (6518) that coded this design.
 */
export class StagedCopyEndpoint extends StagingEndpoint {}
