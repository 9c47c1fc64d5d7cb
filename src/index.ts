/**
 * The one public door: load a scenario, simulate its variants, compare and summarize the results.
 * Everything behind it is pure and runs alike in Node, in workers and in a browser.
 */

export { type Comparison, compare, type Pair } from './experiment/compare.js'
export { glossary } from './experiment/glossary.js'
export { runSensitivity } from './experiment/run-sensitivity.js'
export type { Sensitivity } from './experiment/sensitivity.js'
export {
  type ExpectationResult,
  type Summary,
  type SummaryRun,
  summarize,
} from './experiment/summary.js'
export { verdict } from './experiment/verdict.js'
export type { Word } from './experiment/words/word.js'
export { InternalError } from './kernel/errors.js'
export { BadInput, formatProblems, type Problem } from './scenario/bad-input.js'
export { canonicalJson } from './scenario/canonical-json.js'
export { Grammar } from './scenario/grammar.js'
export {
  type LoadedScenario,
  type LoadedVariant,
  type LoadOptions,
  loadScenario,
} from './scenario/load.js'
export type { Scenario } from './scenario/scenario.js'
export type { SourceText } from './scenario/source-text.js'
export type { Vocabulary } from './scenario/vocabulary.js'
export { defaultVocabulary } from './simulation/default-vocabulary.js'
export type {
  FaultWindow,
  LatencyQuantiles,
  PeerResult,
  RpoResult,
  RunResult,
  Series,
  Verdict,
} from './simulation/result.js'
export { simulate } from './simulation/simulate.js'
