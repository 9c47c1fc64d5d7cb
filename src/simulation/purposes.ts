import type { Purpose } from '../kernel/draws.js'

/** What the cluster draws for, and how twins share it. */
export const purposes = {
  arrival: { name: 'client.arrival', sharing: 'world' },
  key: { name: 'client.key', sharing: 'world' },
  valueSize: { name: 'client.value-size', sharing: 'world' },
  network: { name: 'network', sharing: 'world' },
  callQueue: { name: 'rpc.call-queue', sharing: 'world' },
  clientJitter: { name: 'client.retry-jitter', sharing: 'matched' },
  putCpu: { name: 'handler.put-cpu', sharing: 'matched' },
  walAppend: { name: 'wal.append', sharing: 'matched' },
  walSync: { name: 'wal.sync', sharing: 'matched' },
  memstoreApply: { name: 'memstore.apply', sharing: 'matched' },
  memstoreFill: { name: 'start.memstore-fill', sharing: 'world' },
  memstoreAge: { name: 'start.memstore-age', sharing: 'world' },
  assignment: { name: 'start.assignment', sharing: 'world' },
  phase: { name: 'start.phase', sharing: 'world' },
  walAge: { name: 'start.wal-age', sharing: 'world' },
  flushDelay: { name: 'memstore.flush-delay', sharing: 'world' },
  walOpen: { name: 'source.wal-open', sharing: 'own' },
  walRead: { name: 'source.wal-read', sharing: 'own' },
  newWal: { name: 'source.new-wal', sharing: 'matched' },
  queueStorage: { name: 'source.queue-storage', sharing: 'own' },
  fault: { name: 'fault.at', sharing: 'world' },
  operation: { name: 'operation.at', sharing: 'world' },
  faultTarget: { name: 'fault.target', sharing: 'world' },
} satisfies Record<string, Purpose>
