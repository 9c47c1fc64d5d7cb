import ts from 'typescript'
import { nodesOf, type Problem, problemAt, type SourceFile } from './source-file.js'

const MOST_LINES_OF_FILE = 400
const MOST_LINES_OF_FUNCTION = 70

/** Source files and functions that are too long to be one idea. */
export function lengthProblems(file: SourceFile): Problem[] {
  if (!file.path.startsWith('src/')) return []
  const problems: Problem[] = []
  const lines = file.text.replace(/\n$/, '').split('\n').length
  if (lines > MOST_LINES_OF_FILE) {
    problems.push(
      problemAt(file, 0, `has ${lines} lines, more than ${MOST_LINES_OF_FILE}: split it`),
    )
  }
  for (const node of nodesOf(file.tree)) {
    if (!ts.isFunctionLike(node)) continue
    const start = node.getStart(file.tree)
    const length = file.text.slice(start, node.end).split('\n').length
    if (length > MOST_LINES_OF_FUNCTION) {
      const message = `function of ${length} lines, more than ${MOST_LINES_OF_FUNCTION}: split it`
      problems.push(problemAt(file, start, message))
    }
  }
  return problems
}
