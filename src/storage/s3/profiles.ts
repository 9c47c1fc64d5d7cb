import { constant, lognormal, withTail } from '../../kernel/distribution.js'
import { parameter } from '../define-parameter.js'
import type { Parameters } from '../parameter.js'

const MS = 1000
const MB = 1_000_000

const s3Standard: Parameters = {
  put: parameter(
    'duration',
    withTail(lognormal(45 * MS, 0.4), 0.015, lognormal(250 * MS, 0.8)),
    'B',
    'PUT and UploadPart from the last byte of the body to the answer.',
    'between napkin-math PR 39, smithy-rs PR 3446 and SlateDB; 64 KiB to 128 KB objects',
  ),
  createMultipart: parameter(
    'duration',
    withTail(lognormal(30 * MS, 0.4), 0.015, lognormal(150 * MS, 0.8)),
    'D',
    'Initiate a multipart upload.',
    'estimate from PUT without a body',
  ),
  completeMultipart: parameter(
    'duration',
    withTail(lognormal(95 * MS, 0.3), 0.01, lognormal(600 * MS, 0.8)),
    'D',
    'Complete a multipart upload.',
    'AutoMQ 1082 (80-130 ms p50, 127-268 ms p99, store not identified)',
  ),
  getMinimum: parameter(
    'duration',
    constant(7 * MS),
    'B',
    'Least time to the first byte of a GET; getFirstByte is added to it.',
    's3-benchmark, c5.4xlarge, 4 MB objects, 8 threads',
  ),
  getFirstByte: parameter(
    'duration',
    withTail(lognormal(3.2 * MS, 0.55), 0.03, lognormal(70 * MS, 0.6)),
    'B',
    'First byte of a GET of a recently written object, beyond getMinimum.',
    's3-benchmark, c5.4xlarge, 4 MB objects, 8 threads',
  ),
  head: parameter(
    'duration',
    withTail(lognormal(10 * MS, 0.22), 0.015, lognormal(30 * MS, 0.5)),
    'B',
    'HEAD of an object.',
    'napkin-math PR 39 (304 answers), turbopuffer metadata latencies',
  ),
  list: parameter(
    'duration',
    withTail(lognormal(24 * MS, 0.16), 0.015, lognormal(80 * MS, 0.6)),
    'B',
    'LIST of up to 1,000 keys.',
    'napkin-math PR 39',
  ),
  delete: parameter(
    'duration',
    withTail(lognormal(12 * MS, 0.4), 0.01, lognormal(60 * MS, 0.7)),
    'D',
    'DELETE of an object, and abort of a multipart upload.',
    'estimate between HEAD and PUT',
  ),
  roundTrip: parameter(
    'duration',
    lognormal(1 * MS, 0.3),
    'D',
    'Network round trip to the store: how long a refused connection takes to fail.',
    'estimate, same region',
  ),
  streamPut: parameter(
    'rate',
    constant(98 * MB),
    'B',
    'Body of one PUT or part on its own connection.',
    'napkin-math PR 39 (95 MiB/s); AWS advises to plan 85-90 MB/s',
  ),
  streamGet: parameter(
    'rate',
    constant(98 * MB),
    'B',
    'Body of one GET on its own connection.',
    's3-benchmark (~93 MiB/s per stream)',
  ),
  putRateFactor: parameter(
    'factor',
    lognormal(1, 0.2),
    'D',
    'Multiplies streamPut, drawn per request.',
    'estimate',
  ),
  getRateFactor: parameter(
    'factor',
    lognormal(1, 0.05),
    'D',
    'Multiplies streamGet, drawn per request.',
    'estimate',
  ),
  errorRate: parameter(
    'probability',
    1e-5,
    'D',
    'A request is answered 500 without any outage.',
    'designed availability 99.99 %',
  ),
  timeoutApplied: parameter(
    'probability',
    0.5,
    'D',
    'A request that is not answered in time was carried out all the same.',
    'estimate; that it may have been: storage reference, R12',
  ),
  putLimit: parameter(
    'count',
    3500,
    'A',
    'PUT, POST and DELETE requests per second that the store takes before it answers 503.',
    'AWS: per partitioned prefix; here all keys of a store share one',
  ),
  getLimit: parameter(
    'count',
    5500,
    'A',
    'GET, HEAD and LIST requests per second that the store takes before it answers 503.',
    'AWS: per partitioned prefix; here all keys of a store share one',
  ),
  repartitionAfter: parameter(
    'duration',
    lognormal(600_000 * MS, 0.6),
    'D',
    'Time of refusals after which the store has split a partition and takes twice as much.',
    'estimate; AWS says minutes to tens of minutes',
  ),
  pricePutPer1k: parameter(
    'price',
    0.005,
    'B',
    '1,000 PUT, POST or LIST requests.',
    'S3 price list, us-east-1, 2026',
  ),
  priceGetPer1k: parameter(
    'price',
    0.0004,
    'B',
    '1,000 GET or HEAD requests.',
    'S3 price list, us-east-1, 2026',
  ),
  priceStorageGbMonth: parameter(
    'price',
    0.023,
    'B',
    '1 GB (2^30 bytes, as S3 bills) kept for a month.',
    'S3 price list, us-east-1, 2026',
  ),
  priceUploadGb: parameter(
    'price',
    0,
    'B',
    '1 GB (2^30 bytes) written.',
    'S3 price list, us-east-1, 2026: free within the region',
  ),
}

const s3Express: Parameters = {
  ...s3Standard,
  put: parameter(
    'duration',
    withTail(lognormal(10 * MS, 0.3), 0.01, lognormal(60 * MS, 0.7)),
    'B',
    'PUT and UploadPart from the last byte of the body to the answer.',
    'smithy-rs PR 3446 (64 KB PUT 12 ms), SlateDB (5-10 ms)',
  ),
  createMultipart: parameter(
    'duration',
    lognormal(8 * MS, 0.3),
    'D',
    'Initiate a multipart upload.',
    'estimate from PUT without a body',
  ),
  completeMultipart: parameter(
    'duration',
    lognormal(15 * MS, 0.4),
    'D',
    'Complete a multipart upload.',
    'estimate',
  ),
  getMinimum: parameter(
    'duration',
    constant(0),
    'D',
    'Least time to the first byte of a GET; getFirstByte is added to it.',
    'none was published',
  ),
  getFirstByte: parameter(
    'duration',
    withTail(lognormal(8 * MS, 0.35), 0.01, lognormal(50 * MS, 0.7)),
    'B',
    'First byte of a GET of a recently written object.',
    'smithy-rs PR 3446, SlateDB',
  ),
  head: parameter('duration', lognormal(5 * MS, 0.3), 'D', 'HEAD of an object.', 'estimate'),
  list: parameter(
    'duration',
    lognormal(15 * MS, 0.4),
    'D',
    'LIST of up to 1,000 keys.',
    'estimate',
  ),
  delete: parameter(
    'duration',
    lognormal(9 * MS, 0.3),
    'B',
    'DELETE of an object, and abort of a multipart upload.',
    'smithy-rs PR 3446 (PUT and DELETE 22.1 ms)',
  ),
  streamPut: parameter(
    'rate',
    constant(105 * MB),
    'D',
    'Body of one PUT or part on its own connection.',
    'estimate from S3 Standard',
  ),
  streamGet: parameter(
    'rate',
    constant(120 * MB),
    'D',
    'Body of one GET on its own connection.',
    'estimate from S3 Standard',
  ),
  errorRate: parameter(
    'probability',
    5e-5,
    'D',
    'A request is answered 500 without any outage.',
    'designed availability 99.95 %',
  ),
  putLimit: parameter(
    'count',
    100_000,
    'C',
    'PUT, POST and DELETE requests per second that the store takes before it answers 503.',
    'AWS: hundreds of thousands per directory bucket',
  ),
  getLimit: parameter(
    'count',
    100_000,
    'C',
    'GET, HEAD and LIST requests per second that the store takes before it answers 503.',
    'AWS: hundreds of thousands per directory bucket',
  ),
  pricePutPer1k: parameter(
    'price',
    0.00113,
    'A',
    '1,000 PUT, POST or LIST requests.',
    'S3 FAQ, April 2025',
  ),
  priceGetPer1k: parameter(
    'price',
    0.00003,
    'A',
    '1,000 GET or HEAD requests.',
    'S3 FAQ, April 2025',
  ),
  priceStorageGbMonth: parameter(
    'price',
    0.11,
    'A',
    '1 GB (2^30 bytes, as S3 bills) kept for a month.',
    'S3 FAQ, April 2025',
  ),
  priceUploadGb: parameter(
    'price',
    0.0032,
    'A',
    '1 GB (2^30 bytes) written.',
    'S3 FAQ, April 2025',
  ),
}

/** Profiles of external stores by name. */
export const storeProfiles: Readonly<Record<string, Parameters>> = {
  's3-standard': s3Standard,
  's3-express': s3Express,
}

/** What each stands for. */
export const storeProfileDocs: Readonly<Record<string, string>> = {
  's3-standard': 'S3 Standard from a machine of the same region.',
  's3-express': 'S3 Express One Zone: nearer, dearer to keep, in a single availability zone.',
}
