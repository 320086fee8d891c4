import Database from 'better-sqlite3';
import { StateLocked } from '../failures.ts';

/**
 * Makes the caller the only client on the state at `path`; throws StateLocked when there is one.
 *
 * The lock is an exclusive transaction on a second, empty database beside the state. The kernel
 * ends it with the process that holds it, however that dies, so it is never stale and its file may
 * stay. It is not taken on the state itself, where it would keep out those who only want to read
 * (`status`).
 */
export function takeLock(path: string): { release(): void } {
  const database = new Database(`${path}.lock`, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    if (!busy) throw error;
    throw new StateLocked(path, { cause: error });
  }
  return { release: () => void database.close() };
}
