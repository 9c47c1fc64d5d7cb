import { test } from 'vitest'

/**
 * A test that needs a tool which not every machine has. Where it is missing the test is skipped, and
 * its name says so; in CI, which must have everything, it fails instead.
 *
 * @param tool path of the tool, or null where there is none
 * @param missing what to say then
 */
export function testWith(
  tool: string | null,
  missing: string,
  name: string,
  body: (tool: string) => Promise<void>,
): void {
  if (tool !== null) test(name, () => body(tool))
  else if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`${missing}: CI skips nothing`)
    })
  } else test.skip(`${name} (skipped: ${missing})`)
}
