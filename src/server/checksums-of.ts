import type { HistoryRecord } from './ports.ts';

/** Every content that a record of the history names: before, after, and what a merged one was made of. */
export function checksumsOf({ before, after, mergedFrom = [] }: HistoryRecord): string[] {
  const entries = [before, after].flatMap((entry) =>
    entry?.kind === 'file' ? [entry.checksum] : [],
  );
  return [...entries, ...mergedFrom.map(({ checksum }) => checksum)];
}
