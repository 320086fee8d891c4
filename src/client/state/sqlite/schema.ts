import { COLUMNS } from './row.ts';

const NUMBERS = new Set(['size', 'mtime', 'executable', 'place_version', 'content_version']);

/** Marks the file as ours ("Sync" in ASCII). */
export const APPLICATION = 0x53796e63;

/** The format. A reader of another one must not touch the file. */
export const VERSION = 1;

/**
 * `synced` holds every node; `local` and `remote` hold a row where they differ from it, and a row
 * without a kind where the node is absent on that side alone. The rows lie in the order in which
 * they came, as ids are random and would spread each batch over the whole file; the index by place
 * holds all that a directory's listing needs. `turn` orders what was seen: of one inode, the latest
 * counts.
 */
export const SCHEMA = `
  ${table('synced')}
  ${table('local')}
  ${table('remote')}
  CREATE TABLE seen (
    turn INTEGER PRIMARY KEY,
    node TEXT NOT NULL UNIQUE,
    inode TEXT NOT NULL,
    fingerprint TEXT NOT NULL
  ) STRICT;
  CREATE INDEX seen_by_inode ON seen (inode);
  CREATE TABLE manifest (
    turn INTEGER PRIMARY KEY,
    checksum TEXT NOT NULL UNIQUE,
    manifest TEXT NOT NULL
  ) STRICT;
  CREATE TABLE base (node TEXT PRIMARY KEY, base TEXT NOT NULL) STRICT;
  CREATE TABLE made (node TEXT PRIMARY KEY, made TEXT NOT NULL) STRICT;
  CREATE TABLE allowed (node TEXT PRIMARY KEY, what TEXT NOT NULL) STRICT;
  CREATE TABLE standing (
    client_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    epoch TEXT,
    cursor INTEGER NOT NULL,
    pulling_until INTEGER,
    known_epoch TEXT,
    known_cursor INTEGER,
    known_chain TEXT,
    server TEXT,
    token TEXT,
    next_token TEXT
  ) STRICT;
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${VERSION};
`;

function table(name: string): string {
  return `
    CREATE TABLE ${name} (turn INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, ${columns()}) STRICT;
    CREATE INDEX ${name}_by_place ON ${name} (parent, name, id);`;
}

function columns(): string {
  const typed = (column: string): string => `${column} ${NUMBERS.has(column) ? 'INTEGER' : 'TEXT'}`;
  return COLUMNS.split(', ').map(typed).join(', ');
}
