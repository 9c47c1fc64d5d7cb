import type { Protocol } from '../../../src/kernel/process.js'
import type { ExternalStore, StoredObject } from '../../../src/storage/s3/external-store.js'
import { noRequests, type RequestCounts } from '../../../src/storage/s3/s3-operations.js'
import type { S3AFileSystem } from '../../../src/storage/s3/s3a-file-system.js'
import type { S3AOutputStream } from '../../../src/storage/s3/s3a-output-stream.js'
import { bytesOf, MIB, type World } from '../world.js'

export const PART = 64 * MIB
/** 64 MiB at 100 MB/s, rounded up to the microsecond. */
export const PART_US = 671_089
export const FAST_CREATE = { 'fs.s3a.create.performance': 'true' }
export const NO_RETRIES = {
  ...FAST_CREATE,
  'fs.s3a.attempts.maximum': '0',
  'fs.s3a.retry.limit': '0',
  'fs.s3a.retry.throttle.limit': '0',
}

export function counts(some: Partial<RequestCounts>): RequestCounts {
  return { ...noRequests(), ...some }
}

/** One object of `bytes` bytes, written in one go. */
export function* upload(
  fileSystem: S3AFileSystem,
  bytes: number,
  ordinal = 0,
): Protocol<StoredObject> {
  const stream = yield* fileSystem.create(`wal-${ordinal}`, ordinal)
  yield* stream.write(bytesOf(0, bytes))
  return yield* stream.close()
}

/** An open stream, created without a request. */
export function open(world: World, store: ExternalStore, site: Record<string, string> = {}) {
  return world.run(world.s3a(store, { ...FAST_CREATE, ...site }).create('wal', 0))
}

export function* writeParts(stream: S3AOutputStream, parts: number): Protocol {
  for (let i = 0; i < parts; i++) yield* stream.write(bytesOf(i * PART, PART))
}

export function at(world: World, us: number, change: () => void): void {
  world.scheduler.schedule(us, world.scheduler.handler(change))
}
