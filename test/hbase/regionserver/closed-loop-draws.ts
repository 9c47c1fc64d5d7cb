import { type DrawStream, Luck } from '../../../src/kernel/draws.js'
import type { WriteScenario } from './write-scenario.js'

/** What closed-loop clients draw from. */
export function closedLoopStream({ seed }: WriteScenario, of: string): DrawStream {
  return new Luck(seed).stream({ name: `closed loop ${of}`, sharing: 'own' }, 'all')
}
