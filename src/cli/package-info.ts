import { createRequire } from 'node:module'

const description: { version: string } = createRequire(import.meta.url)('../../package.json')

/** Version of the simulator, as `summary.json` and `--version` say it. */
export const VERSION = description.version
