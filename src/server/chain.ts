import { createHash } from 'node:crypto';
import type { Versioned } from '../core/entry.ts';
import { drain, isTurn } from '../core/pieces.ts';
import type { HistoryRecord } from './ports.ts';

/** Before the first commit. */
export const ORIGIN = '0'.repeat(64);

/**
 * Names a history by all that it holds: SHA-256, in hex, of its name before the last commit and of what
 * that commit changed. Two histories that differ anywhere never have the same name again, even if they
 * count the same cursors (rule S5).
 */
export const chainAfter = (before: string, commit: readonly HistoryRecord[]): string =>
  drain(chainInPieces(before, commit));

/** As `chainAfter`, in pieces, for others to have their turn in between. */
export function* chainInPieces(
  before: string,
  commit: readonly HistoryRecord[],
): Generator<void, string> {
  const hash = createHash('sha256').update(before);
  for (const [at, record] of commit.entries()) {
    if (isTurn(at)) yield;
    hash.update(`\n${JSON.stringify(valuesOf(record))}`);
  }
  return hash.digest('hex');
}

/** In a fixed order, and only what every store gives back as it was. */
function valuesOf(record: HistoryRecord): unknown[] {
  const { cursor, node, operation, path, oldPath, clientId, clientName, time, cause } = record;
  const who = [clientId, clientName, time, cause];
  const from = record.mergedFrom?.map(({ checksum, size }) => [checksum, size]) ?? null;
  const entries = [entryValues(record.before), entryValues(record.after)];
  return [cursor, node, operation, path, oldPath ?? null, ...who, from, ...entries];
}

function entryValues(entry: Versioned | undefined): unknown[] {
  if (entry === undefined) return [];
  const { kind, parent, name, placeVersion, contentVersion, author } = entry;
  const always = [kind, parent, name, placeVersion, contentVersion, author];
  if (entry.kind === 'directory') return always;
  if (entry.kind === 'symlink') return [...always, entry.target];
  return [...always, entry.checksum, entry.size, entry.mtime, entry.executable];
}
