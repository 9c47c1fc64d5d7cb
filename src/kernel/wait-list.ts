import type { Process } from './process.js'

/**
 * Processes in order of arrival. A process waits for one thing at a time, so it carries the links
 * itself: joining, leaving from the middle and taking the first cost the same few steps.
 */
export class WaitList {
  length = 0
  private first: Process | undefined
  private last: Process | undefined

  push(process: Process): void {
    process.ahead = this.last
    if (this.last === undefined) this.first = process
    else this.last.behind = process
    this.last = process
    this.length++
  }

  /** Takes the process that has waited longest. */
  shift(): Process | undefined {
    const { first } = this
    if (first !== undefined) this.remove(first)
    return first
  }

  /** @param process one that stands in this list */
  remove(process: Process): void {
    const { ahead, behind } = process
    if (ahead === undefined) this.first = behind
    else ahead.behind = behind
    if (behind === undefined) this.last = ahead
    else behind.ahead = ahead
    process.ahead = undefined
    process.behind = undefined
    this.length--
  }
}
