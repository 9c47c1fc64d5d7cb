import type { Protocol } from '../../kernel/process.js'
import type { Hdfs } from '../../storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Node } from '../../storage/node.js'

/** Which HFile: the n-th of its kind that is written in a store, on whatever server. */
export interface HFileName {
  readonly region: number
  readonly family: number
  readonly kind: 'flush' | 'compaction' | 'bulk-load' | 'recovered'
  /** From 0, without a gap or a repetition in one store and kind. */
  readonly ordinal: number
}

/** Counts the HFiles of a cluster's stores, so that no two have one name or share a draw. */
export class HFileNames {
  readonly #counts = new Map<string, number>()

  next(region: number, family: number, kind: HFileName['kind']): HFileName {
    const key = `${region}/${family}/${kind}`
    const ordinal = this.#counts.get(key) ?? 0
    this.#counts.set(key, ordinal + 1)
    return { region, family, kind, ordinal }
  }
}

export interface HFileIoOptions {
  readonly hdfs: Hdfs
  /** The machine that writes and reads. */
  readonly node: Node
  readonly names: HFileNames
  /** Where a region's files lie, e.g. `data/usertable/3`. */
  regionDirectory(region: number): string
  familyName(region: number, family: number): string
}

/**
 * HFiles of one region server in HDFS: written to the region's `.tmp` directory, and part of the
 * store from the rename into the family's directory on (HRegionFileSystem).
 *
 * Simplifications: an HFile has the bytes of its cells, without index, Bloom filter, encoding and
 * compression; writing costs HDFS's time and no CPU; which edits it holds is its StoreFile's to say,
 * so its extents name none; a rename that fails is not tried again.
 */
export class HFileIo {
  readonly #options: HFileIoOptions

  constructor(options: HFileIoOptions) {
    this.#options = options
  }

  /**
   * Writes and commits an HFile at once.
   *
   * @throws IOException as `writeTmp` and `commit`
   */
  *write(
    region: number,
    family: number,
    kind: HFileName['kind'],
    bytes: number,
  ): Protocol<HdfsFile> {
    const file = yield* this.writeTmp(region, family, kind, bytes)
    yield* this.commit(file)
    return file
  }

  /**
   * Writes an HFile that no reader sees yet. Each call names its work anew, so an attempt again has
   * luck of its own.
   *
   * @throws IOException `no-space`, `pipeline`, `incomplete`, `lost`, `refused`
   */
  *writeTmp(
    region: number,
    family: number,
    kind: HFileName['kind'],
    bytes: number,
  ): Protocol<HdfsFile> {
    const { hdfs, node, names } = this.#options
    const { ordinal } = names.next(region, family, kind)
    const directory = this.#options.regionDirectory(region)
    const familyName = this.#options.familyName(region, family)
    const path = `${directory}/.tmp/${familyName}/${kind}-${ordinal}`
    const luckEntity = `hfile/${kind}/${directory}/${familyName}`
    const output = yield* hdfs.create(path, { node, luckEntity, ordinal })
    if (bytes > 0) output.write({ log: 0, from: 0, to: 0, bytes })
    yield* output.close()
    return output.file
  }

  /**
   * Renames a written HFile into its family's directory: from then on it is in the store.
   *
   * @throws IOException `exists`, `lost`, `refused`
   */
  *commit(file: HdfsFile): Protocol {
    yield* this.rename(file, file.path.replace('/.tmp/', '/'))
  }

  /**
   * Opens the file and reads so many bytes of it.
   *
   * @throws IOException `not-found`, `missing-block`, `lost`, `refused`
   */
  *read(file: HdfsFile, bytes: number): Protocol {
    const stream = yield* this.#options.hdfs.open(file, this.#options.node)
    yield* stream.read(bytes)
  }

  /**
   * HFileArchiver: the file leaves the store and waits for the HFile cleaner.
   *
   * @throws IOException `exists`, `lost`, `refused`
   */
  *archive(file: HdfsFile): Protocol {
    yield* this.rename(file, `archive/${file.path}`)
  }

  /**
   * A file that was written elsewhere moves to its place.
   *
   * @throws IOException `exists`, `lost`, `refused`
   */
  *rename(file: HdfsFile, to: string): Protocol {
    const from = file.path
    const renamed = yield* this.#options.hdfs.rename(from, to)
    if (!renamed) throw new IOException('exists', `${from} could not be renamed to ${to}`)
  }

  /** @throws IOException `lost`, `refused` */
  *remove(file: HdfsFile): Protocol {
    yield* this.#options.hdfs.delete(file)
  }
}
