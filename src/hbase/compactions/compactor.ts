import { Interrupted, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { HStore } from '../regionserver/h-store.js'
import { type StoreFile, storeFile } from '../regionserver/store-file.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { CompactionRequest } from './compaction-request.js'
import type {
  ActiveOperation,
  PressureAwareCompactionThroughputController,
} from './pressure-aware-compaction-throughput-controller.js'

/** HFiles in HDFS at the machine of the server that compacts (`HFileIo`). */
export interface CompactionIo {
  read(file: HdfsFile, bytes: number): Protocol
  writeTmp(region: number, family: number, kind: 'compaction', bytes: number): Protocol<HdfsFile>
  commit(file: HdfsFile): Protocol
  remove(file: HdfsFile): Protocol
}

export interface CompactorOptions {
  readonly scheduler: Scheduler
  readonly io: CompactionIo
  readonly throughput: PressureAwareCompactionThroughputController
  /** HBase 2: the marker is durable before readers see the output; HBase 3: after it. */
  readonly markerBeforeSwap: boolean
  /** Appends a compaction marker of so many bytes to the region's WAL and syncs it. */
  writeMarker(region: number, bytes: number, descriptor: MarkerDescriptor): Protocol
  /** Share of the inputs' bytes that the output has: what no older version was written over. */
  keptShare(request: CompactionRequest): number
}

/**
 * Copies the inputs into one new file in the region's `.tmp` directory (HBase's DefaultCompactor).
 *
 * Simplifications: inputs are read, then the output is written, then the compaction is held back to
 * the allowed bytes per second; the real one does all three cell by cell. It takes as long, but HDFS
 * has the bytes sooner and faster. Inputs older than the run are read in no time, and merging takes
 * no CPU: only a compaction without limit is too quick by it.
 *
 * @throws IOException what HDFS throws
 * @throws Interrupted when the region closes
 */
export function* copy(
  store: HStore,
  request: CompactionRequest,
  options: CompactorOptions,
): Protocol<StoreFile> {
  const { io, throughput, scheduler, keptShare } = options
  const operation = throughput.start()
  try {
    for (const { file, bytes } of request.files) {
      if (file !== null) yield* io.read(file, bytes)
    }
    const share = keptShare(request)
    const bytes = Math.round(request.bytes * share)
    const file = yield* io.writeTmp(store.region, store.family, 'compaction', bytes)
    yield* holdBack(operation, bytes, file, options)
    return outputOf(request, share, bytes, file, scheduler.now)
  } finally {
    throughput.finish(operation)
  }
}

/** Whoever breaks the compaction off takes what is written away (Compactor.abortWriter). */
function* holdBack(
  operation: ActiveOperation,
  bytes: number,
  file: HdfsFile,
  { io, throughput }: CompactorOptions,
): Protocol {
  try {
    yield* throughput.control(operation, bytes)
  } catch (error) {
    if (error instanceof Interrupted) yield* io.remove(file)
    throw error
  }
}

/**
 * Puts the output in the place of the inputs (HStore.doCompaction): rename into the store's
 * directory, marker and swap, the last two in the order of the version.
 *
 * @returns the output as the store has it
 * @throws IOException what HDFS and the WAL throw; `closed` when the region was opened elsewhere
 *   meanwhile (the output is a copy then that nobody needs)
 */
export function* commit(
  store: HStore,
  request: CompactionRequest,
  copied: StoreFile,
  options: CompactorOptions,
): Protocol<StoreFile> {
  const { io, markerBeforeSwap, writeMarker } = options
  if (copied.file !== null) yield* io.commit(copied.file)
  const output = { ...copied, name: copied.file?.path ?? copied.name }
  const { region, family } = store
  const inputs = request.files
  const outputs = [output]
  const marker: MarkerDescriptor = { kind: 'COMPACTION', family, inputs, outputs }
  const markerBytes = compactionMarkerBytes(inputs.length, outputs.length)
  if (markerBeforeSwap) yield* writeMarker(region, markerBytes, marker)
  if (!store.isCompacting(request)) {
    throw new IOException('closed', `region ${region} is open elsewhere`)
  }
  store.replace(inputs, outputs)
  if (!markerBeforeSwap) yield* writeMarker(region, markerBytes, marker)
  return output
}

/** Serialized CompactionDescriptor with WAL key: names of region and family, and of each file. */
const MARKER_BYTES = 250
const FILE_NAME_BYTES = 40

function compactionMarkerBytes(inputs: number, outputs: number): number {
  return MARKER_BYTES + FILE_NAME_BYTES * (inputs + outputs)
}

function outputOf(
  { files, isAllFiles }: CompactionRequest,
  share: number,
  bytes: number,
  file: HdfsFile,
  createdUs: number,
): StoreFile {
  const [{ region, family }] = files
  const entries = files.reduce((sum, input) => sum + input.entries, 0)
  const fullest = files.filter((input) => input.entries > 0)
  return storeFile({
    name: file.path,
    region,
    family,
    bytes,
    entries: Math.round(entries * share),
    minSequenceId: Math.min(...files.map(({ minSequenceId }) => minSequenceId)),
    maxSequenceId: Math.max(...files.map(({ maxSequenceId }) => maxSequenceId)),
    createdUs,
    oldestCellUs: Math.min(createdUs, ...fullest.map(({ oldestCellUs }) => oldestCellUs)),
    isMajorCompacted: isAllFiles,
    file,
  })
}
