import type { Protocol } from '../../kernel/process.js'
import type { Resend } from '../../storage/extent.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../storage/hdfs/hdfs-output-stream.js'
import type { EndpointContext } from '../replication-endpoint.js'

/** WALUtil.getWALBlockSize: a WAL's block is twice HDFS's, so that it is rolled before it is full. */
export const WAL_BLOCKS = 2

const ROOT = 'wal-backup-staging'

/** What a directory is called that its source has left in good order. */
const STOPPED = '.stopped'
/** Where a source keeps the directories that it has taken over. */
const ADOPTED = '.adopted'

/** A staged file that waits to be copied, and why its edits may be stored already. */
export interface StagedFile {
  readonly file: HdfsFile
  readonly resend: Resend | null
  /** What left it to be copied, if the run is traced (`Tracer`). */
  readonly cause?: number
}

/**
 * The staging directory of one source, `wal-backup-staging/<peer>/<source>`, and what becomes of
 * those that nobody works on any more. Taking one over is renaming it: of several who try, one
 * succeeds, as HDFS renames atomically.
 */
export class StagingArea {
  readonly #context: EndpointContext
  readonly #root: string
  readonly #directory: string
  /** Directories whose server was found not to be online, and since when. */
  readonly #abandonedUs = new Map<string, number>()
  #created = 0

  constructor(context: EndpointContext) {
    this.#context = context
    this.#root = `${ROOT}/${context.peer}`
    this.#directory = `${this.#root}/${context.source}`
  }

  /** @throws IOException as Hdfs.create */
  *create(table: string): Protocol<HdfsOutputStream> {
    const { hdfs, node, peer, source } = this.#context
    const ordinal = this.#created++
    const directory = table === '' ? this.#directory : `${this.#directory}/${table}`
    const path = `${directory}/wal_file.${ordinal}`
    const writer = { node, luckEntity: `staging/${peer}/${source}`, ordinal }
    try {
      return yield* hdfs.create(path, writer, WAL_BLOCKS * hdfs.blockSize)
    } catch (fault) {
      // A file for which there is no block is there all the same.
      for (const file of yield* hdfs.list(path)) yield* hdfs.delete(file)
      throw fault
    }
  }

  /** False once somebody else has taken the file over, or deleted it. */
  has(file: HdfsFile): boolean {
    return !file.deleted && file.path.startsWith(`${this.#directory}/`)
  }

  /** @throws IOException as Hdfs.delete */
  *delete(file: HdfsFile): Protocol {
    if (this.has(file)) yield* this.#context.hdfs.delete(file)
  }

  /**
   * Takes over what nobody works on, and returns every file below the source's directory that is not
   * `known`: those of directories it took over, and what failed creations left.
   *
   * @throws IOException `lost`
   */
  *scan(known: (file: HdfsFile) => boolean): Protocol<StagedFile[]> {
    const { hdfs } = this.#context
    let files = yield* hdfs.list(this.#root)
    let took = false
    for (const name of this.#orphans(files)) {
      const to = `${this.#directory}/${ADOPTED}/${name}`
      if (yield* hdfs.rename(`${this.#root}/${name}`, to)) took = true
    }
    if (took) files = yield* hdfs.list(this.#root)
    return files
      .filter((file) => this.has(file) && !known(file))
      .map((file) => ({ file, resend: this.#causeOf(file) }))
  }

  /** Leaves the directory to whoever scans next. @throws IOException `lost` */
  *leave(): Protocol {
    yield* this.#context.hdfs.rename(this.#directory, this.#directory + STOPPED)
  }

  /** Directories of the peer that are to be taken over now. */
  #orphans(files: readonly HdfsFile[]): string[] {
    const names = new Set(files.map(({ path }) => firstName(path.slice(this.#root.length + 1))))
    for (const name of this.#abandonedUs.keys())
      if (!names.has(name)) this.#abandonedUs.delete(name)
    return [...names].filter((name) => name !== this.#context.source && this.#isOrphan(name))
  }

  #isOrphan(name: string): boolean {
    const { scheduler, options, adopts, isOnline } = this.#context
    if (name.endsWith(STOPPED)) return true
    // What it was asked to create when its source ended, the NameNode creates.
    if (queueOf(name) === queueOf(this.#context.source)) return true
    const server = serverOf(name)
    if (server === adopts) return true
    if (isOnline(server)) return false
    // Whoever claims the dead server's queues comes first.
    const sinceUs = this.#abandonedUs.get(name) ?? scheduler.now
    this.#abandonedUs.set(name, sinceUs)
    return scheduler.now - sinceUs >= 2 * options.flushIntervalUs
  }

  /**
   * Why edits of a file that is found below the own directory may be stored already. One of its own
   * that nobody knows of is left by a write that was cut short, and may have an object.
   */
  #causeOf({ path }: HdfsFile): Resend {
    const prefix = `${this.#directory}/${ADOPTED}/`
    if (!path.startsWith(prefix)) return 'retry'
    const from = firstName(path.slice(prefix.length))
    return serverOf(from) === this.#context.server ? 'source refresh' : 'claim'
  }
}

function firstName(path: string): string {
  const end = path.indexOf('/')
  return end === -1 ? path : path.slice(0, end)
}

/** What the sources of one queue on one server have in common, of which the last one lives. */
function queueOf(source: string): string {
  return source.replace(/\.\d+$/, '')
}

/** The server that the source of a directory ran on. */
function serverOf(directory: string): string {
  const source = directory.endsWith(STOPPED) ? directory.slice(0, -STOPPED.length) : directory
  const own = source.slice(source.lastIndexOf('-') + 1)
  const suffix = own.indexOf('.')
  return suffix === -1 ? own : own.slice(0, suffix)
}
