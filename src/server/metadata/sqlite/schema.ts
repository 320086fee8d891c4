import type { Database } from 'better-sqlite3';
import { brought, RUN, runsOf } from './activity-runs.ts';

/** Marks a file as a server's metadata (`SynS`), so that another program's is never written to. */
const APPLICATION = 0x53796e53;

const ENTRY = (prefix: string): string => `
  ${prefix}kind TEXT,
  ${prefix}parent TEXT,
  ${prefix}name TEXT,
  ${prefix}checksum BLOB,
  ${prefix}size INTEGER,
  ${prefix}mtime INTEGER,
  ${prefix}executable INTEGER,
  ${prefix}target TEXT,
  ${prefix}place_version INTEGER,
  ${prefix}content_version INTEGER,
  ${prefix}author TEXT`;

/**
 * One step each; `user_version` counts the steps taken. A step that was released is never edited.
 * Hashes are 32 bytes, times are milliseconds since 1970.
 */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE folders (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  epoch TEXT NOT NULL,
  cursor INTEGER NOT NULL
) STRICT;

-- The name of the history up to a commit's last cursor. Pruning the history leaves it.
CREATE TABLE chain (
  folder INTEGER NOT NULL REFERENCES folders,
  cursor INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (folder, cursor)
) STRICT, WITHOUT ROWID;

CREATE TABLE nodes (
  folder INTEGER NOT NULL REFERENCES folders,
  id TEXT NOT NULL,${ENTRY('')},
  PRIMARY KEY (folder, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX nodes_by_place ON nodes (folder, parent, name);

CREATE TABLE changes (
  folder INTEGER NOT NULL REFERENCES folders,
  cursor INTEGER NOT NULL,
  node TEXT NOT NULL,
  operation TEXT NOT NULL,
  path TEXT NOT NULL,
  old_path TEXT,
  client_id TEXT NOT NULL,
  client_name TEXT NOT NULL,
  time INTEGER NOT NULL,
  cause TEXT NOT NULL,
  merged_from TEXT,${ENTRY('before_')},${ENTRY('after_')},
  PRIMARY KEY (folder, cursor)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX changes_by_node ON changes (folder, node, cursor);
CREATE INDEX changes_by_path ON changes (folder, path, cursor);
CREATE INDEX changes_by_old_path ON changes (folder, old_path, cursor) WHERE old_path IS NOT NULL;
CREATE INDEX changes_by_time ON changes (folder, time, cursor);
CREATE INDEX changes_by_client ON changes (folder, client_id, cursor);

-- A change's merged_from is JSON, [{"checksum": hex, "size": bytes}, …]: contents that the history keeps too.
-- The chunks of a manifest are packed: 32 bytes of hash and 4 of size (little-endian) for each.
CREATE TABLE manifests (
  folder INTEGER NOT NULL REFERENCES folders,
  checksum BLOB NOT NULL,
  size INTEGER NOT NULL,
  chunks BLOB NOT NULL,
  PRIMARY KEY (folder, checksum)
) STRICT;

CREATE TABLE chunks (
  folder INTEGER NOT NULL REFERENCES folders,
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  pack TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  PRIMARY KEY (folder, hash)
) STRICT, WITHOUT ROWID;

-- Chunks that rotted. A row stays when it ends, as a record. Packs of rows without an end are not to be deleted.
CREATE TABLE quarantine (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  folder INTEGER NOT NULL REFERENCES folders,
  hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  pack TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  since INTEGER NOT NULL,
  reason TEXT NOT NULL,
  end TEXT
) STRICT;
CREATE INDEX quarantine_open ON quarantine (folder, hash) WHERE end IS NULL;
CREATE INDEX quarantine_newest ON quarantine (folder, number) WHERE end IS NULL;

CREATE INDEX chunks_by_pack ON chunks (folder, pack);

-- Chunks that nothing needs, and packs that no chunk lies in: since when, and when it was last seen so.
CREATE TABLE unused (
  folder INTEGER NOT NULL REFERENCES folders,
  hash BLOB NOT NULL,
  since INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (folder, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE condemned (
  folder INTEGER NOT NULL REFERENCES folders,
  pack TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (folder, pack)
) STRICT, WITHOUT ROWID;

CREATE TABLE scrubbing (
  folder INTEGER PRIMARY KEY REFERENCES folders,
  after TEXT NOT NULL,
  begun INTEGER NOT NULL
) STRICT;

CREATE TABLE commits (
  folder INTEGER NOT NULL REFERENCES folders,
  client_id TEXT NOT NULL,
  key TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (folder, client_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE clients (
  folder INTEGER NOT NULL REFERENCES folders,
  client_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sync_root TEXT NOT NULL,
  last_seen INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  PRIMARY KEY (folder, client_id)
) STRICT, WITHOUT ROWID;

-- By which a client and a copy of it are told apart.
CREATE TABLE tokens (
  folder INTEGER NOT NULL REFERENCES folders,
  client_id TEXT NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (folder, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  folder INTEGER NOT NULL REFERENCES folders,
  time INTEGER NOT NULL,
  client_id TEXT,
  action TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (folder, time, id);
CREATE INDEX audit_by_client ON audit (folder, client_id, time, id);
`,
  `
-- What was deleted, newest first: all that a page of the trash has to look through.
CREATE INDEX changes_deleted ON changes (folder, cursor, node, before_parent, path)
  WHERE operation = 'delete';
`,
  `
-- Of each commit, how many of its records were removed on purpose: what else is missing was lost.
ALTER TABLE chain ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
UPDATE chain SET removed = gone.records FROM (
  SELECT folder, cursor, cursor - previous - (
    SELECT count(*) FROM changes c
    WHERE c.folder = link.folder AND c.cursor > link.previous AND c.cursor <= link.cursor
  ) AS records
  FROM (SELECT folder, cursor,
    lag(cursor, 1, 0) OVER (PARTITION BY folder ORDER BY cursor) AS previous FROM chain) link
) gone
WHERE gone.folder = chain.folder AND gone.cursor = chain.cursor AND gone.records > 0;
`,
  `
-- How much was changed, by runs of 500 cursors: a run that lies within one step of time need not be looked through again.
-- Its times are those between which its records lie; what was pruned is no longer counted, and the times stay.
CREATE TABLE activity (
  folder INTEGER NOT NULL REFERENCES folders,
  run INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  creates INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  moves INTEGER NOT NULL,
  deletes INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (folder, run)
) STRICT, WITHOUT ROWID;
INSERT INTO activity ${runsOf('')};
CREATE TRIGGER changes_pruned AFTER DELETE ON changes BEGIN
  UPDATE activity SET
    creates = creates - (old.operation = 'create'),
    updates = updates - (old.operation = 'update'),
    moves = moves - (old.operation = 'move'),
    deletes = deletes - (old.operation = 'delete'),
    bytes = bytes - CASE WHEN ${brought('old.')} THEN old.after_size ELSE 0 END
  WHERE folder = old.folder AND run = old.cursor / ${RUN};
END;
`,
];

/** Throws, having written nothing, for a file that this version must not touch. */
export function refuseForeign(database: Database): void {
  const version = number(database, 'user_version');
  const application = number(database, 'application_id');
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (application !== APPLICATION && (version > 0 || tables !== 0)) {
    throw new Error(`${database.name} is a database of another program.`);
  }
  if (version > MIGRATIONS.length) {
    throw new Error(
      `${database.name} was written by a newer version of the server: its schema is ${version}, ` +
        `this version knows ${MIGRATIONS.length}. Start the newer version, or restore a backup.`,
    );
  }
}

/** Throws for a file whose steps are not all taken, too: who only reads cannot take them. */
export function mustBeCurrent(database: Database): void {
  refuseForeign(database);
  if (number(database, 'user_version') === MIGRATIONS.length) return;
  throw new Error(`${database.name} was written by an older version. Start the server once.`);
}

/** Takes the steps that are missing, all or none. Writes even when there are none. */
export function migrate(database: Database): void {
  database
    .transaction(() => {
      // Read again: another process may have taken the steps since.
      refuseForeign(database);
      for (const step of MIGRATIONS.slice(number(database, 'user_version'))) database.exec(step);
      database.pragma(`application_id = ${APPLICATION}`);
      database.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

const number = (database: Database, pragma: string): number =>
  Number(database.pragma(pragma, { simple: true }));
