import { grades } from '../../storage/parameter.js'

interface Term {
  readonly text: string
  readonly see?: readonly string[]
}

/** Words of the reports and of this simulator's contracts. */
export const terms: Readonly<Record<string, Term>> = {
  acknowledged: {
    text: 'The client has its answer. Only then was anything promised.',
    see: ['accepted', 'confirmed', 'stored'],
  },
  accepted: {
    text: 'replicate() of the endpoint returned success for an occurrence of the edit.',
    see: ['confirmed'],
  },
  confirmed: {
    text:
      'A persisted offset has passed every occurrence that is needed to ship the edit: HBase will ' +
      'not send it again, and may delete its WAL.',
    see: ['accepted', 'stored', 'claim'],
  },
  stored: {
    text: "Inside a complete object of the peer's store that a reader can open now.",
    see: ['confirmed', 'restorable'],
  },
  wanted: { text: "Not held back by the peer's filters.", see: ['hole'] },
  restorable: {
    text:
      "In a complete object of the peer's store, or in a surviving file that a surviving or claiming " +
      'process will ship by the real protocol.',
    see: ['RPO', 'stored'],
  },
  RPO: {
    text:
      'Recovery point objective: at an instant t, for a peer and a disaster class, t less the ' +
      'acknowledgement time of the oldest edit, acknowledged by t and wanted by the peer, that could ' +
      'not be restored if such a disaster struck at t. 0 if there is none. Exact at every instant: its ' +
      'maximum to the microsecond, its time-weighted quantiles to 0.8 %.',
    see: ['acknowledged', 'restorable', 'disaster class', 'lost edits'],
  },
  'disaster class': {
    text: 'What a disaster takes and what it leaves. RPO is measured for each one.',
    see: ['RPO', 'claim'],
  },
  'lost edits': {
    text:
      'Edits that a disaster of the scenario really took: acknowledged by then, and not stored when ' +
      'the store had finished what it had received.',
    see: ['acknowledged', 'stored', 'hole'],
  },
  hole: {
    text:
      'Edits that no disaster took and that nobody will ship any more: an offset passed edits that are ' +
      'in no file.',
    see: ['confirmed', 'lost edits'],
  },
  claim: {
    text:
      'A disaster class that a design promises a confirmed edit survives. A broken claim is what the ' +
      'invariant about confirmed edits finds.',
    see: ['confirmed', 'disaster class'],
  },
  twin: {
    text:
      'Variants of the same seed: same edits, same weather, same crash, and the same latency for the ' +
      'same piece of work. Their differences are due to the design.',
    see: ['seed', 'luckShared'],
  },
  staleness: {
    text:
      'Of a replica at an instant t: t less the acknowledgement time of the oldest edit of its region, ' +
      'acknowledged by t, that a read of the replica does not show. 0 if it shows all.',
    see: ['unavailable', 'acknowledged', 'gapUs'],
  },
  unavailable: {
    text: 'A replica that refuses reads or is closed: it is not stale, it does not answer.',
    see: ['staleness'],
  },
  quiescence: {
    text: 'After the end of the workload: nothing is left to ship, flush or recover.',
    see: ['drain', 'undecided'],
  },
  held: {
    text:
      'HELD, the first word of a verdict: every expectation of the scenario and every invariant held ' +
      'in every run. An expected violation of an invariant counts as held.',
    see: ['violated', 'undecided', 'expect'],
  },
  violated: {
    text:
      'VIOLATED, the first word of a verdict: an expectation or an invariant did not hold in some ' +
      'run; the bullets name it.',
    see: ['held', 'undecided', 'expect'],
  },
  undecided: {
    text:
      'Neither held nor violated: the run was too short to tell, a disaster left no time to tell, or ' +
      'the figure does not exist.',
    see: ['quiescence'],
  },
  grade: {
    text:
      "How trustworthy a parameter's source is: " +
      Object.entries(grades)
        .map(([grade, doc]) => `${grade} ${doc}`)
        .join('; ') +
      '.',
    see: ['sensitivity'],
  },
  distribution: {
    text:
      'What a duration, size or rate may be: constant(5 ms), uniform(1 ms, 2 ms), exponential(10 ms), ' +
      'lognormal(45 ms, 0.4) with median and log-sigma, empirical([1 ms, 2 ms]), or a mixture such as ' +
      'lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8). Quoted in YAML.',
    see: ['unit'],
  },
  unit: {
    text:
      'Every quantity has one. Durations: us, ms, s, min, h, d, also 1h30m. Sizes: B, KiB, MiB, GiB, TiB ' +
      '(binary), kB, MB, GB, TB (decimal). Rates: 5000/s, 80 MiB/s. A bare number is an error.',
    see: ['distribution'],
  },
}
