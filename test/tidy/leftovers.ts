import ts from 'typescript'
import { nodesOf, type Problem, problemAt, type SourceFile } from './source-file.js'

/** Spelt in two parts, lest this file find itself. */
const REMINDERS = [
  new RegExp(`\\b(?:TO${''}DO|FIX${''}ME|XX${''}X|HA${''}CK)\\b`, 'g'),
  new RegExp(`place${''}holder|not (?:yet )?imple${''}mented`, 'gi'),
]

/** Only these talk to the terminal. */
const MAY_PRINT = ['src/cli/', 'src/report/']

/** Reminders, debugging aids, and tests that are switched on or off by hand. */
export function leftoverProblems(file: SourceFile): Problem[] {
  const problems = REMINDERS.flatMap((pattern) =>
    [...file.text.matchAll(pattern)].map(({ 0: word, index }) =>
      problemAt(file, index, `${word}: do it, or file an issue`),
    ),
  )
  for (const node of nodesOf(file.tree)) {
    const message = leftover(node, file.path)
    if (message !== null) problems.push(problemAt(file, node.getStart(file.tree), message))
  }
  return problems
}

function leftover(node: ts.Node, path: string): string | null {
  if (ts.isDebuggerStatement(node)) return 'debugger: remove it'
  if (!ts.isPropertyAccessExpression(node)) return null
  const object = node.expression.getText()
  const member = node.name.text
  if (object === 'console' && !MAY_PRINT.some((folder) => path.startsWith(folder))) {
    return `console.${member}: only the command line and the report print`
  }
  const isOfTest = /^(?:test|it|describe|suite|bench)\b/.test(object)
  if (isOfTest && ['only', 'skip', 'skipIf', 'runIf', 'todo', 'fails'].includes(member)) {
    return path === 'test/named-skip.ts' ? null : `${object}.${member}: use test/named-skip`
  }
  return null
}
