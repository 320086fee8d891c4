import type { HistoryLine, HistoryQuery } from '../protocol/history.ts';
import { MAX_LINES } from '../protocol/limits.ts';
import type { FolderApi } from './folder-api.ts';

/** Lines of the history, page by page, newest first; they end where `limit` of them came. */
export async function* historyLines(
  folder: FolderApi,
  { limit, ...query }: HistoryQuery & { readonly limit: number },
): AsyncIterable<HistoryLine> {
  let { before } = query;
  for (let left = limit; left > 0; ) {
    const asked = Math.min(left, MAX_LINES);
    const page = await folder.history({
      ...query,
      ...(before !== undefined && { before }),
      limit: asked,
    });
    yield* page;
    if (page.length < asked) return;
    left -= page.length;
    before = page.at(-1)?.cursor;
  }
}

/** Newest first, and at most so many: what happened to all that is or was at a path, not to what is below it. */
export async function linesAt(
  folder: FolderApi,
  path: string,
  limit: number,
): Promise<HistoryLine[]> {
  const lines: HistoryLine[] = [];
  const all = historyLines(folder, { path, limit: Number.POSITIVE_INFINITY });
  for await (const line of all) {
    if (isAbout(path, line)) lines.push(line);
    if (lines.length >= limit) break;
  }
  return lines;
}

/** What is told of a path without having been below it is, or was, there itself. */
function isAbout(path: string, { path: at, old_path: from }: HistoryLine): boolean {
  if (at === path || from === path) return true;
  return ![at, from].some((one) => one?.startsWith(`${path}/`));
}
