/** A command line that cannot be obeyed; exit code 2. The message is all that the user sees. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
