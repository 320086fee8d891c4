import { useQuery } from '@tanstack/react-query';
import type { HistoryLine } from '../../protocol/history.ts';
import { call } from './call.ts';
import { readExact, SHOWN_TEXT } from './read-text.ts';

/** An earlier version of a file, from which two others may have been made. */
export interface Base {
  readonly cursor: number;
  readonly time: string;
  readonly client: string;
  readonly text: string;
}

interface Asked {
  /** Of the conflict copy. */
  readonly path: string;
  readonly original: string;
  /** Checksums of the two versions: neither was made from itself. */
  readonly not: readonly string[];
}

/** The newest of the earlier versions: what both were made from is not far back. */
const MOST = 12;
/** Lines of the history that are looked through. */
const LINES = 200;

/** The texts that a file held before a conflict copy of it came, the oldest first. */
export const useBases = (asked: Asked) =>
  useQuery({
    queryKey: ['bases', asked],
    queryFn: ({ signal }) => findBases(asked, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

async function findBases({ path, original, not }: Asked, signal: AbortSignal): Promise<Base[]> {
  const historyOf = async (query: { path: string } | { node: string; before?: number }) =>
    (await call('history', { query: { ...query, limit: LINES } }, signal)).history;
  const node = (await historyOf({ path: original })).find((line) => isThere(line, original))?.node;
  const copy = (await historyOf({ path })).findLast((line) => isThere(line, path));
  if (node === undefined || copy === undefined) return [];
  const lines = versionsIn(await historyOf({ node, before: copy.cursor }), new Set(not));
  const bases = await Promise.all(
    lines.map(async ({ cursor, time, client_name: client, checksum = '', size = 0 }) => {
      const text = await readExact({ checksum, size }, signal).catch(() => undefined);
      return text === undefined ? [] : [{ cursor, time, client, text }];
    }),
  );
  return bases.flat().toReversed();
}

const isThere = ({ path, operation }: HistoryLine, wanted: string): boolean =>
  path === wanted && operation !== 'delete';

/** Each content once, by the newest line that brought it. */
function versionsIn(lines: readonly HistoryLine[], known: Set<string>): HistoryLine[] {
  return lines
    .filter(({ checksum, size = 0, operation }) => {
      if (checksum === undefined || operation === 'delete' || known.has(checksum)) return false;
      known.add(checksum);
      return size <= SHOWN_TEXT;
    })
    .slice(0, MOST);
}
