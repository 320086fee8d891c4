import type { Entry, NodeId } from '../../../core/entry.ts';
import type { Tree } from '../../../core/tree.ts';
import type { Difference } from '../layers.ts';
import { byName, Listing } from './listing.ts';
import { prepare, type Row } from './prepare.ts';
import type { Source } from './reading.ts';
import { Recent } from './recent.ts';
import { COLUMNS, rowOf } from './row.ts';

/** One of the three tables of nodes. */
export interface Layer<E extends Entry> extends Tree<E> {
  /** The row itself; undefined where there is none. */
  stored(id: NodeId): Difference<E> | undefined;
  /** Undefined: without a row. Whoever stores in one layer lets the listings of all be forgotten. */
  store(id: NodeId, difference: Difference<E> | undefined): void;
  /** What is stored anyhow, and came along with something else that was asked for. */
  learn(id: NodeId, row: Row | undefined): void;
  forgetListing(): void;
  /** What was stored may not be so any more. */
  forget(): void;
}

type Decode<E> = (row: Row) => E | undefined;

interface Rows<E extends Entry> {
  readonly decode: Decode<E>;
  /** How many rows are held in memory; 0: somebody else may write, so nothing is. */
  readonly held: number;
}

/** The table that holds its tree whole. */
export function wholeLayer<E extends Entry>(
  source: Source,
  table: string,
  given: Rows<E>,
): Layer<E> {
  const rows = rowsOf(source, table, given);
  const within = prepare(source, `SELECT id, ${COLUMNS} FROM ${table} WHERE parent = ?`);
  const children = prepare(source, `SELECT id FROM ${table} WHERE parent = ?`);
  const named = prepare(source, `SELECT id FROM ${table} WHERE parent = ? AND name = ?`);
  const load = (parent: NodeId) => byName(within.all(parent).map((row) => rows.keep(row)));
  return {
    ...rows,
    ...listed(given, load, (parent, name) => named.column(parent, name)),
    get: (id) => rows.stored(id)?.entry,
    children: (parent) => children.column(parent),
  };
}

interface Overlay<E extends Entry> {
  readonly base: Pick<Layer<E>, 'get' | 'learn'>;
  /** What else will be asked of all that is in a directory, once all of it is asked for. */
  readonly alsoLoad?: (parent: NodeId) => void;
}

/** A table that holds where its tree differs from the synced one. */
export function overlayLayer<E extends Entry>(
  source: Source,
  table: string,
  { base, alsoLoad, ...given }: Rows<E> & Overlay<E>,
): Layer<E> {
  const rows = rowsOf(source, table, given);
  const ofBase = (what: string, where: string): string => `
    SELECT ${what} FROM synced WHERE ${where}
      AND NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.id = synced.id)`;
  const both = (where: string): string =>
    `${ofBase('id', where)} UNION ALL SELECT id FROM ${table} WHERE ${where}`;
  const children = prepare(source, both('parent = ?'));
  const named = prepare(source, both('parent = ? AND name = ?'));
  const baseWithin = prepare(source, ofBase(`id, ${COLUMNS}`, 'parent = ?'));
  const within = prepare(source, `SELECT id, ${COLUMNS} FROM ${table} WHERE parent = ?`);
  const keepBase = (row: Row): readonly [NodeId, string] => {
    const [id, , name] = row as [string, string, string];
    rows.learn(id, undefined);
    base.learn(id, row.slice(1));
    return [id, name];
  };
  const load = (parent: NodeId) => {
    alsoLoad?.(parent);
    return byName([
      ...baseWithin.all(parent).map(keepBase),
      ...within.all(parent).map((row) => rows.keep(row)),
    ]);
  };
  return {
    ...rows,
    ...listed(given, load, (parent, name) => named.column(parent, name, parent, name)),
    get: (id) => {
      const row = rows.stored(id);
      return row === undefined ? base.get(id) : row.entry;
    },
    children: (parent) => children.column(parent, parent),
  };
}

type Named = (parent: NodeId, name: string) => readonly NodeId[];

function listed(
  { held }: { readonly held: number },
  load: ConstructorParameters<typeof Listing>[0],
  ask: Named,
): { named: Named; find: (...of: Parameters<Named>) => NodeId | undefined; forgetListing(): void } {
  const listing = new Listing(load);
  const named: Named =
    held === 0 ? ask : (parent, name) => listing.named(parent, name, () => ask(parent, name));
  return {
    named,
    find: (parent, name) => named(parent, name)[0],
    forgetListing: () => listing.forget(),
  };
}

interface StoredRows<E extends Entry>
  extends Pick<Layer<E>, 'stored' | 'store' | 'learn' | 'forget'> {
  /** Of a row that begins with the id. */
  keep(row: Row): readonly [NodeId, string];
}

function rowsOf<E extends Entry>(
  source: Source,
  table: string,
  { decode, held }: Rows<E>,
): StoredRows<E> {
  const get = prepare(source, `SELECT ${COLUMNS} FROM ${table} WHERE id = ?`);
  const columns = COLUMNS.split(', ');
  const put = prepare(
    source,
    `INSERT INTO ${table} (id, ${COLUMNS}) VALUES (?, ${columns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${columns.map((c) => `${c} = excluded.${c}`).join(', ')}`,
  );
  const remove = prepare(source, `DELETE FROM ${table} WHERE id = ?`);
  const recent = new Recent<NodeId, Difference<E> | undefined>(held);
  const differenceOf = (row: Row | undefined) => row && { entry: decode(row) };
  const load = (id: NodeId): Difference<E> | undefined => differenceOf(get.get(id));
  const learn = (id: NodeId, row: Row | undefined): void => recent.set(id, differenceOf(row));
  return {
    stored: (id) => recent.get(id, load),
    store: (id, difference) => {
      if (difference === undefined) remove.run(id);
      const row = difference && rowOf(difference.entry);
      if (row !== undefined) put.run(id, ...row);
      learn(id, row);
    },
    learn,
    keep: (row) => {
      const [id, , name] = row as [string, string, string];
      learn(id, row.slice(1));
      return [id, name];
    },
    forget: () => recent.clear(),
  };
}
