import type { Skip } from './endpoint-cases.js'

export const NOT_STAGED: Skip = {
  names: [
    'a staged file is deleted only after its copy was looked at',
    'a staged file is deleted without a look if nobody asks for one',
    'what cannot be looked at is copied again at the next tick, and counted twice',
    'staging that nobody has claimed is found and copied by any server of the peer',
    'a claim takes the staging over before the scan does, lease first',
    'a source that ends copies to the end what it has taken over',
    'what a source that ends cannot copy within a minute is copied by others',
    'copiers keep to their bytes per second',
    'when HDFS is lost it refuses, and does not end',
  ],
  reason: 'nothing is staged',
}

export const NOT_ROLLED: Skip = {
  names: [
    'a file is rolled when it has reached the roll size before the next batch',
    'the flush thread rolls what is open, once, and never makes an empty file',
  ],
  reason: 'an object per batch is written',
}

export const NEEDS_THE_STORE: Skip = {
  names: ['while the store is away edits are accepted all the same'],
  reason: 'no object can be created',
}
