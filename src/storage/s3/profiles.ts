import { constant, lognormal, withTail } from '../../kernel/distribution.js'
import { parameter } from '../define-parameter.js'
import type { Parameters } from '../parameter.js'

const MS = 1000
const MB = 1_000_000

/** S3 Standard from a machine of the same region. */
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
}

/** Profiles of external stores by name. */
export const storeProfiles: Readonly<Record<string, Parameters>> = { 's3-standard': s3Standard }
