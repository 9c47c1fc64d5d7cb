import type { Properties } from '../configuration.js'

/** The properties of S3A that the model reads, with the defaults of Hadoop 3.4.1. */
export const s3aProperties: Properties = {
  'fs.s3a.multipart.size': {
    type: 'bytes',
    value: 67_108_864,
    min: 5_242_880,
    doc: 'Block in which a stream buffers its data, and the part of a multipart upload.',
    source: 'Hadoop 3.4.1 core-default.xml',
  },
  'fs.s3a.fast.upload.active.blocks': {
    type: 'int',
    value: 4,
    min: 1,
    doc: 'Blocks of one stream that may be queued and uploading; write() waits beyond.',
    source: 'Hadoop 3.4.1 core-default.xml',
  },
  'fs.s3a.threads.max': {
    type: 'int',
    value: 96,
    min: 1,
    doc: 'Uploads that one file system instance has under way.',
    source: 'Hadoop 3.4.1 core-default.xml',
  },
  'fs.s3a.create.performance': {
    type: 'boolean',
    value: false,
    doc: 'create() skips its LIST for a directory of that name.',
    source: 'Hadoop 3.4.1 core-default.xml; S3AFileSystem.innerCreateFile',
  },
  'fs.s3a.downgrade.syncable.exceptions': {
    type: 'boolean',
    value: true,
    doc: 'hflush() and hsync() silently do nothing, instead of failing.',
    source: 'Hadoop 3.4.1 core-default.xml; S3ABlockOutputStream.handleSyncableInvocation',
  },
  'fs.s3a.connection.request.timeout': {
    type: 'duration',
    value: 60_000,
    min: 1,
    doc: 'One call of the AWS SDK in all, its own retries included.',
    source: 'Hadoop 3.4.1 core-default.xml; AWSClientConfig.initRequestTimeout',
  },
  'fs.s3a.attempts.maximum': {
    type: 'int',
    value: 5,
    min: 0,
    max: 63,
    doc: 'Retries that the AWS SDK makes within one call.',
    source: 'Hadoop 3.4.1 core-default.xml; AWSClientConfig.createRetryPolicyBuilder',
  },
  'fs.s3a.retry.limit': {
    type: 'int',
    value: 7,
    min: 0,
    max: 62,
    doc: 'Retries of a failed call, other than a throttled one.',
    source: 'Hadoop 3.4.1 core-default.xml; S3ARetryPolicy',
  },
  'fs.s3a.retry.interval': {
    type: 'duration',
    value: 500,
    min: 0,
    doc: 'Base of the exponential wait before such a retry.',
    source: 'Hadoop 3.4.1 core-default.xml; S3ARetryPolicy',
  },
  'fs.s3a.retry.throttle.limit': {
    type: 'int',
    value: 20,
    min: 0,
    max: 62,
    doc: 'Retries of a call that the store throttled (503).',
    source: 'Hadoop 3.4.1 core-default.xml; S3ARetryPolicy',
  },
  'fs.s3a.retry.throttle.interval': {
    type: 'duration',
    value: 100,
    min: 0,
    doc: 'Base of the exponential wait before such a retry.',
    source: 'Hadoop 3.4.1 core-default.xml (the default in code is 500 ms)',
  },
}
