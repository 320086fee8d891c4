import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';

/**
 * Makes durable what was committed to the database at `path`, which appends to its log and does not wait for the disk
 * (https://sqlite.org/wal.html). The log's name is durable since it was first written to; no lock is held by way of it, which
 * the system would give up when it is closed here. Throws what the system says.
 */
export function syncLog(path: string): void {
  // Without a log, all that was committed went to the database when it was last closed. Only who closes it removes it.
  if (!existsSync(`${path}-wal`)) return;
  const log = openSync(`${path}-wal`, 'r+');
  try {
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}
