import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrate, refuseForeign } from './schema.ts';

/** Older ones can damage a database that has a writer and readers (the WAL-reset fault). */
const OLDEST = [3, 51, 3] as const;
/** `PRAGMA synchronous` in numbers. */
const FULL = 2;
/** Bytes. A larger file takes too long to check at every start. */
const CHECKED_UP_TO = 64 * 1024 * 1024;
/** Milliseconds to wait for another process that writes. */
const BUSY = 5_000;

export interface Connections {
  readonly writer: Database.Database;
  /** Sees only what is committed, and cannot write. */
  readonly reader: Database.Database;
}

/** Opens, checks and migrates the database file. Throws, with a sentence for the operator, when it cannot be used. */
export function openConnections(path: string): Connections {
  const writer = connect(path);
  try {
    migrate(writer);
    assertFull(writer);
    return { writer, reader: connect(path, { readonly: true }) };
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** A connection whose commits survive a power loss. */
export function connect(path: string, { readonly = false } = {}): Database.Database {
  const database = new Database(path, { readonly, timeout: BUSY });
  try {
    assertNewEnough(database);
    if (!readonly) {
      checkFile(database);
      database.pragma('journal_mode = WAL');
    }
    // The driver was built with NORMAL for WAL, which may lose commits; FULL holds once it is set.
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    database.pragma('checkpoint_fullfsync = ON');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    if (!isDamage(error)) throw error;
    throw new Error(`${path} is damaged or is no database. Restore a backup.`, { cause: error });
  }
}

/** To be asked after a write: before the first one, SQLite tells FULL and then falls to its default. */
export function assertFull(database: Database.Database): void {
  const level = database.pragma('synchronous', { simple: true });
  if (level !== FULL) throw new Error(`${database.name}: synchronous is ${level}, not FULL.`);
}

/** Looks before anything is written: not even the journal mode of a foreign file is changed. */
function checkFile(database: Database.Database): void {
  const size = statSync(database.name, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  refuseForeign(database);
  if (size > CHECKED_UP_TO) return;
  const found = database.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new Error(`${database.name} is damaged: ${found}. Restore a backup.`);
}

const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);

function assertNewEnough(database: Database.Database): void {
  const text = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = text.split('.').map(Number);
  const at = OLDEST.findIndex((part, i) => part !== parts[i]);
  if (at >= 0 && (parts[at] ?? 0) < (OLDEST[at] ?? 0)) {
    throw new Error(`SQLite ${text} is too old: at least ${OLDEST.join('.')} is needed.`);
  }
}
