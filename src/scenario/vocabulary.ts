import type { Properties } from '../storage/configuration.js'
import type { Parameters } from '../storage/parameter.js'

/** The names that a scenario may use, from the registries of the floors below. */
export interface Vocabulary {
  readonly hdfsProfiles: Readonly<Record<string, Parameters>>
  readonly storeProfiles: Readonly<Record<string, Parameters>>
  /** What the profiles of both kinds stand for, by name; some may have no text. */
  readonly profileDocs?: Readonly<Record<string, string>>
  readonly clusterParameters: Parameters
  readonly properties: Properties
  /** Fixes of HBase that can be taken out: what goes wrong without, by issue; none if absent. */
  readonly fixes?: Readonly<Record<string, string>>
}
