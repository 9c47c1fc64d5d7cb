import { type Distribution, distribution } from '../kernel/distribution.js'
import type { DrawStream, Luck, Purpose } from '../kernel/draws.js'
import type { Parameter, Parameters } from './parameter.js'

/** A registry's parameters ready to be drawn from. */
export class Sampler {
  readonly #parameters: Parameters
  readonly #luck: Luck
  readonly #distributions = new Map<string, Distribution>()
  readonly #entities = new Map<string, EntitySampler>()

  constructor(parameters: Parameters, luck: Luck) {
    this.#parameters = parameters
    this.#luck = luck
  }

  /** The parameter's number; the mean where it is a distribution. */
  number(name: string): number {
    const { value } = this.#parameter(name)
    return typeof value === 'number' ? value : this.#distribution(name).mean
  }

  /** The draws of one long-lived entity, e.g. a region server's of one peer; kept for the run. */
  entity(entity: string): EntitySampler {
    let sampler = this.#entities.get(entity)
    if (sampler === undefined) {
      sampler = new EntitySampler(this, entity)
      this.#entities.set(entity, sampler)
    }
    return sampler
  }

  /** The parameter's value if it never varies, else null. */
  constant(name: string): number | null {
    const { value } = this.#parameter(name)
    if (typeof value === 'number') return value
    return value.kind === 'constant' ? value.value : null
  }

  stream(purpose: Purpose, entity: string): DrawStream {
    return this.#luck.stream(purpose, entity)
  }

  /** The value of parameter `name` that belongs to the uniform `u`, not rounded. */
  quantile(name: string, u: number): number {
    const { value } = this.#parameter(name)
    return typeof value === 'number' ? value : this.#distribution(name).quantile(u)
  }

  #parameter(name: string): Parameter {
    const parameter = this.#parameters[name]
    if (parameter === undefined) throw new RangeError(`no parameter "${name}"`)
    return parameter
  }

  #distribution(name: string): Distribution {
    let found = this.#distributions.get(name)
    if (found === undefined) {
      const { value } = this.#parameter(name)
      found = distribution(typeof value === 'number' ? { kind: 'constant', value } : value)
      this.#distributions.set(name, found)
    }
    return found
  }
}

/** Draws of a registry's parameters for the pieces of work of one entity. */
export class EntitySampler {
  readonly #sampler: Sampler
  readonly #entity: string
  readonly #streams = new Map<string, DrawStream>()

  constructor(sampler: Sampler, entity: string) {
    this.#sampler = sampler
    this.#entity = entity
  }

  /** As `Sampler.number`. */
  number(name: string): number {
    return this.#sampler.number(name)
  }

  /** A uniform in (0, 1) for attempt `attempt` at piece `work` of the work. */
  uniform(purpose: Purpose, work: number, attempt = 0, index = 0): number {
    let stream = this.#streams.get(purpose.name)
    if (stream === undefined) {
      stream = this.#sampler.stream(purpose, this.#entity)
      this.#streams.set(purpose.name, stream)
    }
    return stream.uniform(work, attempt, index)
  }

  /** A draw of parameter `name`, not rounded. */
  draw(purpose: Purpose, name: string, work: number, attempt = 0, index = 0): number {
    return (
      this.#sampler.constant(name) ??
      this.#sampler.quantile(name, this.uniform(purpose, work, attempt, index))
    )
  }

  /** A draw of parameter `name` in whole microseconds. */
  durationUs(purpose: Purpose, name: string, work: number, attempt = 0, index = 0): number {
    return Math.round(this.draw(purpose, name, work, attempt, index))
  }
}
