import type { Database, Statement } from 'better-sqlite3';
import type { AuditRecord } from '../../ports.ts';

/** Who asked for what, as one connection sees it. */
export class AuditTable {
  readonly #add: Statement;
  readonly #newest: Statement<unknown[], AuditRow>;
  readonly #newestOf: Statement<unknown[], AuditRow>;
  readonly #prune: Statement;

  constructor(database: Database) {
    this.#add = database.prepare(
      'INSERT INTO audit (folder, time, client_id, action, detail) VALUES (?, ?, ?, ?, ?)',
    );
    this.#newest = database.prepare(`${SELECT} ${NEWEST}`);
    this.#newestOf = database.prepare(`${SELECT} AND client_id = ? ${NEWEST}`);
    this.#prune = database.prepare(PRUNE);
  }

  add(folder: number, records: readonly AuditRecord[]): void {
    for (const { time, clientId, action, detail } of records) {
      this.#add.run(folder, time, clientId ?? null, action, detail);
    }
  }

  newest(folder: number, { clientId, limit }: Query): AuditRecord[] {
    const rows =
      clientId === undefined
        ? this.#newest.all(folder, limit)
        : this.#newestOf.all(folder, clientId, limit);
    return rows.map((row) => ({ ...row, clientId: row.clientId ?? undefined }));
  }

  /** Removes records older than `before`, at most `limit`. Answers how many. */
  prune(folder: number, before: number, limit: number): number {
    return this.#prune.run(folder, before, limit).changes;
  }
}

interface Query {
  readonly clientId?: string;
  readonly limit: number;
}

type AuditRow = Omit<AuditRecord, 'clientId'> & { readonly clientId: string | null };

const SELECT = 'SELECT time, client_id AS clientId, action, detail FROM audit WHERE folder = ?';
const NEWEST = 'ORDER BY time DESC, id DESC LIMIT ?';
const PRUNE = `
DELETE FROM audit WHERE id IN (
  SELECT id FROM audit INDEXED BY audit_by_time WHERE folder = ? AND time < ?
  ORDER BY time LIMIT ?)`;
