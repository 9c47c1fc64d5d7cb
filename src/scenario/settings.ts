import type { Complaints } from './complaints.js'
import type { JsonSchema } from './json-schema.js'
import { documentLocator, type Locator, type Overlay } from './locator.js'
import { overrideAt, readOverridePath } from './override.js'
import { scanPath } from './path.js'
import { complain } from './reading.js'
import type { SourceText, Span } from './source-text.js'
import { dataOf } from './yaml-data.js'
import { parseYaml } from './yaml-document.js'

/**
 * `data` with the settings of the command line, each `path=value` with the value in YAML, and
 * where they stand. What is wrong with one goes to `complaints`, and `data` stays without it.
 *
 * @throws BadInput for a value that is no YAML
 */
export function applySettings(
  data: object,
  settings: readonly SourceText[],
  schema: JsonSchema,
  complaints: Complaints,
): { data: object; overlays: Overlay[] } {
  const overlays: Overlay[] = []
  let result = data
  for (const source of settings) {
    const end = scanPath(source.text)?.end ?? 0
    const span: Span = { source, from: 0, to: Math.max(1, end) }
    if (end === 0 || source.text[end] !== '=') {
      const expected = 'path=value, e.g. peers.backup.copiers=5'
      complaints.add(span, complain('bad-override', 'this sets nothing', expected))
      continue
    }
    const path = readOverridePath(source.text.slice(0, end))
    if ('complaint' in path) {
      complaints.add(span, path.complaint)
      continue
    }
    const yaml = parseYaml(source, end + 1)
    const changed = overrideAt(result, path.value, dataOf(yaml, path.value), schema)
    if ('complaint' in changed) {
      complaints.add(span, changed.complaint)
      continue
    }
    result = changed.value
    const value = documentLocator(yaml)
    const locator: Locator = {
      find: (at, part) => (at.length === 0 && part === 'key' ? span : value.find(at, part)),
    }
    overlays.push({ target: path.value, locator, path: [] })
  }
  return { data: result, overlays }
}
