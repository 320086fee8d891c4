import type { Database, Statement } from 'better-sqlite3';
import type { ClientRecord, CommitRecord } from '../../ports.ts';

const CLIENT = 'client_id AS clientId, name, sync_root AS syncRoot, last_seen AS lastSeen, cursor';

/** The clients that were here, and the answers their commits got, as one connection sees them. */
export class ClientTable {
  readonly #put: Statement;
  readonly #get: Statement<unknown[], ClientRecord>;
  readonly #all: Statement<unknown[], ClientRecord>;
  readonly #token: Statement<unknown[], string>;
  readonly #withTokens: Statement<unknown[], string>;
  readonly #setToken: Statement;
  readonly #commit: Statement<unknown[], CommitRecord>;
  readonly #addCommit: Statement;

  constructor(database: Database) {
    this.#put = database.prepare(PUT);
    this.#get = database.prepare(
      `SELECT ${CLIENT} FROM clients WHERE folder = ? AND client_id = ?`,
    );
    this.#all = database.prepare(
      `SELECT ${CLIENT} FROM clients WHERE folder = ? ORDER BY client_id`,
    );
    this.#token = database
      .prepare<unknown[], string>('SELECT token FROM tokens WHERE folder = ? AND client_id = ?')
      .pluck();
    this.#withTokens = database
      .prepare<unknown[], string>('SELECT client_id FROM tokens WHERE folder = ?')
      .pluck();
    this.#setToken = database.prepare(
      `INSERT INTO tokens (folder, client_id, token) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET token = excluded.token`,
    );
    this.#commit = database.prepare(
      'SELECT key, first, last FROM commits WHERE folder = ? AND client_id = ? AND key = ?',
    );
    this.#addCommit = database.prepare(
      `INSERT INTO commits (folder, client_id, key, first, last, time)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
  }

  put(folder: number, client: ClientRecord): void {
    const { clientId, name, syncRoot, lastSeen, cursor } = client;
    this.#put.run(folder, clientId, name, syncRoot, lastSeen, cursor);
  }

  get(folder: number, clientId: string): ClientRecord | undefined {
    return this.#get.get(folder, clientId);
  }

  all(folder: number): ClientRecord[] {
    return this.#all.all(folder);
  }

  withTokens(folder: number): Set<string> {
    return new Set(this.#withTokens.all(folder));
  }

  exchangeToken(folder: number, { clientId, expected, next }: Exchange): boolean {
    const token = this.#token.get(folder, clientId);
    if (token !== undefined && expected !== 'any' && !expected.includes(token)) return false;
    this.#setToken.run(folder, clientId, next);
    return true;
  }

  commit(folder: number, clientId: string, key: string): CommitRecord | undefined {
    return this.#commit.get(folder, clientId, key);
  }

  /** Remembered already: the first answer stays. */
  addCommit(folder: number, { clientId, key, first, last, time }: Remembered): void {
    this.#addCommit.run(folder, clientId, key, first, last, time);
  }
}

interface Exchange {
  readonly clientId: string;
  readonly expected: readonly string[] | 'any';
  readonly next: string;
}

interface Remembered extends CommitRecord {
  readonly clientId: string;
  readonly time: number;
}

const PUT = `
INSERT INTO clients (folder, client_id, name, sync_root, last_seen, cursor)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET name = excluded.name, sync_root = excluded.sync_root,
  last_seen = excluded.last_seen, cursor = excluded.cursor
WHERE excluded.last_seen >= clients.last_seen`;
