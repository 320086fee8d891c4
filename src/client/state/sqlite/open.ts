import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { ClientState, StateReading } from '../../ports.ts';
import { StateDamaged, StateTooNew } from '../failures.ts';
import { create } from './create.ts';
import { takeLock } from './lock.ts';
import { sound } from './prepare.ts';
import { APPLICATION, VERSION } from './schema.ts';
import { SqliteState } from './state.ts';

export interface SqliteStateOptions {
  /** The state's file; others with its name and an ending lie beside it. Not on a network disk. */
  readonly path: string;
  /** Random and never the same twice; asked for what a new state is called. */
  readonly newId: () => string;
}

/**
 * Opens the state, which is made when there is none, for its one client. Throws StateLocked while
 * another client lives, StateDamaged (see `setAsideSqliteState`) and StateTooNew.
 */
export function openSqliteState({ path, newId }: SqliteStateOptions): ClientState {
  mkdirSync(dirname(path), { recursive: true });
  const { release } = takeLock(path);
  try {
    if (sizeOf(path) === undefined) create({ path, newId });
    return open(path, release);
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Reads the state beside a client that may be running; undefined when there is none. Throws as
 * above, but never StateLocked.
 */
export function readSqliteState({ path }: { readonly path: string }): StateReading | undefined {
  if (sizeOf(path) === undefined) return undefined;
  const database = connect(path, { readonly: true });
  return orClose(database, () => new SqliteState(database, () => {}));
}

/**
 * Renames a state out of the way, with all that belongs to it. Throws StateLocked while a client
 * uses it.
 */
export function setAsideSqliteState({
  path,
  to,
}: {
  readonly path: string;
  readonly to: string;
}): void {
  const { release } = takeLock(path);
  try {
    for (const ending of ['', '-wal', '-shm']) {
      rmSync(`${to}${ending}`, { force: true });
      if (sizeOf(`${path}${ending}`) !== undefined)
        renameSync(`${path}${ending}`, `${to}${ending}`);
    }
  } finally {
    release();
  }
}

function open(path: string, release: () => void): ClientState {
  const database = connect(path, { readonly: false });
  return orClose(database, () => {
    database.pragma('journal_mode = WAL');
    // What a power cut takes are the latest records, in order; those are observed again. Where that is not enough: `sync`.
    database.pragma('synchronous = NORMAL');
    // Pages that many batches write are so brought home once; at most 16 MiB of log.
    database.pragma('wal_autocheckpoint = 4000');
    // KiB. In pieces of a page, 12 MiB of them were most of what a client holds at rest.
    database.pragma('cache_size = -4000');
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      throw new StateDamaged(path, 'its pages contradict each other');
    }
    return new SqliteState(database, release);
  });
}

function connect(path: string, options: { readonly readonly: boolean }): Database.Database {
  // An empty file would pass as a new database; we never leave one behind.
  if (sizeOf(path) === 0) throw new StateDamaged(path, 'it is empty');
  const database = new Database(path, { ...options, fileMustExist: true });
  return orClose(database, () => {
    if (database.pragma('application_id', { simple: true }) !== APPLICATION) {
      throw new StateDamaged(path, 'it is not the state of a client');
    }
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version > VERSION) throw new StateTooNew(path, version);
    if (version < VERSION) throw new StateDamaged(path, `it has the unknown format ${version}`);
    return database;
  });
}

function orClose<T>(database: Database.Database, step: () => T): T {
  try {
    return sound(database.name, step);
  } catch (error) {
    database.close();
    throw error;
  }
}

const sizeOf = (path: string): number | undefined =>
  statSync(path, { throwIfNoEntry: false })?.size;
