import type { Database, Statement } from 'better-sqlite3';
import { type NodeId, type Place, ROOT, type Versioned } from '../../../core/entry.ts';
import { isTurn } from '../../../core/pieces.ts';
import { ENTRY_WIDTH, entryColumns, fromEntry, list, places, type Row, toEntry } from './rows.ts';

const NODE = `n.id, ${entryColumns('n.')}`;
/** More than any path has: ends the walk through a ring, which should not be. */
const DEEPEST = 10_000;

/**
 * The living nodes, as one connection sees them. Indexes are named: left to choose, SQLite may walk
 * the whole folder by its key, for it does not know that there is only one folder.
 */
export class NodeTable {
  readonly #byId: Statement<unknown[], Row>;
  readonly #byPlace: Statement<unknown[], Row>;
  readonly #byParent: Statement<unknown[], Row>;
  readonly #page: Statement<unknown[], Row>;
  readonly #at: Statement<unknown[], NodeId>;
  readonly #path: Statement<unknown[], string>;
  readonly #delete: Statement;
  readonly #insert: Statement;

  constructor(database: Database) {
    const rows = (sql: string) => database.prepare<unknown[], Row>(sql).raw(true);
    this.#byId = rows(`SELECT ${NODE} FROM json_each(?) j
      CROSS JOIN nodes n ON n.folder = ? AND n.id = j.value`);
    this.#byPlace = rows(`SELECT DISTINCT n.parent, n.name, n.id FROM json_each(?) j
      CROSS JOIN nodes n INDEXED BY nodes_by_place
      ON n.folder = ? AND n.parent = j.value ->> 0 AND n.name = j.value ->> 1`);
    this.#byParent = rows(`SELECT ${NODE} FROM json_each(?) j
      CROSS JOIN nodes n INDEXED BY nodes_by_place ON n.folder = ? AND n.parent = j.value`);
    this.#page = rows(`SELECT ${NODE} FROM nodes n
      WHERE n.folder = ? AND n.id > ? ORDER BY n.id LIMIT ?`);
    this.#at = database
      .prepare<unknown[], NodeId>(
        'SELECT id FROM nodes WHERE folder = ? AND parent = ? AND name = ?',
      )
      .pluck();
    this.#path = database.prepare<unknown[], string>(PATH).pluck();
    this.#delete = database.prepare('DELETE FROM nodes WHERE folder = ? AND id = ?');
    this.#insert = database.prepare(
      `INSERT INTO nodes (folder, id, ${entryColumns()}) VALUES (${places(2 + ENTRY_WIDTH)})`,
    );
  }

  byId(folder: number, ids: readonly NodeId[]): Map<NodeId, Versioned> {
    return new Map(pairs(this.#byId.all(list(ids), folder)));
  }

  /** Those of them that live, in their order. */
  inOrder(folder: number, ids: readonly NodeId[]): [NodeId, Versioned][] {
    const entries = this.byId(folder, ids);
    return ids.flatMap((id): [NodeId, Versioned][] => {
      const entry = entries.get(id);
      return entry === undefined ? [] : [[id, entry]];
    });
  }

  byPlace(folder: number, wanted: readonly Place[]): { place: Place; node: NodeId }[] {
    const rows = this.#byPlace.all(list(wanted.map(({ parent, name }) => [parent, name])), folder);
    return (rows as [NodeId, string, NodeId][]).map(([parent, name, node]) => ({
      place: { parent, name },
      node,
    }));
  }

  children(folder: number, parents: readonly NodeId[]): Map<NodeId, Versioned> {
    return new Map(pairs(this.#byParent.all(list(parents), folder)));
  }

  page(folder: number, { after = '', limit }: Page): [NodeId, Versioned][] {
    return pairs(this.#page.all(folder, after, limit));
  }

  /** The living node at a path from the folder's root. */
  at(folder: number, path: string): NodeId | undefined {
    let at: NodeId | undefined = ROOT;
    for (const name of path.split('/')) {
      if (at !== undefined) at = this.#at.get(folder, at, name);
    }
    return at;
  }

  /** The path of a living node. */
  path(folder: number, id: NodeId): string | undefined {
    return this.#path.get({ folder, id });
  }

  /** All at once, for they may swap places; `living` are those that are there. Throws when two would be at one place. */
  *setInPieces(
    folder: number,
    states: ReadonlyMap<NodeId, Versioned | undefined>,
    living: readonly NodeId[],
  ): Generator<void> {
    for (const [at, id] of living.entries()) {
      if (isTurn(at)) yield;
      this.#delete.run(folder, id);
    }
    for (const [at, [id, entry]] of [...states].entries()) {
      if (isTurn(at)) yield;
      if (entry !== undefined) this.#insert.run(folder, id, ...fromEntry(entry));
    }
  }
}

interface Page {
  readonly after: NodeId | undefined;
  readonly limit: number;
}

const PATH = `
WITH RECURSIVE up (parent, path, depth) AS (
  SELECT parent, name, 1 FROM nodes WHERE folder = @folder AND id = @id
  UNION ALL
  SELECT n.parent, n.name || '/' || up.path, up.depth + 1
  FROM up CROSS JOIN nodes n ON n.folder = @folder AND n.id = up.parent
  WHERE up.depth < ${DEEPEST}
)
SELECT path FROM up WHERE parent = '${ROOT}'`;

function pairs(rows: readonly Row[]): [NodeId, Versioned][] {
  return rows.map((row) => {
    const entry = toEntry(row, 1);
    if (entry === undefined) throw new Error('A node in the database has no entry.');
    return [row[0] as NodeId, entry];
  });
}
