import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { Acknowledgements } from '../../src/measure/acknowledgements.js'

/** An edit as a test tells it; `acknowledgedUs` is when its answer arrives, if ever. */
export interface ToldEdit {
  readonly writtenUs: number
  readonly acknowledgedUs?: number
  readonly bytes?: number
}

/** The log `id` with the edits told, and who of them is acknowledged. */
export function acknowledgementsOf(edits: readonly ToldEdit[], id = 0): Acknowledgements {
  const log = new EditLog(id)
  edits.forEach(({ writtenUs, acknowledgedUs, bytes = 100 }, i) => {
    const edit = log.append(writtenUs, 0, i + 1, bytes, i)
    if (acknowledgedUs !== undefined) log.acknowledge(edit, acknowledgedUs)
  })
  return new Acknowledgements({ log, advance() {} })
}

/** An edit every 10 us from 10 us on, of 100 B, answered 5 us after it was written. */
export function steadyEdits(count: number): ToldEdit[] {
  return Array.from({ length: count }, (_, i) => {
    return { writtenUs: 10 * (i + 1), acknowledgedUs: 10 * (i + 1) + 5 }
  })
}
