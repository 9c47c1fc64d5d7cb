import { importsOf, type Problem, resolveImport, type SourceFile } from './source-file.js'

/** Files that nothing imports, because something else starts them. */
const DOORS = [
  /^src\/index\.ts$/,
  /^src\/cli\/main\.ts$/,
  /\.d\.ts$/,
  /\.test\.ts$/,
  /^vitest\.config\.ts$/,
]

/** Files of `src` that only tests need, and files that nobody needs at all. */
export function deadFileProblems(files: readonly SourceFile[]): Problem[] {
  const isProduct = ({ path }: SourceFile) => path.startsWith('src/')
  const product = files.filter(isProduct)
  const others = files.filter((file) => !isProduct(file))
  const alive = new Set([...reachable(product), ...reachable(others)])
  return files
    .filter(({ path }) => !alive.has(path))
    .map(({ path }) => `${path}:1: no door leads to it: use it or remove it`)
}

/** Paths of the files that the doors among them lead to. */
function reachable(files: readonly SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const found = new Set<string>()
  const visit = (path: string) => {
    const file = byPath.get(path)
    if (file === undefined || found.has(path)) return
    found.add(path)
    for (const { specifier } of importsOf(file)) visit(resolveImport(path, specifier) ?? '')
  }
  for (const { path } of files) if (DOORS.some((door) => door.test(path))) visit(path)
  return found
}
