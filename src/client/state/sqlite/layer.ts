import type Database from 'better-sqlite3';
import type { Entry, NodeId } from '../../../core/entry.ts';
import type { Tree } from '../../../core/tree.ts';
import type { Difference } from '../layers.ts';
import { prepare, type Row } from './prepare.ts';
import { Recent } from './recent.ts';
import { COLUMNS, rowOf } from './row.ts';

/** One of the three tables of nodes. */
export interface Layer<E extends Entry> extends Tree<E> {
  /** The row itself; undefined where there is none. */
  stored(id: NodeId): Difference<E> | undefined;
  /** Undefined: without a row. */
  store(id: NodeId, difference: Difference<E> | undefined): void;
  /** What was stored may not be so any more. */
  forget(): void;
}

type Decode<E> = (row: Row) => E | undefined;

interface Rows<E extends Entry> {
  readonly decode: Decode<E>;
  /** How many rows are held in memory. */
  readonly held: number;
}

/** The table that holds its tree whole. */
export function wholeLayer<E extends Entry>(
  database: Database.Database,
  table: string,
  given: Rows<E>,
): Layer<E> {
  const rows = rowsOf(database, table, given);
  const children = prepare(database, `SELECT id FROM ${table} WHERE parent = ?`);
  const named = prepare(database, `SELECT id FROM ${table} WHERE parent = ? AND name = ?`);
  return {
    ...rows,
    get: (id) => rows.stored(id)?.entry,
    children: (parent) => children.column(parent),
    named: (parent, name) => named.column(parent, name),
    find: (parent, name) => named.column(parent, name)[0],
  };
}

/** A table that holds where its tree differs from the synced one. */
export function overlayLayer<E extends Entry>(
  database: Database.Database,
  table: string,
  { base, ...given }: Rows<E> & { readonly base: Pick<Tree<E>, 'get'> },
): Layer<E> {
  const rows = rowsOf(database, table, given);
  const both = (where: string): string => `
    SELECT id FROM synced WHERE ${where}
      AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.id = synced.id)
    UNION ALL SELECT id FROM ${table} WHERE ${where}`;
  const children = prepare(database, both('parent = ?'));
  const named = prepare(database, both('parent = ? AND name = ?'));
  return {
    ...rows,
    get: (id) => {
      const row = rows.stored(id);
      return row === undefined ? base.get(id) : row.entry;
    },
    children: (parent) => children.column(parent, parent),
    named: (parent, name) => named.column(parent, name, parent, name),
    find: (parent, name) => named.column(parent, name, parent, name)[0],
  };
}

function rowsOf<E extends Entry>(
  database: Database.Database,
  table: string,
  { decode, held }: Rows<E>,
): Pick<Layer<E>, 'stored' | 'store' | 'forget'> {
  const get = prepare(database, `SELECT ${COLUMNS} FROM ${table} WHERE id = ?`);
  const columns = COLUMNS.split(', ');
  const put = prepare(
    database,
    `INSERT INTO ${table} (id, ${COLUMNS}) VALUES (?, ${columns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${columns.map((c) => `${c} = excluded.${c}`).join(', ')}`,
  );
  const remove = prepare(database, `DELETE FROM ${table} WHERE id = ?`);
  const recent = new Recent<NodeId, Difference<E> | undefined>(held);
  const load = (id: NodeId): Difference<E> | undefined => {
    const row = get.get(id);
    return row && { entry: decode(row) };
  };
  return {
    stored: (id) => recent.get(id, load),
    store: (id, difference) => {
      if (difference === undefined) remove.run(id);
      const row = difference && rowOf(difference.entry);
      if (row !== undefined) put.run(id, ...row);
      recent.set(id, row && { entry: decode(row) });
    },
    forget: () => recent.clear(),
  };
}
