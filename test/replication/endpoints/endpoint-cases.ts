import { describe, expect, test } from 'vitest'
import { conservationCases } from './cases/conservation-cases.js'
import { durabilityCases } from './cases/durability-cases.js'
import { lifetimeCases } from './cases/lifetime-cases.js'
import { stagingCases } from './cases/staging-cases.js'
import { storeCases } from './cases/store-cases.js'
import { type EndpointSetup, EndpointWorld, type MakeEndpoint } from './endpoint-world.js'

/** Cases that an endpoint does not fulfil, and why. */
export interface Skip {
  readonly names: readonly string[]
  readonly reason: string
}

/** A case: `world` makes the world it plays in, with the endpoint that is tested. */
export type Body = (world: (setup?: EndpointSetup) => EndpointWorld) => void

/**
 * What every replication endpoint owes. A skipped case is run all the same and must fail: a
 * weakness that is gone must go from the list too.
 *
 * @param base what every world of this endpoint has
 */
export function endpointCases(
  make: MakeEndpoint,
  skips: readonly Skip[] = [],
  base: EndpointSetup = {},
): void {
  const world = (setup: EndpointSetup = {}) =>
    new EndpointWorld(make, {
      ...base,
      ...setup,
      site: { ...base.site, ...setup.site },
      options: { ...base.options, ...setup.options },
    })
  const all: Record<string, Body> = {
    ...durabilityCases(),
    ...storeCases(),
    ...stagingCases(),
    ...lifetimeCases(),
    ...conservationCases(),
  }
  describe('the endpoint contract', () => {
    for (const [name, body] of Object.entries(all)) {
      const skip = skips.find(({ names }) => names.includes(name))
      if (skip === undefined) test(name, () => body(world))
      else {
        test(`not here, for ${skip.reason}: ${name}`, () => {
          expect(failureOf(() => body(world))).toBe('AssertionError')
        })
      }
    }

    test('every skip names a case', () => {
      const named = skips.flatMap(({ names }) => names)
      expect(named.filter((name) => all[name] === undefined)).toEqual([])
    })
  })
}

/** Name of the error that `body` ends with, `none` if it does not. */
function failureOf(body: () => void): string {
  try {
    body()
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.name : typeof error
  }
}
