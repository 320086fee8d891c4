import type { HistoryLine } from '../../protocol/history.ts';
import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { lineSize, lineText, lineTime } from '../line-text.ts';
import { linesAt } from '../lines-at.ts';
import { printable } from '../printable.ts';
import { Refused } from '../refused.ts';
import { openFolder, pathsMeant } from './open-folder.ts';
import { countOf } from './option-count.ts';
import { askServer } from './server-refusal.ts';

export interface HistoryOptions {
  readonly path: string;
  readonly limit: string;
  readonly config: string;
  readonly json: boolean;
}

/** A line as `--json` prints it. */
export interface ShownLine extends HistoryLine {
  /** What is at the path now is what this change made. */
  readonly present: boolean;
}

/** Shows every version of what is or was at a path, newest first. */
export async function history(
  implementations: Implementations,
  { path, limit, config, json }: HistoryOptions,
): Promise<number> {
  const located = readConfig(config);
  const most = countOf(limit, '--limit');
  const { folder } = await openFolder(implementations, located);
  const lines = await askServer(located, async () => {
    const found = await pastOf(folder, located, { path, limit: most });
    return found.lines.length === 0 ? [] : marked(found.lines, await folder.nodeAt(found.path));
  });
  if (lines.length === 0 && !json) throw noPast(path, located);
  process.stdout.write(json ? `${JSON.stringify(lines, null, 2)}\n` : await textOf(lines, path));
  return 0;
}

interface Asked {
  readonly path: string;
  readonly limit: number;
}

/** What a path that was typed means: the first reading of it that has a past. */
export async function pastOf(
  folder: FolderApi,
  located: Located,
  { path, limit }: Asked,
): Promise<{ readonly path: string; readonly lines: readonly HistoryLine[] }> {
  for (const meant of pathsMeant(located, path)) {
    const lines = await linesAt(folder, meant, limit);
    if (lines.length > 0) return { path: meant, lines };
  }
  return { path, lines: [] };
}

export const noPast = (path: string, { server }: Located): Refused =>
  new Refused(
    `The server at ${server} knows of nothing that is or was at ${path}. syncer-client log shows what it knows of; ` +
      'what was never synchronized is not there.',
  );

/** The newest line of the node that is there now. */
function marked(lines: readonly HistoryLine[], living: string | undefined): ShownLine[] {
  const present = lines.find(({ node }) => node === living);
  return lines.map((line) => ({ ...line, present: line === present }));
}

async function textOf(lines: readonly ShownLine[], path: string): Promise<string> {
  const { bareTable } = await import('./bare-table.ts');
  const rows = lines.map((line) => [
    `${line.cursor}`,
    lineTime(line),
    printable(line.client_name),
    lineSize(line),
    printable(`${lineText(line)}${line.present ? ' (present)' : ''}`),
  ]);
  const way = `Bring a version back with: syncer-client restore ${printable(path)} --version VERSION`;
  return [bareTable(HEAD, rows), '', way, ''].join('\n');
}

const HEAD = ['version', 'time (UTC)', 'client', 'size', 'what'];
