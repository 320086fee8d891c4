import type { Database, Statement } from 'better-sqlite3';
import type { ChunkPlace, Quarantined } from '../../ports.ts';
import { toPlace } from './chunks.ts';
import { fromHex, list, type Row } from './rows.ts';

/** What rotted, as one connection sees it. */
export class QuarantineTable {
  readonly #remove: Statement;
  readonly #add: Statement;
  readonly #page: Statement<unknown[], Row>;
  readonly #isEmpty: Statement<unknown[], number>;
  readonly #end: Statement;

  constructor(database: Database) {
    this.#remove = database.prepare(
      'DELETE FROM chunks WHERE folder = ? AND hash = ? AND pack = ? AND offset = ?',
    );
    this.#add = database.prepare(
      `INSERT INTO quarantine (folder, hash, size, pack, offset, length, encoding, since, reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#page = database
      .prepare<unknown[], Row>(
        `SELECT hash, size, pack, offset, length, encoding, since, reason, number FROM quarantine
         WHERE folder = ? AND end IS NULL AND number < ? ORDER BY number DESC LIMIT ?`,
      )
      .raw(true);
    this.#isEmpty = database
      .prepare<unknown[], number>(
        'SELECT NOT EXISTS (SELECT 1 FROM quarantine WHERE folder = ? AND end IS NULL)',
      )
      .pluck();
    this.#end = database.prepare(
      `UPDATE quarantine SET end = ? WHERE folder = ? AND end IS NULL
       AND hash IN (SELECT unhex(value) FROM json_each(?))`,
    );
  }

  /** Those that still lie where it is said. */
  take(folder: number, chunks: readonly Quarantined[]): string[] {
    const taken = chunks.filter((chunk) => this.#takeOne(folder, chunk));
    return taken.map(({ hash }) => hash);
  }

  #takeOne(folder: number, chunk: Quarantined): boolean {
    const { size, pack, offset, length, encoding, since, reason } = chunk;
    const hash = fromHex(chunk.hash);
    if (this.#remove.run(folder, hash, pack, offset).changes === 0) return false;
    this.#add.run(folder, hash, size, pack, offset, length, encoding, since, reason);
    return true;
  }

  page(
    folder: number,
    {
      before = Number.MAX_SAFE_INTEGER,
      limit,
    }: { readonly before?: number; readonly limit: number },
  ): (Quarantined & { readonly number: number })[] {
    return this.#page.all(folder, before, limit).map((row) => {
      const [since, reason, number] = row.slice(6) as [number, Quarantined['reason'], number];
      return { ...toPlace(row), since, reason, number };
    });
  }

  /** These are stored again. */
  heal(folder: number, places: readonly ChunkPlace[]): void {
    if (this.#isEmpty.get(folder) === 1) return;
    const hashes = list(places.map(({ hash }) => hash));
    this.#end.run('healed', folder, hashes);
  }

  forget(folder: number, hashes: readonly string[]): void {
    this.#end.run('forgotten', folder, list(hashes));
  }
}
