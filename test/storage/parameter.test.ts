import { expect, test } from 'vitest'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { isEstimate, sourceText } from '../../src/storage/parameter.js'

test('the words of a source say that it is an estimate exactly if its grade is D', () => {
  const { clusterParameters, hdfsProfiles, storeProfiles, properties } = defaultVocabulary
  const sets = [clusterParameters, ...Object.values(hdfsProfiles), ...Object.values(storeProfiles)]
  for (const [name, parameter] of sets.flatMap((set) => Object.entries(set))) {
    const text = sourceText(parameter)
    expect(isEstimate(text), `${name}: ${text}`).toBe(parameter.grade === 'D')
  }
  for (const [name, { source }] of Object.entries(properties)) {
    expect(isEstimate(source), `${name}: ${source}`).toBe(false)
  }
})
