import type { DuplicateCause } from '../../measure/duplicates.js'
import type { S3Operation } from '../../storage/s3/s3-operations.js'
import type { BrokenClaim, DisasterResult, PeerResult, RpoResult } from '../result.js'
import type { Doc } from './doc.js'
import { hbaseMetricDocs } from './hbase-metric-docs.js'
import { faultDoc, latencyDocs, lostDocs } from './shared-docs.js'

const WINDOW = 'of the measured window, weighted by time'

const rpoDocs: Readonly<Record<keyof RpoResult, Doc>> = {
  p50Us: { text: `RPO that is not exceeded during half ${WINDOW}.`, see: ['RPO'] },
  p99Us: { text: `RPO that is not exceeded during 99 % ${WINDOW}.`, see: ['RPO'] },
  maxUs: { text: 'RPO at the worst instant, exact to the microsecond.', see: ['RPO'] },
  maxEdits: { text: 'Most acknowledged edits unrestorable at one instant.', unit: 'edits' },
  maxBytes: { text: 'Most bytes of acknowledged edits unrestorable at one instant.' },
  timeShareAboveZero: {
    text: 'Share of the measured window with at least one unrestorable acknowledged edit.',
    unit: 'share (0 to 1)',
  },
}

const disasterDocs: Readonly<Record<keyof DisasterResult, Doc>> = {
  kind: { text: 'Kind of the fault that was the disaster.' },
  target: { text: 'What was struck, e.g. rs2; absent if all of it was.' },
  atUs: { text: 'When it struck.' },
  ...lostDocs,
  oldestLostAgeUs: {
    text: 'Age of the oldest lost edit since its acknowledgement when it struck; null if none was lost.',
    see: ['RPO'],
  },
}

const brokenClaimDocs: Readonly<Record<keyof BrokenClaim, Doc>> = {
  firstUs: { text: 'When a claim was first found wanting.' },
  maxEdits: {
    text: 'Most confirmed edits that one disaster of the class would have made unrestorable.',
    unit: 'edits',
  },
}

const causeDocs: Readonly<Record<DuplicateCause, Doc>> = {
  retry: { text: 'The batch was sent again after an attempt whose outcome was unknown or failed.' },
  'partial batch': { text: 'A part of a batch was stored before the batch failed.' },
  claim: { text: 'The queue of a dead server was shipped again from its stored offset.' },
  'source refresh': { text: 'The source began anew from its stored offset, as a peer changed.' },
  'shipper restart': { text: 'A shipper began anew after a failed hook before an offset.' },
  'WAL re-append': {
    text: 'A broken WAL had the entry, which was appended to the next one again.',
  },
  're-read': { text: 'The reader went back and read the WAL again.' },
  unexplained: { text: 'Nothing explains it: the invariant about duplicates is violated.' },
}

const requestDocs: Readonly<Record<S3Operation, Doc>> = {
  PUT: { text: 'Requests that write an object in one part.' },
  Initiate: { text: 'Requests that begin a multipart upload (CreateMultipartUpload).' },
  UploadPart: { text: 'Requests that send a part of a multipart upload.' },
  Complete: { text: 'Requests that complete a multipart upload: then it is visible.' },
  LIST: { text: 'Requests that list objects, or pending uploads.' },
  HEAD: { text: 'Requests for the length of an object.' },
  GET: { text: 'Requests that read an object.' },
  DELETE: { text: 'Requests that delete an object or abort a multipart upload.' },
}

const costDocs: Readonly<Record<keyof NonNullable<PeerResult['costUsdPerMonth']>, Doc>> = {
  requests: { text: 'For requests, scaled from the fault-free part of the window to 30 days.' },
  storage: { text: 'For the objects that are kept over the retention of the store.' },
  pendingUploads: { text: 'For parts of uploads that nobody completes or aborts.' },
  total: { text: 'All of the cost of the peer.' },
}

/** `peers.<peer>` of a result. */
export const peerDocs: Readonly<Record<keyof PeerResult, Doc>> = {
  endpoint: { text: 'The design: how edits reach the store.' },
  startFault: { text: 'Why none of its sources could start its endpoint; absent if any could.' },
  claims: {
    text: 'Disaster classes that the endpoint claims a confirmed edit survives.',
    each: '[]',
    see: ['confirmed', 'brokenClaims'],
  },
  brokenClaims: {
    text: 'Claims that did not hold at every instant, by class.',
    each: '.<class>',
    of: brokenClaimDocs,
    see: ['claims'],
  },
  acceptedEdits: {
    text: 'Edits that replicate() returned success for.',
    unit: 'edits',
    see: ['accepted'],
  },
  confirmedEdits: {
    text: 'Edits that a persisted offset has passed.',
    unit: 'edits',
    see: ['confirmed'],
  },
  storedEdits: {
    text: 'Edits in an object that a reader can open.',
    unit: 'edits',
    see: ['stored'],
  },
  duplicateEdits: {
    text: 'Surplus stored occurrences of edits, by cause.',
    unit: 'edits',
    of: causeDocs,
  },
  confirmedNotStoredEdits: {
    text: 'Edits that were confirmed and not yet stored: what trust in a staging area comes to.',
    of: {
      max: { text: 'Most of them at one instant.', unit: 'edits' },
      timeShare: { text: 'Share of the window in which there were any.', unit: 'share (0 to 1)' },
    },
    see: ['confirmed', 'stored'],
  },
  missingAfterQuiescence: {
    text:
      'Wanted acknowledged edits that no disaster destroyed and that are not stored at the end; ' +
      'null when a total disaster left it undecided.',
    unit: 'edits',
    see: ['wanted', 'stored'],
  },
  holes: {
    text: 'Edits that no disaster took and nobody will ship any more.',
    of: {
      edits: { text: 'Most of them at one instant.', unit: 'edits' },
      bytes: { text: 'Their bytes.', unit: 'bytes' },
      firstUs: { text: 'When the first hole was there; null if none was.' },
    },
    see: ['hole'],
  },
  confirmLatencyUs: {
    text: 'From WAL write time to the persisted offset that passed the edit.',
    of: latencyDocs,
    see: ['confirmed'],
  },
  storeLatencyUs: {
    text: 'From WAL write time to the completion of the first object that holds the edit.',
    of: latencyDocs,
    see: ['stored'],
  },
  rpo: {
    text: 'What a disaster of each class would have cost, had it struck: exact, at every instant.',
    each: '.<class>',
    of: rpoDocs,
    see: ['RPO'],
  },
  disasters: {
    text: 'What the disasters of the scenario really took, in order.',
    each: '[]',
    of: disasterDocs,
    see: ['lostEdits'],
  },
  drainUs: {
    text: 'Time from the end of each fault until the peer had caught up.',
    each: '[]',
    of: { fault: faultDoc, us: { text: 'How long it took; null if it never did.', unit: 'us' } },
  },
  staging: {
    text: 'The staging area in HDFS at its fullest; absent for designs without.',
    of: {
      maxBytes: { text: 'Most bytes of staged files at one instant.' },
      maxFiles: { text: 'Most staged files at one instant.', unit: 'files' },
    },
  },
  pendingUploads: {
    text: 'Parts of multipart uploads that are neither completed nor aborted: billed and invisible.',
    of: {
      maxBytes: { text: 'Most of their bytes at one instant.' },
      endBytes: { text: 'Their bytes at the end of the run.' },
    },
  },
  oldWALs: {
    text: 'Archived WALs that the log cleaner may not delete yet.',
    of: { maxBytes: { text: 'Most of their bytes at one instant.' } },
  },
  objects: {
    text: 'Objects that were completed in the store.',
    of: {
      count: { text: 'How many.', unit: 'objects' },
      p50Bytes: { text: 'Their median size; null without any.' },
      maxBytes: { text: 'Size of the largest; null without any.' },
    },
  },
  requests: {
    text: 'Requests sent to the store over the whole run, by operation; failed ones count.',
    unit: 'requests',
    of: requestDocs,
  },
  costUsdPerMonth: {
    text: 'What a month of the peer costs at the prices of the profile; null without a calm window.',
    unit: 'US dollars',
    of: costDocs,
    see: ['retention'],
  },
  hbaseMetrics: {
    text: "HBase's own metrics of the peer, computed as HBase does, wrong where HBase is wrong.",
    of: hbaseMetricDocs,
    see: ['RPO'],
  },
}
