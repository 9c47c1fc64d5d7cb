/** The typings of seedrandom cover its main module only, which draws entropy from the host. */
declare module 'seedrandom/lib/alea.js' {
  /** Baagøe's Alea: a generator of doubles in [0, 1) and of signed 32-bit integers. */
  export default function alea(seed: string): { (): number; int32(): number }
}
