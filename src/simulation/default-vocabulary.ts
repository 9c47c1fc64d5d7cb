import { clusterParameters } from '../hbase/cluster-parameters.js'
import { recoveryParameters } from '../hbase/master/recovery-parameters.js'
import { fixes } from '../replication/fixes.js'
import type { Vocabulary } from '../scenario/vocabulary.js'
import { hdfsProfileDocs, hdfsProfiles } from '../storage/hdfs/profiles.js'
import { storeProfileDocs, storeProfiles } from '../storage/s3/profiles.js'
import { modelledProperties } from './model.js'

/** The names of everything that this version models. */
export const defaultVocabulary: Vocabulary = {
  hdfsProfiles,
  storeProfiles,
  profileDocs: { ...hdfsProfileDocs, ...storeProfileDocs },
  clusterParameters: { ...clusterParameters, ...recoveryParameters },
  properties: modelledProperties,
  fixes,
}
