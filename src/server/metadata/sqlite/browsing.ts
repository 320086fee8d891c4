import type { Database, Statement } from 'better-sqlite3';
import type { NodeId } from '../../../core/entry.ts';
import type { NamesPage } from '../../browsing.ts';
import { holdsText, isAscii, isForeign } from '../../holds-text.ts';

/**
 * Which living nodes are shown, as one connection sees them. Only the index by places is read, which holds names and ids
 * and no more: so the names of a large folder are looked through in the blink of an eye.
 */
export class BrowsingTable {
  readonly #first: Statement<unknown[], NodeId>;
  readonly #after: Statement<unknown[], NodeId>;
  readonly #like: Statement<unknown[], NodeId>;
  readonly #folded: Statement<unknown[], NodeId>;
  readonly #forget: readonly Statement[];

  constructor(database: Database) {
    addHoldsText(database);
    const ids = (sql: string) => database.prepare<unknown[], NodeId>(sql).pluck();
    const within = 'SELECT id FROM nodes INDEXED BY nodes_by_place WHERE folder = ?';
    this.#first = ids(`${within} AND parent = ? ORDER BY name LIMIT ?`);
    this.#after = ids(`${within} AND parent = ? AND name > ? ORDER BY name LIMIT ?`);
    this.#like = ids(`${within} AND name LIKE ? ESCAPE '\\' ORDER BY name, id LIMIT ?`);
    this.#folded = ids(`${within} AND (? OR octet_length(name) > length(name))
      AND holds_text(name, ?) ORDER BY name, id LIMIT ?`);
    this.#forget = [
      database.prepare('DELETE FROM tokens WHERE folder = ? AND client_id = ?'),
      database.prepare('DELETE FROM clients WHERE folder = ? AND client_id = ?'),
    ];
  }

  /** In the order of names. */
  children(folder: number, parent: NodeId, { after, limit }: NamesPage): NodeId[] {
    return after === undefined
      ? this.#first.all(folder, parent, limit)
      : this.#after.all(folder, parent, after, limit);
  }

  /** In the order of names and then of ids. */
  search(folder: number, text: string, limit: number): NodeId[] {
    if (text === '') return [];
    // The database itself knows the case of ASCII only, and is much faster with it.
    if (!isAscii(text)) return this.#folded.all(folder, isForeign(text) ? 0 : 1, text, limit);
    const literal = text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
    return this.#like.all(folder, `%${literal}%`, limit);
  }

  /** Answers whether the client was known. */
  forget(folder: number, clientId: string): boolean {
    return this.#forget.map((statement) => statement.run(folder, clientId).changes).at(-1) === 1;
  }
}

/** Of each row the same text is asked for: what is known of that is kept. */
function addHoldsText(database: Database): void {
  let last: { readonly text: unknown; readonly holds: (name: string) => boolean } | undefined;
  database.function('holds_text', { deterministic: true }, (name, text) => {
    if (last?.text !== text) last = { text, holds: holdsText(String(text)) };
    return last?.holds(String(name)) ? 1 : 0;
  });
}
