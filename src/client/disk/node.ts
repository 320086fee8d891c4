import { resolve } from 'node:path';
import { threadedHasher } from '../hasher/threaded.ts';
import { type Disk, DiskError, type DiskFeatures, type Path } from '../ports.ts';
import { checkChangeable, checkPath } from './names.ts';
import { diskError } from './node/disk-error.ts';
import { tryFeatures, usualFeatures } from './node/features.ts';
import { GroupFlush } from './node/flush.ts';
import { flushFileSystem } from './node/flush-file-system.ts';
import { Inside, SYSTEM, type System } from './node/inside.ts';
import { lift, lifted, lower } from './node/lift.ts';
import { list } from './node/list.ts';
import { look } from './node/look.ts';
import { makeDirectory, removeDirectory } from './node/make-directory.ts';
import { bind, root } from './node/marker.ts';
import { move } from './node/move.ts';
import { makeSymlink, place } from './node/place.ts';
import { read } from './node/read.ts';
import { restore } from './node/restore.ts';
import { StagedFile, stage } from './node/stage.ts';
import { trash } from './node/take-away.ts';
import { tidy } from './node/tidy.ts';
import { touch } from './node/touch.ts';
import { trashed } from './node/trashed.ts';

export interface NodeDiskOptions {
  /** The synchronized directory. It may itself be reached through symlinks; nothing in it may. */
  readonly root: string;
  /** Milliseconds since 1970, of the same clock that the file system takes its times from. */
  readonly now: () => number;
  /** What not to rely on. */
  readonly system?: Partial<System>;
}

/** A directory of this machine. The only writer of ours in it, and there is to be one at a time. */
export function nodeDisk({ root: directory, now, system }: NodeDiskOptions): Disk {
  const inside = new Inside(resolve(directory), now, { ...SYSTEM, ...system });
  const flush = new GroupFlush(inside.root);
  const hasher = threadedHasher();
  let features: DiskFeatures | undefined;

  return {
    get features() {
      features ??= tryFeatures(inside);
      return features ?? usualFeatures();
    },
    hasher,
    root: () => telling([], () => root(inside)),
    bind: (instance) =>
      telling([], () => {
        bind(inside, instance);
        return inside.unsynced.sync();
      }),

    list: (path) => reading(path, () => list(inside, path)),
    look: (path) => reading(path, () => lookOrAbsent(inside, path)),
    read: (path, range, lent) => readChecked(inside, path, range, lent),

    stage: () => telling([], () => stage(inside, flush)),
    place: (staged, path, expected) =>
      changing(path, () => place(inside, ownStaged(staged), { to: path, expected })),
    makeDirectory: (path) => changing(path, () => makeDirectory(inside, path)),
    makeSymlink: (path, target, expected) =>
      changing(path, () => makeSymlink(inside, path, { target, expected })),
    move: (from, to, expected) => relocating(from, () => move(inside, { from, to, expected })),
    touch: (path, meta, expected) => changing(path, () => touch(inside, path, { meta, expected })),
    trash: (path, expected) => changing(path, () => trash(inside, path, expected)),
    removeDirectory: (path) => relocating(path, () => removeDirectory(inside, path)),
    trashed: () => telling([], () => trashed(inside)),
    restore: (thing, to) => changing(to, () => restore(inside, thing, to)),

    lift: (path, id, expected) => relocating(path, () => lift(inside, path, { id, expected })),
    lower: (id, to) => relocating(to, () => lower(inside, id, to)),
    lifted: () => telling([], () => lifted(inside)),

    sync: () => telling([], () => inside.unsynced.sync()),
    syncAll: () =>
      telling([], async () => {
        await flushFileSystem(inside.root);
        await inside.unsynced.sync();
      }),
    tidy: (at) => telling([], () => tidy(inside, at)),
  };

  /** What may change where a directory is. */
  function relocating<T>(path: Path, step: () => T): Promise<T> {
    return changing(path, () => {
      try {
        return step();
      } finally {
        inside.letGo();
      }
    });
  }

  function changing<T>(path: Path, step: () => T | Promise<T>): Promise<T> {
    return telling(path, () => {
      checkChangeable(path);
      inside.mustBeBound();
      return step();
    });
  }
}

/** What goes wrong in `step` is told as the problem of `path`. */
async function telling<T>(path: Path, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw diskError(error, path);
  }
}

function reading<T>(path: Path, step: () => T | Promise<T>): Promise<T> {
  return telling(path, () => {
    checkPath(path);
    return step();
  });
}

function lookOrAbsent(inside: Inside, path: Path) {
  try {
    return look(inside, path);
  } catch (error) {
    const problem = diskError(error, path);
    if (problem instanceof DiskError && problem.problem === 'absent') return undefined;
    throw problem;
  }
}

async function* readChecked(inside: Inside, ...[path, range, lent]: Parameters<Disk['read']>) {
  checkPath(path);
  try {
    yield* read(inside, path, { range, isLent: lent === 'lent' });
  } catch (error) {
    throw diskError(error, path);
  }
}

function ownStaged(staged: unknown): StagedFile {
  if (staged instanceof StagedFile) return staged;
  throw new Error('A staged file is placed on the disk that made it');
}
