import type { Implementations } from '../assemble.ts';
import { type Located, readConfig } from '../config.ts';
import { type Conflict, clientInCopies, conflictsIn } from '../find-conflicts.ts';
import { readingsOf } from '../path-meant.ts';
import { type Disk, DiskError, type DiskProblem, type Path } from '../ports.ts';
import { printable } from '../printable.ts';
import { Refused } from '../refused.ts';
import { type Keep, resolveConflict, type Settled } from '../resolve-conflict.ts';
import { mergeCopy } from './merge-copy.ts';
import { openDirectory } from './open-directory.ts';

export interface ResolveOptions {
  readonly path: string;
  readonly keep: Keep | 'merge';
  readonly config: string;
  readonly json: boolean;
}

/** Settles the conflicts about one path; a client that runs, or the next one, tells the others. */
export async function resolve(
  implementations: Implementations,
  { path, keep, config, json }: ResolveOptions,
): Promise<number> {
  const located = readConfig(config);
  const { disk } = await openDirectory(implementations, located);
  const copies = await copiesMeant(disk, located, path);
  const client = clientInCopies(located.config.client_name);
  const settled = await tryResolving(() =>
    keep === 'merge'
      ? mergeCopy(implementations, located, { disk, copies })
      : resolveConflict(disk, { keep, copies, client }),
  );
  const original = textOf(copies[0]?.original ?? []);
  process.stdout.write(json ? jsonOf({ original, keep }, settled) : sentencesOf(original, settled));
  return 0;
}

/** `path` names a copy, or the original of one or more; from where we are, or from the directory. */
async function copiesMeant(disk: Disk, located: Located, path: string): Promise<Conflict[]> {
  for (const names of readingsOf(located.directory, path)) {
    const beside = await conflictsIn(disk, names.slice(0, -1));
    const exact = beside.filter(({ copy }) => textOf(copy) === textOf(names));
    const found = exact.length > 0 ? exact : beside.filter(isOf(names));
    if (found.length > 0) return found;
  }
  throw new Refused(
    `There is no conflict at ${path}. PATH is a conflict copy, or the file it is a copy of, ` +
      `here or in ${located.directory}; syncer-client conflicts lists them.`,
  );
}

const isOf =
  (names: Path) =>
  ({ original }: Conflict): boolean =>
    textOf(original) === textOf(names);

async function tryResolving(step: () => Promise<Settled>): Promise<Settled> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const reason = REASONS[error.problem] ?? `it cannot be moved (${error.problem})`;
    throw new Refused(`${textOf(error.path)}: ${reason}. Nothing is lost.`, { cause: error });
  }
}

const REASONS: Partial<Record<DiskProblem, string>> = {
  absent: 'it is gone, or the directory has never been synchronized; look again',
  changed: 'it changed just now; try again',
  exists: 'something is in the way; try again',
  'not-empty': 'something was put into it just now; try again',
  denied: 'there is no permission',
  full: 'the disk is full',
  busy: 'another program holds it locked; close that and try again',
  unsupported: 'it is, or holds, something that the trash cannot take',
};

const textOf = (path: Path): string => path.join('/');

function jsonOf(about: { original: string; keep: Keep | 'merge' }, settled: Settled): string {
  const renamed = settled.renamed.map(({ from, to }) => ({ from: textOf(from), to: textOf(to) }));
  const winner = settled.winner === undefined ? null : textOf(settled.winner);
  const shown = { ...about, replaced_by: winner, trashed: settled.trashed.map(textOf), renamed };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function sentencesOf(original: string, { winner, merged, trashed, renamed }: Settled): string {
  const same = merged ? `${original} holds both versions now.` : `${original} stays as it is.`;
  const kept = winner === undefined ? same : `${textOf(winner)} is ${original} now.`;
  const lines = [
    ...(renamed.length > 0 ? [] : [kept]),
    ...renamed.map(({ from, to }) => `${textOf(from)} is ${textOf(to)} now.`),
    ...trashed.map((path) => `What was at ${textOf(path)} is in .syncer/trash.`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
