import { closeSync, fsyncSync, openSync } from 'node:fs';

/**
 * Makes durable what was committed to the database at `path`, which appends to its log and does not wait for the disk
 * (https://sqlite.org/wal.html). The log's name is durable since it was first written to; no lock is held by way of it, which
 * the system would give up when it is closed here. Throws what the system says.
 */
export function syncLog(path: string): void {
  const log = openIfThere(`${path}-wal`);
  // Without a log, all that was committed went to the database when it was last closed.
  if (log === undefined) return;
  try {
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
