import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { SCHEMA } from './schema.ts';

/**
 * Makes a new state under another name and renames it, so that a file at `path` is a whole state or
 * a damaged one, never one that was being made. What a lost state left beside it goes: the
 * database would take an old log for its own.
 */
export function create({ path, newId }: { path: string; newId: () => string }): void {
  const fresh = `${path}.new`;
  for (const left of [fresh, `${fresh}-journal`, `${path}-wal`, `${path}-shm`]) {
    rmSync(left, { force: true });
  }
  fill(fresh, newId);
  renameSync(fresh, path);
  syncDirectory(dirname(path));
}

function fill(path: string, newId: () => string): void {
  const database = new Database(path);
  try {
    database.pragma('synchronous = FULL');
    database.exec(`BEGIN; ${SCHEMA}`);
    database
      .prepare('INSERT INTO standing (client_id, instance, cursor) VALUES (?, ?, 0)')
      .run(newId(), newId());
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** Windows opens no directories, and needs no sync of them. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
