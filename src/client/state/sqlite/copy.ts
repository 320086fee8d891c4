import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ClientState } from '../../ports.ts';
import { openSqliteState, readSqliteState, type SqliteStateOptions } from './open.ts';

export interface SqliteStateCopy {
  readonly state: ClientState;
  /** Closes and removes it; so does the end of the process. Twice is once. */
  discard(): void;
}

/**
 * A state of one's own in a temporary directory, with what the one at `path` holds now; where there is none, a
 * blank one. A client may be at work on that; nothing of it is changed. Throws StateDamaged and StateTooNew.
 */
export async function copySqliteState({
  path,
  newId,
}: SqliteStateOptions): Promise<SqliteStateCopy> {
  // Says whether it is one of ours, and whole enough, before anything is copied.
  const isThere = isQuiet(path) ? existsSync(path) : closed(readSqliteState({ path }));
  const directory = mkdtempSync(join(tmpdir(), 'syncer-plan-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  const to = join(directory, 'state.sqlite');
  try {
    if (isThere) await copy(path, to);
    const state = openSqliteState({ path: to, newId });
    return {
      state,
      discard: () => {
        process.off('exit', remove);
        state.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Nobody has it open, and nobody was killed who had: the file is all there is. */
const isQuiet = (path: string): boolean => !existsSync(`${path}-wal`);

function closed(reading: ReturnType<typeof readSqliteState>): boolean {
  reading?.close();
  return reading !== undefined;
}

/** To open a database that nobody has open leaves files beside it, so such a one is copied as a file. */
async function copy(from: string, to: string): Promise<void> {
  if (isQuiet(from)) {
    copyFileSync(from, to);
    if (isQuiet(from)) return;
  }
  const database = new Database(from, { readonly: true, fileMustExist: true });
  try {
    rmSync(to, { force: true });
    await database.backup(to);
  } finally {
    database.close();
  }
}
