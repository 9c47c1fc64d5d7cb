import ts from 'typescript'

/** A TypeScript file of the repository, read and parsed once for all rules. */
export interface SourceFile {
  /** From the top of the repository, with slashes. */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

/** What is wrong at a place: `path:line: what, and what to do instead`. */
export type Problem = string

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) }
}

export function problemAt({ path, tree }: SourceFile, offset: number, message: string): Problem {
  return `${path}:${tree.getLineAndCharacterOfPosition(offset).line + 1}: ${message}`
}

/** Every node below `node`, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  // The loop runs for what a node holds, not for its tokens: keywords and punctuation are no nodes.
  const children: ts.Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) yield* nodesOf(child)
}

/** A module that a file names, and where: static and dynamic imports, re-exports, `new URL()`. */
export interface ImportOf {
  readonly specifier: string
  readonly offset: number
}

export function importsOf(file: SourceFile): ImportOf[] {
  const imports: ImportOf[] = []
  for (const node of nodesOf(file.tree)) {
    const named = moduleNamedBy(node)
    if (named !== undefined && ts.isStringLiteralLike(named)) {
      imports.push({ specifier: named.text, offset: named.getStart(file.tree) })
    }
  }
  return imports
}

function moduleNamedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments[0]
  }
  // Workers are started from `new URL('./worker.js', import.meta.url)`.
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const named = node.arguments?.[0]
    if (named !== undefined && ts.isStringLiteralLike(named) && named.text.endsWith('.js')) {
      return named
    }
  }
  return undefined
}

/** The path in the repository of the TypeScript file that a relative specifier means. */
export function resolveImport(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/').replace(/\.js$/, '.ts')
}
