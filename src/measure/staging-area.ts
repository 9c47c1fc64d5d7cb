/** The room that a peer's staged files take. */
export class StagingArea {
  bytes = 0
  files = 0
  maxBytes = 0
  maxFiles = 0

  change(bytes: number, files: number): void {
    this.bytes += bytes
    this.files += files
    this.maxBytes = Math.max(this.maxBytes, this.bytes)
    this.maxFiles = Math.max(this.maxFiles, this.files)
  }
}
