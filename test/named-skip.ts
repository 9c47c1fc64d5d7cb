import { test } from 'vitest'

/**
 * A test that needs something which not every machine has. Where it is missing, the test is skipped
 * and its name says what is missing; in CI, which must have everything, it fails instead.
 *
 * @param missing what is missing, or null if all is there
 */
export function testUnless(missing: string | null, name: string, body: () => Promise<void>): void {
  if (missing === null) test(name, body)
  else if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`${missing}: CI skips nothing`)
    })
  } else test.skip(`${name} (skipped: ${missing})`)
}
