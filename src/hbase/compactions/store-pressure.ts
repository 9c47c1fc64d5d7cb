/**
 * How far a store is on its way from the first compaction to too many files: 1 at the blocking
 * number of files, above 1 beyond (DefaultStoreFileManager.getCompactionPressure).
 */
export function storePressure(files: number, minFiles: number, blockingFiles: number): number {
  return files <= minFiles ? 0 : (files - minFiles) / (blockingFiles - minFiles)
}

/** Pressure of a striped store that has more files than may be. */
const TOO_MANY_FILES = 2

/**
 * The same for a store in stripes: that of its fullest stripe, where each may have an equal share of
 * the blocking number (StripeStoreFileManager.getCompactionPressure).
 *
 * @param stripes files of each stripe
 * @param level0Files files that have not been split among stripes yet
 */
export function stripedStorePressure(
  stripes: readonly number[],
  level0Files: number,
  minFiles: number,
  blockingFiles: number,
): number {
  const files = stripes.reduce((sum, count) => sum + count, level0Files)
  if (files > blockingFiles) return TOO_MANY_FILES
  if (stripes.length === 0) return 0
  const blockingPerStripe = Math.floor(blockingFiles / stripes.length)
  const toCome = level0Files === 0 ? 0 : 1
  const fullest = Math.max(...stripes) + toCome
  // Reached by a stripe alone, the store being below its number of files: no more than 1.
  if (fullest >= blockingPerStripe) return 1
  return Math.max(0, (fullest - minFiles) / (blockingPerStripe - minFiles))
}
