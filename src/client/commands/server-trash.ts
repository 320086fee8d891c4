import type { HistoryLine } from '../../protocol/history.ts';
import type { Deleted } from '../../protocol/rewind.ts';
import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { lineSize, lineTime } from '../line-text.ts';
import { linesAt } from '../lines-at.ts';
import { printable } from '../printable.ts';
import { Refused } from '../refused.ts';
import { openFolder, openFolderToChange, pathsMeant } from './open-folder.ts';
import { versionOf } from './option-count.ts';
import { jsonOf, type RestoredVersion, restoreLine, textOf } from './restore.ts';
import { askServer } from './server-refusal.ts';
import { shellWord } from './shell-word.ts';
import type { ListOptions, RestoreOptions } from './trash.ts';

/** Lists what was deleted anywhere and can be had again from the server, newest first. */
export async function serverTrashList(
  implementations: Implementations,
  { config, json, path }: ListOptions,
): Promise<number> {
  const located = readConfig(config);
  const { folder } = await openFolder(implementations, located);
  const found = await askServer(located, () => deletedAt(folder, located, path));
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : await listText(found, path));
  return 0;
}

/** Brings back what was deleted: of each path the newest deletion, or the one of a version. */
export async function serverTrashRestore(
  implementations: Implementations,
  { config, json, paths, version, day, to }: RestoreOptions,
): Promise<number> {
  const located = readConfig(config);
  if (day !== undefined || to !== undefined) throw onlyHere(day === undefined ? '--to' : '--day');
  const cursor = version === undefined ? undefined : versionOf(version, '--version');
  if (cursor !== undefined && paths.length > 1) throw onePath();
  const folder = await openFolderToChange(implementations, located);
  const done: Back[] = [];
  for (const path of paths)
    done.push(await askServer(located, () => bringBack(folder, located, { path, cursor })));
  process.stdout.write(
    json
      ? `${JSON.stringify(done.map(shown), null, 2)}\n`
      : done.map((one) => textOf(one.restored) + othersText(one)).join(''),
  );
  return 0;
}

const onlyHere = (option: string): Refused =>
  new Refused(
    `${option} chooses in the trash of this directory. Of the server's, --version chooses, and what comes back is where it was.`,
    { exitCode: 2 },
  );

const onePath = (): Refused =>
  new Refused('--version chooses among the deletions of one path. Name one.', { exitCode: 2 });

/** The first reading of the path at or below which something was deleted. */
async function deletedAt(
  folder: FolderApi,
  located: Located,
  path: string | undefined,
): Promise<readonly Deleted[]> {
  if (path === undefined) return await allDeleted(folder, undefined);
  for (const meant of pathsMeant(located, path)) {
    const found = await allDeleted(folder, meant);
    if (found.length > 0) return found;
  }
  return [];
}

async function allDeleted(folder: FolderApi, path: string | undefined): Promise<Deleted[]> {
  const all: Deleted[] = [];
  for (let before: number | undefined; ; ) {
    const { deleted, next } = await folder.trash({
      ...(path !== undefined && { path }),
      ...(before !== undefined && { before }),
    });
    all.push(...deleted);
    if (next === null) return all;
    before = next;
  }
}

interface Back {
  readonly path: string;
  readonly restored: RestoredVersion;
  /** Other deletions of the path, newest first. */
  readonly others: readonly HistoryLine[];
}

interface Wish {
  readonly path: string;
  readonly cursor: number | undefined;
}

/** By the history, which also tells of what went with a directory. */
async function bringBack(
  folder: FolderApi,
  located: Located,
  { path, cursor }: Wish,
): Promise<Back> {
  for (const meant of pathsMeant(located, path)) {
    const lines = await linesAt(folder, meant, Number.POSITIVE_INFINITY);
    const gone = lines.filter((line) => line.path === meant && isGone(line, lines));
    const line = cursor === undefined ? gone[0] : gone.find((one) => one.cursor === cursor);
    if (line === undefined && gone.length > 0) throw notOfVersion(path, gone);
    if (line === undefined) continue;
    const restored = await restoreLine(folder, { line, lines, path: meant });
    return { path, restored, others: gone.filter((one) => one !== line) };
  }
  throw new Refused(
    `Nothing that was at ${path} is in the server's trash. See what is: syncer-client trash list --server`,
  );
}

/** Its node was deleted by it, and did not come back since. */
const isGone = (line: HistoryLine, lines: readonly HistoryLine[]): boolean =>
  line.operation === 'delete' && lines.find(({ node }) => node === line.node) === line;

const notOfVersion = (path: string, gone: readonly HistoryLine[]): Refused =>
  new Refused(
    [`No deletion of ${path} has that version. There are:`, ...gone.map(deletionText)].join('\n'),
  );

const deletionText = (line: HistoryLine): string =>
  printable(
    `  --version ${line.cursor}   ${lineSize(line)}, deleted at ${lineTime(line)} by ${line.client_name}`,
  );

function othersText({ others, path }: Back): string {
  if (others.length === 0) return '';
  const head = `Of ${printable(path)} there are other deletions; syncer-client trash restore --server ${shellWord(path)} with`;
  return `${[head, ...others.map(deletionText)].join('\n')}\n`;
}

const shown = ({ path, restored, others }: Back) => ({
  asked: path,
  ...jsonOf(restored),
  others: others.map(({ cursor, time, client_name: by, size = null }) => ({
    ...{ version: cursor, time, client_name: by, size },
  })),
});

async function listText(found: readonly Deleted[], path: string | undefined): Promise<string> {
  if (found.length === 0)
    return path === undefined
      ? "The server's trash is empty.\n"
      : `Nothing that was at ${printable(path)} or below it is in the server's trash.\n`;
  const { bareTable } = await import('./bare-table.ts');
  const rows = found.map((one) => [
    `${one.version}`,
    lineTime(one),
    printable(one.client_name),
    lineSize(one),
    printable(one.path),
  ]);
  const way = 'Bring something back with: syncer-client trash restore --server PATH [--version V]';
  return [bareTable(HEAD, rows), '', way, ''].join('\n');
}

const HEAD = ['version', 'deleted (UTC)', 'by client', 'size', 'path'];
