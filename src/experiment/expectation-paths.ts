import { BadInput, type Complaint, type Problem } from '../scenario/bad-input.js'
import { dimensionOf } from '../scenario/comparison.js'
import type { Expectation } from '../scenario/expectation.js'
import { formatPath, type Path } from '../scenario/path.js'
import { complain, oneOf, unknown } from '../scenario/reading.js'
import type { Scenario } from '../scenario/scenario.js'
import { quote } from '../scenario/source-text.js'
import { NOUNS } from '../scenario/units.js'
import type { Docs } from '../simulation/docs/doc.js'
import { invariants } from '../simulation/invariants.js'
import { META_TABLE } from '../simulation/workload.js'
import { DISASTER_CLASSES } from './disaster-classes.js'
import { summaryDocs } from './words/summary-docs.js'

/** What is known of an experiment before it is run. */
interface Planned {
  readonly variants: readonly { readonly name: string; readonly scenario: Scenario }[]
  readonly expectations: readonly Expectation[]
}

/** Those of the results, without the verdicts on what is expected itself. */
const { expectations: _verdicts, ...RESULTS } = summaryDocs.runs.of ?? {}

/**
 * Looks whether results of these variants can have what is expected of them. What only a run can
 * tell (how many servers died, say) is left to the evaluation.
 *
 * @throws BadInput for paths that lead to no figure, each with the nearest that does
 */
export function checkExpectations({ variants, expectations }: Planned): void {
  const problems = expectations.flatMap((expectation): Problem[] => {
    const scenarios = variants
      .filter(({ name }) => expectation.variants?.includes(name) ?? true)
      .map(({ scenario }) => scenario)
    const names = namesIn(scenarios)
    const { left, right } = expectation
    const complaint =
      complaintAbout(left, names) ??
      ('path' in right
        ? (wordless(right.path) ?? complaintAbout(right.path, names) ?? unlike(left, right.path))
        : null)
    return complaint === null ? [] : [{ ...expectation.unknownPath, ...complaint }]
  })
  if (problems.length > 0) throw new BadInput(problems.slice(0, MOST_PROBLEMS))
}

/** Who compares with a word such as `direct` has not mistaken a figure's name. */
function wordless(path: Path): Complaint | null {
  if (path.length > 1 || Object.hasOwn(RESULTS, path[0])) return null
  const message = `${quote(`${path[0]}`)} is neither a number nor a figure of the results`
  return complain('bad-expectation', message, 'a figure; words are held, violated and null alone')
}

function unlike(left: Path, right: Path): Complaint | null {
  const [mine, other] = [dimensionOf(left), dimensionOf(right)]
  if (mine === other) return null
  const message = `${formatPath(left)} is ${NOUNS[mine]}, and ${formatPath(right)} ${NOUNS[other]}`
  return complain('bad-expectation', message, 'two figures of one unit')
}

const MOST_PROBLEMS = 20

/** The names that can stand for a `<name>` of the documentation; any if it is not here. */
type Names = Readonly<Record<string, readonly string[]>>

function namesIn(scenarios: readonly Scenario[]): Names {
  const keys = (of: (scenario: Scenario) => object) => [
    ...new Set(scenarios.flatMap((scenario) => Object.keys(of(scenario)))),
  ]
  const peer = keys(({ peers }) => peers)
  return {
    peer,
    table: [...keys(({ tables }) => tables), META_TABLE],
    class: DISASTER_CLASSES,
    invariant: Object.keys(invariants).flatMap((name) =>
      name.includes('<peer>') ? peer.map((id) => name.replaceAll('<peer>', id)) : [name],
    ),
  }
}

function complaintAbout(path: Path, names: Names): Complaint | null {
  let docs: Docs | undefined = RESULTS
  let at = 0
  while (at < path.length) {
    const key = path[at]
    if (docs === undefined) return noParts(path.slice(0, at))
    if (!Object.hasOwn(docs, key)) return noFigure(path.slice(0, at + 1), Object.keys(docs))
    const { each = '', of }: Docs[string] = docs[key]
    at++
    for (const [step] of each.matchAll(/\[\]|<\w+>/g)) {
      if (at === path.length)
        return unfinished(path, step === '[]' ? ['[0]'] : names[step.slice(1, -1)])
      const complaint = unfit(path.slice(0, at + 1), step, names)
      if (complaint !== null) return complaint
      at++
    }
    docs = of
  }
  return docs === undefined ? null : unfinished(path, Object.keys(docs))
}

/** Why the last key of `path` can not stand where the results have `step`, `[]` or `<name>`. */
function unfit(path: Path, step: string, names: Names): Complaint | null {
  const key = path[path.length - 1]
  const holder = formatPath(path.slice(0, -1))
  if (step === '[]') {
    if (typeof key === 'number') return null
    return complain('bad-expectation', `${holder} is a list`, `an index such as ${holder}[0]`)
  }
  const known = names[step.slice(1, -1)]
  return known === undefined || known.includes(`${key}`) ? null : noFigure(path, known)
}

function noFigure(path: Path, known: readonly string[]): Complaint {
  const holder = path.length === 1 ? 'the results' : formatPath(path.slice(0, -1))
  const name = `${path[path.length - 1]}`
  return unknown('bad-expectation', `${holder} will have no ${quote(name)}`, name, known)
}

function noParts(path: Path): Complaint {
  return complain('bad-expectation', `${formatPath(path)} is a single figure without parts`)
}

function unfinished(path: Path, names: readonly string[] = []): Complaint {
  return complain('bad-expectation', `${formatPath(path)} is no single figure`, oneOf(names))
}
