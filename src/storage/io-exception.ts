/**
 * What went wrong:
 * - `refused`: nobody listens at the other end, or it closed the connection
 * - `500`, `503`: the store answered so (503 is S3's SlowDown)
 * - `timeout`: no answer in time; the effect may have happened all the same
 * - `no-space`: no room for another block
 * - `incomplete`: the NameNode does not accept the file's last block
 * - `part-failed`: a part of a multipart upload failed, the whole upload is discarded
 * - `closed`: the stream is closed or has failed before
 * - `lost`: the whole file system is gone
 * - `not-found`: no such file
 * - `unsupported`: the stream cannot do this
 * - `pipeline`: a DataNode of the stream died and cannot be replaced, or another ended the file
 * - `missing-block`: no DataNode that runs has an intact replica of a block of the file
 * - `exists`: there is such a file already
 */
export type IOFault =
  | 'refused'
  | '500'
  | '503'
  | 'timeout'
  | 'no-space'
  | 'incomplete'
  | 'part-failed'
  | 'closed'
  | 'lost'
  | 'not-found'
  | 'unsupported'
  | 'pipeline'
  | 'missing-block'
  | 'exists'

/** A simulated fault of storage, thrown by protocols where Hadoop throws its IOException. */
export class IOException extends Error {
  override readonly name = 'IOException'
  readonly kind: IOFault

  constructor(kind: IOFault, message: string, cause?: IOException) {
    super(`${kind}: ${message}`, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
