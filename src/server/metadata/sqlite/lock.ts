import Database from 'better-sqlite3';

/**
 * Takes a file for this process alone, until it is released or the process ends, however that ends: the
 * lock is the operating system's. undefined: another process has it, or this one already.
 */
export function takeLock(path: string): { release(): void } | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      return undefined;
    }
    throw error;
  }
  return { release: () => void database.close() };
}
