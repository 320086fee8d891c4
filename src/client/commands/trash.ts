import type { Implementations } from '../assemble.ts';
import { chooseTrashed, isAtOrBelow, newestFirst, timeText } from '../choose-trashed.ts';
import { type Located, readConfig } from '../config.ts';
import { readingsOf } from '../path-meant.ts';
import { type Disk, DiskError, type DiskProblem, type Path } from '../ports.ts';
import { printable } from '../printable.ts';
import { bytesText } from '../quantity.ts';
import { Refused } from '../refused.ts';
import {
  type NotRestored,
  type Restored,
  type Restoring,
  restoreTrashed,
} from '../restore-trashed.ts';
import type { Trashed } from '../trashed.ts';
import { mustBeBound } from './must-be-bound.ts';
import { openDirectory } from './open-directory.ts';

export interface TrashOptions {
  readonly config: string;
  readonly json: boolean;
}

export interface ListOptions extends TrashOptions {
  /** Only what was there or below; undefined: everything. */
  readonly path: string | undefined;
}

export interface RestoreOptions extends TrashOptions {
  readonly paths: readonly string[];
  readonly day?: string;
  readonly to?: string;
  /** Of a deletion, as the server's trash shows it; for what lies there. */
  readonly version?: string;
}

/** Lists what lies in the trash, newest first, whether or not a client is running. */
export async function trashList(
  implementations: Implementations,
  { config, json, path }: ListOptions,
): Promise<number> {
  const located = readConfig(config);
  const { disk } = await openDirectory(implementations, located);
  const all = [...(await disk.trashed())].sort(newestFirst);
  const found = path === undefined ? all : meantBy(all, located, path).found;
  process.stdout.write(
    json ? `${JSON.stringify(found.map(shown), null, 2)}\n` : await listText(found, path),
  );
  return 0;
}

/** Brings back what was thrown away; a client that runs, or the next one, sees it as any other new file. */
export async function trashRestore(
  implementations: Implementations,
  { config, json, paths, day, to, version }: RestoreOptions,
): Promise<number> {
  const located = readConfig(config);
  if (version !== undefined) throw onlyServer();
  const { disk } = await openDirectory(implementations, located);
  await mustBeBound(implementations, located, disk);
  const all = await disk.trashed();
  const goal = to === undefined ? undefined : goalOf(located, to);
  const into = goal !== undefined && (await isDirectory(disk, goal));
  if (goal !== undefined && !into && paths.length > 1) throw notADirectory(to ?? '');
  const plan = paths.map((path) => planOf(all, located, { path, day, goal, into }));
  const done = await restoreTrashed(
    disk,
    plan.flatMap(({ restoring }) => restoring),
  );
  const older = plan.reduce((sum, one) => sum + one.older, 0);
  process.stdout.write(
    json ? jsonOf(done.restored, done.failed, older) : restoredText(done.restored, older),
  );
  for (const one of done.failed) process.stderr.write(`error: ${failureText(one)}\n`);
  return done.failed.length === 0 ? 0 : 1;
}

/** What a path that was typed means: the first reading of it that the trash knows. */
function meantBy(
  all: readonly Trashed[],
  { directory }: Located,
  path: string,
): { readonly top: Path | undefined; readonly found: readonly Trashed[] } {
  for (const top of readingsOf(directory, path)) {
    const found = all.filter((one) => isAtOrBelow(one, top));
    if (found.length > 0) return { top, found };
  }
  return { top: undefined, found: [] };
}

interface Wish {
  readonly path: string;
  readonly day: string | undefined;
  /** Where it is to go; undefined: where it was. */
  readonly goal: Path | undefined;
  /** Whether the goal is a directory that it is to go into. */
  readonly into: boolean;
}

function planOf(
  all: readonly Trashed[],
  located: Located,
  { path, day, goal, into }: Wish,
): { readonly restoring: readonly Restoring[]; readonly older: number } {
  const { top } = meantBy(all, located, path);
  if (top === undefined) throw notInTrash(path);
  const { things, older } = chooseTrashed(all, { top, day });
  if (things.length === 0) throw notOfDay(path, day ?? '');
  const base = goal === undefined ? top : into ? [...goal, ...top.slice(-1)] : goal;
  return {
    restoring: things.map((thing) => ({ thing, to: [...base, ...thing.path.slice(top.length)] })),
    older,
  };
}

function goalOf({ directory }: Located, to: string): Path {
  const readings = [...readingsOf(directory, to)];
  const [first] = readings;
  if (first !== undefined) return first;
  throw new Refused(`${to} is not in ${directory}. --to names a place in the directory.`, {
    exitCode: 2,
  });
}

/** What cannot be looked at is for the restoring to find. */
async function isDirectory(disk: Disk, path: Path): Promise<boolean> {
  try {
    return (await disk.look(path))?.kind === 'directory';
  } catch (error) {
    if (error instanceof DiskError) return false;
    throw error;
  }
}

const onlyServer = (): Refused =>
  new Refused("--version chooses in the server's trash: say --server too. Here --day chooses.", {
    exitCode: 2,
  });

const notADirectory = (to: string): Refused =>
  new Refused(`${to} is no directory, so several things cannot go there. Name one that is there.`, {
    exitCode: 2,
  });

const notInTrash = (path: string): Refused =>
  new Refused(`Nothing that was at ${path} is in the trash. See what is: syncer-client trash list`);

const notOfDay = (path: string, day: string): Refused =>
  new Refused(
    `Nothing that was at ${path} came into the trash on ${day}. Say a day or the beginning of a time (UTC) ` +
      `as it is shown by: syncer-client trash list ${path}`,
  );

const shown = (thing: Trashed) => ({
  path: thing.path.join('/'),
  day: thing.day,
  time: new Date(thing.since).toISOString(),
  kind: thing.kind,
  size: thing.size,
});

async function listText(found: readonly Trashed[], path: string | undefined): Promise<string> {
  if (found.length === 0)
    return path === undefined ? 'The trash is empty.\n' : `${notInTrash(path).message}\n`;
  const { bareTable } = await import('./bare-table.ts');
  const rows = found.map((one) => [
    timeText(one),
    one.kind === 'symlink' ? 'symlink' : bytesText(one.size),
    printable(one.path.join('/')),
  ]);
  const way = 'Bring something back with: syncer-client trash restore PATH [--day DAY-OR-TIME]';
  return [bareTable(['deleted (UTC)', 'size', 'path'], rows), '', way, ''].join('\n');
}

function jsonOf(
  restored: readonly Restored[],
  failed: readonly NotRestored[],
  older: number,
): string {
  const done = restored.map(({ thing, at }) => ({ ...shown(thing), restored_to: at.join('/') }));
  const not = failed.map((one) => ({ ...shown(one.thing), problem: one.problem }));
  return `${JSON.stringify({ restored: done, failed: not, older_versions: older }, null, 2)}\n`;
}

function restoredText(restored: readonly Restored[], older: number): string {
  const lines = restored.map(({ thing, to, at }) => {
    const [wanted, is] = [to.join('/'), at.join('/')];
    const since = `deleted or replaced at ${timeText(thing)}`;
    if (wanted === is) return `${is} is back (${since}).`;
    return `${wanted} is taken, so what was ${since} lies beside it: ${is}`;
  });
  const rest = `Older versions that stay in the trash: ${older}. --day chooses among them.`;
  return `${[...lines, ...(older > 0 ? [rest] : [])].map(printable).join('\n')}\n`;
}

const failureText = ({ thing, problem, where }: NotRestored): string => {
  const reason = REASONS[problem] ?? `it cannot be brought back (${problem})`;
  const at = where.join('/') || '.';
  return printable(`${thing.path.join('/')} stays in the trash: ${at}: ${reason}.`);
};

const REASONS: Partial<Record<DiskProblem, string>> = {
  absent: 'it is gone; look again',
  exists: 'something is in the way; name another place with --to',
  denied: 'there is no permission',
  full: 'the disk is full',
  busy: 'another program holds it locked; close that and try again',
  unsupported: 'it cannot be there; name another place with --to',
  'too-long': 'the name or the path is too long; name another place with --to',
  outside: 'the way leads through a symlink; name another place with --to',
};
