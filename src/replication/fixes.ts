/**
 * Fixes of HBase that a scenario may take out again (`unfixed:`), to see what the bug did. By issue:
 * what happens without the fix.
 */
export const fixes = {
  'HBASE-14004': 'entries of the open WAL are replicated before they are synced',
  'HBASE-23205': 'a batch whose entries were all filtered does not move the offset',
  'HBASE-27778': 'a batch that a filter interrupts keeps its share of the buffer quota',
  'HBASE-28620': 'a source that ends keeps its share of the buffer quota',
  'HBASE-29441': 'a batch without entries commits what is still in open files (feature branch)',
  'HBASE-29987': 'the position in one WAL is used for the next one',
} as const satisfies Record<string, string>
