import type { HistoryLine, HistoryQuery } from '../../protocol/history.ts';
import { msToTime } from '../../protocol/time.ts';
import type { Implementations } from '../assemble.ts';
import { readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { lineSize, lineText, lineTime } from '../line-text.ts';
import { historyLines } from '../lines-at.ts';
import { parseMoment } from '../parse-moment.ts';
import { printable } from '../printable.ts';
import { Refused } from '../refused.ts';
import { openFolder } from './open-folder.ts';
import { countOf } from './option-count.ts';
import { askServer } from './server-refusal.ts';

export interface LogOptions {
  readonly since?: string;
  /** A client's name or id. */
  readonly client?: string;
  readonly limit: string;
  readonly config: string;
  readonly json: boolean;
}

/** Shows who did what in the whole folder, newest first. */
export async function log(
  implementations: Implementations,
  { since, client, limit, config, json }: LogOptions,
): Promise<number> {
  const located = readConfig(config);
  const most = countOf(limit, '--limit');
  const from = since === undefined ? undefined : momentOf(since);
  const { folder } = await openFolder(implementations, located);
  const lines = await askServer(located, async () => {
    const who = client === undefined ? [undefined] : await idsOf(folder, client);
    const each = who.map((id) =>
      collect(folder, { limit: most, ...(from && { since: from }), ...(id && { client_id: id }) }),
    );
    const all = (await Promise.all(each)).flat();
    return all.sort((a, b) => b.cursor - a.cursor).slice(0, most);
  });
  process.stdout.write(json ? `${JSON.stringify(lines, null, 2)}\n` : await textOf(lines, most));
  return 0;
}

const momentOf = (since: string): string =>
  msToTime(parseMoment(since, { option: '--since', now: Date.now() }));

async function collect(
  folder: FolderApi,
  query: HistoryQuery & { readonly limit: number },
): Promise<HistoryLine[]> {
  const lines: HistoryLine[] = [];
  for await (const line of historyLines(folder, query)) lines.push(line);
  return lines;
}

/** A name may be that of several clients. */
async function idsOf(folder: FolderApi, wanted: string): Promise<string[]> {
  const known = await folder.clients();
  const byId = known.filter(({ client_id: id }) => id === wanted);
  const byName = known.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const found = byId.length > 0 ? byId : byName;
  if (found.length > 0) return found.map(({ client_id: id }) => id);
  const names = [...new Set(known.map(({ name }) => printable(name)))].sort().join(', ');
  throw new Refused(
    `The server knows no client of the name or id ${wanted}. It knows: ${names || 'none'}.`,
  );
}

async function textOf(lines: readonly HistoryLine[], most: number): Promise<string> {
  if (lines.length === 0) return 'Nothing happened.\n';
  const { bareTable } = await import('./bare-table.ts');
  const rows = lines.map((line) => [
    `${line.cursor}`,
    lineTime(line),
    printable(line.client_name),
    lineSize(line),
    printable(`${line.path}: ${lineText(line)}`),
  ]);
  const more = lines.length < most ? [] : ['', `Older ones: --limit, now ${most}.`];
  return [bareTable(HEAD, rows), ...more, ''].join('\n');
}

const HEAD = ['version', 'time (UTC)', 'client', 'size', 'what'];
