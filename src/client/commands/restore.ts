import type { HistoryLine } from '../../protocol/history.ts';
import type { Restored } from '../../protocol/rewind.ts';
import type { Implementations } from '../assemble.ts';
import { readConfig } from '../config.ts';
import type { FolderApi } from '../folder-api.ts';
import { lineTime } from '../line-text.ts';
import { printable } from '../printable.ts';
import { countText } from '../quantity.ts';
import { Refused } from '../refused.ts';
import { noPast, pastOf } from './history.ts';
import { openFolderToChange } from './open-folder.ts';
import { versionOf } from './option-count.ts';
import { askServer } from './server-refusal.ts';
import { shellWord } from './shell-word.ts';

export interface RestoreOptions {
  readonly path: string;
  readonly version: string;
  readonly config: string;
  readonly json: boolean;
}

/** Gives a path back what it held at a version; the server has it, so nothing is sent. */
export async function restore(
  implementations: Implementations,
  { path, version, config, json }: RestoreOptions,
): Promise<number> {
  const located = readConfig(config);
  const cursor = versionOf(version, '--version');
  const folder = await openFolderToChange(implementations, located);
  const done = await askServer(located, async () => {
    const { path: meant, lines } = await pastOf(folder, located, { path, limit: ALL });
    if (lines.length === 0) throw noPast(path, located);
    const line = lines.find((one) => one.cursor === cursor);
    if (line === undefined) throw noVersion(path, cursor);
    return await restoreLine(folder, { line, lines, path: meant });
  });
  process.stdout.write(json ? `${JSON.stringify(jsonOf(done), null, 2)}\n` : textOf(done));
  return 0;
}

const ALL = Number.POSITIVE_INFINITY;

const noVersion = (path: string, version: number): Refused =>
  new Refused(
    `${path} has no version ${version}. Its versions are listed by: syncer-client history ${shellWord(path)}`,
  );

export interface Restoring {
  readonly line: HistoryLine;
  /** What happened at the path, newest first. */
  readonly lines: readonly HistoryLine[];
  readonly path: string;
}

export interface RestoredVersion extends Restored {
  readonly from: HistoryLine;
  /** The version that the node had before; undefined where it was deleted. */
  readonly before: number | undefined;
}

export async function restoreLine(
  folder: FolderApi,
  { line, lines }: Restoring,
): Promise<RestoredVersion> {
  const { node, cursor } = line;
  const newest = lines.find((one) => one.node === node);
  const before = newest?.operation === 'delete' ? undefined : newest?.cursor;
  return { ...(await folder.restore({ node, version: cursor })), from: line, before };
}

/** The command that takes it back; undefined where nothing was changed. */
function undoOf({ path, before, first }: RestoredVersion): string | undefined {
  if (first === undefined) return undefined;
  const name = shellWord(path);
  return before === undefined
    ? `syncer-client rewind ${name} --to ${first - 1}`
    : `syncer-client restore ${name} --version ${before}`;
}

export const jsonOf = (done: RestoredVersion) => {
  const { path, restored, first, last, from } = done;
  return {
    ...{ path, restored, version: from.cursor, node: from.node },
    ...{ first: first ?? null, last: last ?? null, undo: undoOf(done) ?? null },
  };
};

export function textOf(done: RestoredVersion): string {
  const { path, restored, from, before, first } = done;
  const when = `version ${from.cursor}, of ${lineTime(from)} by ${from.client_name}`;
  const undo = undoOf(done);
  if (undo === undefined)
    return `${printable(`${path} is as it was (${when}): nothing was changed.`)}\n`;
  const more = restored > 1 ? `, with ${countText(restored - 1, 'thing')} in it` : '';
  const what = before === undefined ? 'is back' : 'holds again what it held';
  const moved = path === from.path ? [] : [`It was at ${from.path}; that is not where it is now.`];
  const said = [
    `${path} ${what}${more} (${when}); it is version ${first} now, and comes to every client.`,
    ...moved,
    `To take that back: ${undo}`,
  ];
  return `${said.map(printable).join('\n')}\n`;
}
