import type { Entry, Kind, Versioned } from '../../../core/entry.ts';
import type { Cell, Row } from './prepare.ts';

/** The columns that hold what a node is, in the order of a Row. */
export const COLUMNS =
  'parent, name, kind, checksum, size, mtime, executable, target, ' +
  'place_version, content_version, author';

/** A node that is not there. */
const ABSENT: readonly Cell[] = Array<Cell>(11).fill(null);

export function rowOf(entry: Entry | Versioned | undefined): readonly Cell[] {
  if (entry === undefined) return ABSENT;
  const place = [entry.parent, entry.name, entry.kind] as const;
  return [...place, ...contentCells(entry), ...versionCells(entry)];
}

/** Undefined where the row says that the node is not there. */
export function entryOf(row: Row): Entry | undefined {
  const [parent, name, kind] = row as [string, string, Kind | null];
  if (kind === null) return undefined;
  if (kind === 'directory') return { kind, parent, name };
  if (kind === 'symlink') return { kind, parent, name, target: row[7] as string };
  const [checksum, size, mtime, executable] = row.slice(3, 7) as [string, number, number, number];
  return { kind, parent, name, checksum, size, mtime, executable: executable === 1 };
}

export function versionedOf(row: Row): Versioned | undefined {
  const entry = entryOf(row);
  if (entry === undefined) return undefined;
  const [placeVersion, contentVersion, author] = row.slice(8, 11) as [number, number, string];
  return Object.assign(entry, { placeVersion, contentVersion, author });
}

function contentCells(entry: Entry): Cell[] {
  if (entry.kind === 'directory') return [null, null, null, null, null];
  if (entry.kind === 'symlink') return [null, null, null, null, entry.target];
  return [entry.checksum, entry.size, entry.mtime, entry.executable ? 1 : 0, null];
}

const versionCells = (entry: Entry | Versioned): Cell[] =>
  'author' in entry ? [entry.placeVersion, entry.contentVersion, entry.author] : [null, null, null];
