import ts from 'typescript'
import { isPure } from './floors.js'
import { nodesOf, type Problem, problemAt, type SourceFile } from './source-file.js'

/** Of `Math`, what the language defines to the last bit: its constants, and these. */
const EXACT_MATH = /^(?:abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|[A-Z0-9_]+)$/

const HOST: Record<string, string> = {
  Buffer: 'use Uint8Array',
  console: 'return what is to be printed',
  crypto: 'draw by key (kernel/draws)',
  Date: 'simulated time is an integer of microseconds',
  document: 'the core knows no page',
  fetch: 'the core knows no network',
  globalThis: 'name what is meant',
  Intl: 'no result depends on a locale',
  navigator: 'the core knows no browser',
  performance: 'simulated time is an integer of microseconds',
  process: 'the core knows no Node',
  queueMicrotask: 'schedule on the simulated clock (kernel/scheduler)',
  require: 'use import',
  self: 'the core knows no browser',
  setImmediate: 'schedule on the simulated clock (kernel/scheduler)',
  setInterval: 'schedule on the simulated clock (kernel/scheduler)',
  setTimeout: 'schedule on the simulated clock (kernel/scheduler)',
  Temporal: 'simulated time is an integer of microseconds',
  window: 'the core knows no page',
}

/** On floors 0 to 6: whatever may differ between two machines, or between two runs. */
export function purityProblems(file: SourceFile): Problem[] {
  if (!isPure(file.path)) return []
  const declared = declaredNames(file)
  const problems: Problem[] = []
  for (const node of nodesOf(file.tree)) {
    const message = impurity(node, declared)
    if (message !== null) problems.push(problemAt(file, node.getStart(file.tree), message))
  }
  return problems
}

function impurity(node: ts.Node, declared: ReadonlySet<string>): string | null {
  if (ts.isIdentifier(node)) return impureName(node, declared)
  if (node.kind === ts.SyntaxKind.AsteriskAsteriskToken) {
    return '** differs between engines: multiply, or use kernel/exact-math'
  }
  if (node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) {
    return '**= differs between engines: multiply, or use kernel/exact-math'
  }
  if (ts.isVariableStatement(node) && ts.isSourceFile(node.parent)) {
    const isConst = (node.declarationList.flags & ts.NodeFlags.Const) !== 0
    const isAmbient = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
    if (!isConst && !isAmbient) return 'a module holds no state: use const, or a class'
  }
  return null
}

function impureName(node: ts.Identifier, declared: ReadonlySet<string>): string | null {
  const name = node.text
  if (/^(localeCompare|toLocale\w*)$/.test(name)) {
    return `${name} depends on the locale: compare with < or format by hand`
  }
  if (isMemberName(node)) return null
  if (name === 'Math') return inexactMath(node)
  const advice = Object.hasOwn(HOST, name) ? HOST[name] : undefined
  // A class called Process and its variable `process` are ours, whatever the host has.
  return advice === undefined || declared.has(name) ? null : `${name}: ${advice}`
}

function inexactMath(node: ts.Identifier): string | null {
  const { parent } = node
  const member = ts.isPropertyAccessExpression(parent) ? parent.name.text : null
  if (member === 'random') return 'Math.random: draw by key (kernel/draws)'
  if (member !== null && EXACT_MATH.test(member)) return null
  return `Math${member === null ? '' : `.${member}`} may differ in the last bit: use kernel/exact-math`
}

/** Whether an identifier is the name of a member, which has nothing to do with a global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isBindingElement(parent)) return parent.propertyName === node
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isGetAccessorDeclaration(parent)) &&
    parent.name === node
  )
}

function declaredNames(file: SourceFile): Set<string> {
  const names = new Set<string>()
  for (const node of nodesOf(file.tree)) {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node)
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text)
  }
  return names
}
