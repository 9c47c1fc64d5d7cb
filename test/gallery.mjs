/** `npm run gallery`: draws `reports/gallery/` anew, as README.md shows it and a test checks it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const entries = JSON.parse(readFileSync(new URL('test/gallery.json', root), 'utf8'))

for (const { scenario, command, seeds } of entries) {
  const out = `reports/gallery/${scenario}`
  const words = [command, scenario, '--seeds', `${seeds}`, '--quiet', '--out', out]
  execFileSync(process.execPath, ['dist/cli/main.js', ...words], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  })
}
