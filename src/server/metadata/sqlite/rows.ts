import type { Kind, Versioned } from '../../../core/entry.ts';

/** What a column holds. */
export type Value = string | number | Uint8Array | null;
export type Row = readonly Value[];

/** The columns of an entry, in the order in which `toEntry` and `fromEntry` have them. */
const ENTRY_COLUMNS = [
  'kind',
  'parent',
  'name',
  'checksum',
  'size',
  'mtime',
  'executable',
  'target',
  'place_version',
  'content_version',
  'author',
] as const;

type EntryRow = readonly [
  kind: Kind | null,
  parent: string,
  name: string,
  checksum: Uint8Array | null,
  size: number | null,
  mtime: number | null,
  executable: number | null,
  target: string | null,
  placeVersion: number,
  contentVersion: number,
  author: string,
];

export const ENTRY_WIDTH: number = ENTRY_COLUMNS.length;
const ABSENT: Row = ENTRY_COLUMNS.map(() => null);

/** `kind, parent, …`, each with what stands before it: a table's letter, or `before_`. */
export const entryColumns = (prefix = ''): string =>
  ENTRY_COLUMNS.map((column) => prefix + column).join(', ');

/** The entry in the columns from `at` on; undefined where there is none. */
export function toEntry(row: Row, at: number): Versioned | undefined {
  const columns = row.slice(at, at + ENTRY_WIDTH) as unknown as EntryRow;
  const [kind, parent, name, checksum, size, mtime, executable, target] = columns;
  const [placeVersion, contentVersion, author] = columns.slice(-3) as [number, number, string];
  const rest = { parent, name, placeVersion, contentVersion, author };
  if (kind === 'file' && checksum !== null && size !== null && mtime !== null) {
    return { kind, checksum: toHex(checksum), size, mtime, executable: executable === 1, ...rest };
  }
  if (kind === 'symlink' && target !== null) return { kind, target, ...rest };
  if (kind === 'directory') return { kind, ...rest };
  if (kind === null) return undefined;
  throw new Error(`A ${kind} in the database is not whole.`);
}

export function fromEntry(entry: Versioned | undefined): Row {
  if (entry === undefined) return ABSENT;
  const { kind, parent, name, placeVersion, contentVersion, author } = entry;
  return [kind, parent, name, ...content(entry), placeVersion, contentVersion, author];
}

function content(entry: Versioned): Row {
  if (entry.kind === 'symlink') return [null, null, null, null, entry.target];
  if (entry.kind === 'directory') return [null, null, null, null, null];
  const { checksum, size, mtime, executable } = entry;
  return [fromHex(checksum), size, mtime, executable ? 1 : 0, null];
}

/** Places for this many values. */
export const places = (count: number): string => Array(count).fill('?').join(', ');

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** The 32 bytes of a SHA-256. Throws for what is not one. */
export function fromHex(hash: string): Uint8Array {
  const bytes = Buffer.from(hash, 'hex');
  if (bytes.length !== 32 || hash.length !== 64) throw new Error('A SHA-256 has 64 hex digits.');
  return bytes;
}

/** Many values as one parameter for `json_each`: so a statement is prepared once for any number. */
export const list = (values: Iterable<unknown>): string => JSON.stringify([...new Set(values)]);
