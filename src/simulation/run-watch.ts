/** Who looks on while a run goes; watching changes no result. */
export interface RunWatch {
  /** The result is to tell what happened (`RunResult.trace`). */
  readonly trace?: boolean
  /** Called some 360 times until `duration`, and then with every second of the time to drain. */
  readonly progress?: (nowUs: number) => void
}
