import type { Conflict } from './find-conflicts.ts';
import { markName } from './mark-name.ts';
import { type Disk, DiskError, type Look, type Path } from './ports.ts';
import { Refused } from './refused.ts';
import { trashAll } from './trash-all.ts';

export type Keep = 'local' | 'remote' | 'both';

export interface Settled {
  /** The copy that has the original's path now; undefined: the original kept it. */
  readonly winner: Path | undefined;
  /** The original holds both versions. */
  readonly merged?: true;
  readonly trashed: readonly Path[];
  readonly renamed: readonly { readonly from: Path; readonly to: Path }[];
}

interface Question {
  readonly keep: Keep;
  /** Conflict copies of one original; at least one. */
  readonly copies: readonly Conflict[];
  /** This client's name, as copies bear it. */
  readonly client: string | undefined;
}

/**
 * Settles the conflicts about one path. Nothing is destroyed: what gives way goes to the trash. It can be
 * interrupted anywhere and done again. Throws DiskError where a step cannot be taken.
 */
export async function resolveConflict(disk: Disk, question: Question): Promise<Settled> {
  const settled = question.keep === 'both' ? keepAll(disk, question) : keepOne(disk, question);
  const done = await settled;
  await disk.sync();
  return done;
}

/** Each copy gets a plain name, under which it is a file like any other. */
async function keepAll(disk: Disk, { copies }: Question): Promise<Settled> {
  const renamed = [];
  for (const copy of copies) renamed.push({ from: copy.copy, to: await renamePlainly(disk, copy) });
  return { winner: undefined, trashed: [], renamed };
}

async function keepOne(disk: Disk, question: Question): Promise<Settled> {
  const { copies } = question;
  const winner = winnerOf(question);
  const original = copies[0]?.original ?? [];
  const there = await disk.look(original);
  if (winner === undefined && there === undefined) throw nothingLeft(original);
  const trashed: Path[] = [];
  for (const one of copies) {
    if (one === winner) continue;
    await trashAll(disk, one.copy, one.look);
    trashed.push(one.copy);
  }
  if (winner !== undefined) await replace(disk, winner, there);
  if (winner !== undefined && there !== undefined) trashed.push(original);
  return { winner: winner?.copy, trashed, renamed: [] };
}

/**
 * The copy that is to have the path; undefined: what has it now. A copy of ours beside it means that what
 * has the path came from elsewhere; where no copy is ours, what has the path is ours.
 */
function winnerOf({ keep, copies, client }: Question): Conflict | undefined {
  const own = copies.filter((copy) => copy.client === client);
  if (keep === 'local') return newest(own);
  return own.length > 0 ? undefined : newest(copies);
}

const newest = (copies: readonly Conflict[]): Conflict | undefined =>
  copies.reduce<Conflict | undefined>(
    (best, one) => (best === undefined || one.time > best.time ? one : best),
    undefined,
  );

/** Between the two steps a crash leaves the copy and the trash; done again, the copy takes the free path. */
async function replace(disk: Disk, winner: Conflict, there: Look | undefined): Promise<void> {
  if (there !== undefined) await trashAll(disk, winner.original, there);
  await disk.move(winner.copy, winner.original, winner.look);
}

const nothingLeft = (original: Path): Refused =>
  new Refused(
    `${original.join('/')} is not there any more, so its copies are the only versions. ` +
      'Keep them under plain names with --keep both, or delete them yourself.',
  );

/** `report (Ben).txt`, `report (Ben 2).txt` and so on: the first that is free. */
async function renamePlainly(
  disk: Disk,
  { copy, original, client, look }: Conflict,
): Promise<Path> {
  const parent = original.slice(0, -1);
  const name = original.at(-1) ?? '';
  for (let attempt = 1; ; attempt += 1) {
    const mark = attempt === 1 ? ` (${client})` : ` (${client} ${attempt})`;
    const to = [...parent, markName(name, mark, look.kind === 'directory')];
    try {
      await disk.move(copy, to, look);
      return to;
    } catch (error) {
      if (!(error instanceof DiskError) || error.problem !== 'exists' || attempt > 1000)
        throw error;
    }
  }
}
