import { Buffer } from 'node:buffer';
import {
  type Disk,
  DiskError,
  type DiskProblem,
  type Look,
  type Path,
  type Staged,
} from '../ports.ts';
import type { User } from './user.ts';

/** A new directory, not yet bound, with somebody who works in it. */
export interface World {
  readonly disk: Disk;
  readonly user: User;
  /** The same directory as another process finds it after this one ended. */
  reopen(): Disk;
  /** Takes the directory itself away. */
  removeRoot(): void;
  /** Lets so much time pass that what was done before is no longer racy. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** One sentence of the port, tried in a bound directory. */
export type Test = (title: string, run: (world: World) => Promise<void>) => void;

export const OLD = Date.UTC(2020, 1, 2, 3, 4, 5, 678);
export const DAY = 24 * 60 * 60 * 1000;
export const META = { mtime: OLD, executable: false };

export const problemOf = (step: Promise<unknown>): Promise<DiskProblem | 'none'> =>
  step.then(
    () => 'none' as const,
    (error: unknown) => {
      if (error instanceof DiskError) return error.problem;
      throw error;
    },
  );

export async function staged(disk: Disk, content: string, meta = META): Promise<Staged> {
  const file = await disk.stage();
  await file.write(Buffer.from(content));
  await file.finish(meta);
  return file;
}

export const put = async (disk: Disk, path: Path, content: string): Promise<Look> =>
  await disk.place(await staged(disk, content), path, undefined);

export const putOver = async (
  disk: Disk,
  path: Path,
  { content, expected }: { content: string; expected: Look },
): Promise<Look> => await disk.place(await staged(disk, content), path, expected);

export async function lookAt(disk: Disk, path: Path): Promise<Look> {
  const look = await disk.look(path);
  if (look === undefined) throw new Error(`${path.join('/')} is not there`);
  return look;
}

/** Without what tells of every touch. */
export const bare = ({ shown: _, ...look }: Look): Look => ({ ...look, fingerprint: '' });

export async function readAll(disk: Disk, path: Path, range?: { offset: number; length: number }) {
  const pieces: Uint8Array[] = [];
  for await (const piece of disk.read(path, range)) pieces.push(piece);
  return { pieces, text: Buffer.concat(pieces).toString() };
}

/** What lies in the trash: path, with the number of its layer where that is not the first, and content. */
export const trashOf = (user: User): Map<string, string> =>
  new Map(
    [...user.snapshot()].flatMap(([path, content]) => {
      const found = /^.syncer\/trash\/\d{4}-\d\d-\d\d( \(\d+\))?\/(.+)$/.exec(path);
      if (found === null || content === 'dir') return [];
      return [[`${found[2]}${found[1] ?? ''}`, content]];
    }),
  );

export const stagedOf = (user: User): string[] =>
  [...user.snapshot().keys()].filter((path) => path.startsWith('.syncer/staging/'));

/** What the user sees. */
export const shown = (user: User): Map<string, string> =>
  new Map([...user.snapshot()].filter(([path]) => !path.startsWith('.syncer')));
