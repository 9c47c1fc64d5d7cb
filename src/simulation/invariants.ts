/**
 * The invariants that every run is checked for, by name; `<peer>` is the id of a peer. What each
 * finds when it is violated.
 */
export const invariants = {
  'confirmed edits of <peer> survive what <peer> claims':
    'a design that promises more than it does, at any instant',
  'no edit of <peer> is lost without a disaster': 'holes: an offset passed edits that are nowhere',
  'no wanted edit is missing from <peer> after quiescence':
    'queues that are stuck; undecided after a total disaster',
  'every duplicate of <peer> has a cause': 'an edit stored twice that nothing explains',
  'no acknowledged edit is lost to the cluster against the promise of HBase':
    'losses of the cluster without a loss of power, HDFS or DataNodes',
  'no queue of <peer> has two owners at once': 'a claim beside an owner that still ships',
  'every acknowledged edit is in memory, in an HFile or in a WAL to be replayed':
    'edits that a flush, a move or a recovery forgot',
  'no WAL is archived while memory alone has some of its edits':
    'the same, before a crash shows it',
  'a region is open on one server at most': 'a fence that does not hold',
  'memstores come to the bytes of the edits in them': 'books of memory that do not balance',
  'edits of a region come in the order of their sequence ids, before the snapshot that has them':
    'a snapshot without its lock',
  'a secondary holds nothing that its primary has never had': 'replays that go astray',
  'a secondary shows every edit up to the end of its files':
    'a snapshot or a memstore dropped too soon',
  'memstores of secondaries come to the bytes of the edits in them':
    'books of memory that do not balance',
  'secondaries that are sent edits have all of them after quiescence':
    'gaps that no flush closes; undecided where the peer is disabled',
  'the buffer of every server is given back': 'leaks of `replication.total.buffer.quota`',
  'operations, entries and queues are conserved': 'bugs of hbsim',
} as const satisfies Record<string, string>

export type InvariantName = keyof typeof invariants

/** The name of an invariant as it is reported of a peer. */
export function invariantOf(name: string, peer: string): string {
  return name.replaceAll('<peer>', () => peer)
}

/**
 * The conservation laws of a run by name; what goes in must come out, be lost to a disaster, or
 * still be there.
 */
export const conservationLaws = {
  operations: 'writes that were sent are answered, on their way, or failed',
  gets: 'gets that were sent are answered, on their way, or failed',
  'callQueue <server>':
    "calls waiting over time (∫ N dt) come to the sum of their waits, in a server's call queues",
  'walEntries <server>': 'entries of a WAL group are consumed, or had not been written',
  hfileBytes: 'bytes that flushes, compactions and loads added are in store files',
  'batchQueue <peer> <source> <group>':
    'batches waiting over time (∫ N dt) come to the sum of their waits, between reader and shipper',
  'objectBytes <peer>': 'bytes written to objects are open, stored or dropped',
  'storedBytes <peer>': 'bytes that the store has are those that writers completed',
} as const satisfies Record<string, string>

/** The invariants as a table of Markdown, for a peer of that id. */
export function invariantTable(peer: string): string[] {
  const rows = Object.entries(invariants).map(([name, finds]) => {
    return `| \`${invariantOf(name, peer)}\` | ${finds} |`
  })
  return ['| invariant | what it finds |', '|---|---|', ...rows]
}
