import type { HistoryRecord } from '../ports.ts';

/**
 * The folder's cursor after these records; the same when there are none. Throws when they do not
 * follow the folder's cursor without a gap.
 */
export function lastCursor(cursor: number, records: readonly HistoryRecord[]): number {
  let last = cursor;
  for (const record of records) {
    if (record.cursor !== last + 1) {
      throw new Error(`After cursor ${last} comes ${last + 1}, not ${record.cursor}.`);
    }
    last = record.cursor;
  }
  return last;
}
