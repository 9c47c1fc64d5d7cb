/**
 * A broken rule of the simulator itself, as opposed to a simulated fault, which is data.
 * It stops the run; the command line exits with 70.
 */
export class InternalError extends Error {
  override readonly name = 'InternalError'
}

/**
 * States what must be true for the simulator to be right.
 *
 * @throws InternalError with `message` when `condition` is false
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message)
}
