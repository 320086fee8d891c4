import type { Database, Statement } from 'better-sqlite3';
import { ORIGIN } from '../../chain.ts';
import type { FolderName, FolderState } from '../../ports.ts';

export interface Folder extends FolderState {
  /** What the other tables call it. Never 0, never used again. */
  readonly key: number;
}

/** The folders, as one connection sees them. */
export class FolderTable {
  readonly #find: Statement<unknown[], Folder>;
  readonly #insert: Statement;
  readonly #advance: Statement;
  readonly #chain: Statement<unknown[], Buffer>;
  readonly #link: Statement;
  readonly #renew: Statement;
  readonly #counts: Statement<unknown[], Counts>;

  constructor(database: Database) {
    this.#find = database.prepare('SELECT key, epoch, cursor FROM folders WHERE name = ?');
    this.#insert = database.prepare(
      'INSERT INTO folders (name, epoch, cursor) VALUES (?, ?, 0) ON CONFLICT DO NOTHING',
    );
    this.#advance = database.prepare('UPDATE folders SET cursor = ? WHERE key = ?');
    this.#chain = database
      .prepare<unknown[], Buffer>('SELECT hash FROM chain WHERE folder = ? AND cursor = ?')
      .pluck();
    this.#link = database.prepare('INSERT INTO chain (folder, cursor, hash) VALUES (?, ?, ?)');
    this.#renew = database.prepare('UPDATE folders SET epoch = ? WHERE key = ?');
    this.#counts = database.prepare(COUNTS);
  }

  find(name: FolderName): Folder | undefined {
    return this.#find.get(name);
  }

  must(name: FolderName): Folder {
    const folder = this.find(name);
    if (folder === undefined) throw new Error(`There is no folder called ${name}.`);
    return folder;
  }

  /** There already: it stays as it is. */
  add(name: FolderName, epoch: string): void {
    this.#insert.run(name, epoch);
  }

  advance(folder: number, cursor: number): void {
    this.#advance.run(cursor, folder);
  }

  chain(folder: number, cursor: number): string | undefined {
    if (cursor === 0) return ORIGIN;
    return this.#chain.get(folder, cursor)?.toString('hex');
  }

  link(folder: number, cursor: number, chain: string): void {
    this.#link.run(folder, cursor, Buffer.from(chain, 'hex'));
  }

  renew(folder: number, epoch: string): void {
    this.#renew.run(epoch, folder);
  }

  counts(folder: number): Counts {
    const counts = this.#counts.get({ folder });
    if (counts === undefined) throw new Error('Counting gave no row.');
    return counts;
  }
}

interface Counts {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly chunks: number;
  readonly storedBytes: number;
  readonly history: number;
  readonly quarantined: number;
  readonly healed: number;
}

const COUNTS = `
SELECT files, directories, bytes, chunks, storedBytes, quarantined, healed,
  (SELECT coalesce(sum(creates + updates + moves + deletes), 0) FROM activity
    WHERE folder = @folder) AS history
FROM
  (SELECT count(*) FILTER (WHERE kind = 'file') AS files,
    count(*) FILTER (WHERE kind = 'directory') AS directories,
    coalesce(sum(size), 0) AS bytes FROM nodes WHERE folder = @folder),
  (SELECT count(*) AS chunks, coalesce(sum(length), 0) AS storedBytes
    FROM chunks WHERE folder = @folder),
  (SELECT count(*) FILTER (WHERE end IS NULL) AS quarantined,
    count(*) FILTER (WHERE end = 'healed') AS healed FROM quarantine WHERE folder = @folder)`;
