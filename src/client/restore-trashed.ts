import { markName } from './mark-name.ts';
import { type Disk, DiskError, type DiskProblem, type Path } from './ports.ts';
import type { Trashed } from './trashed.ts';

/** Something in the trash, and where it is to be. */
export interface Restoring {
  readonly thing: Trashed;
  readonly to: Path;
}

export interface Restored extends Restoring {
  /** Where it is now; another place than `to` where that was taken. */
  readonly at: Path;
}

export interface NotRestored extends Restoring {
  readonly problem: DiskProblem;
  /** What is in the way, or cannot be worked on. */
  readonly where: Path;
}

/**
 * Brings things back out of the trash, with the directories above them. What is there is never written
 * over: where a name is taken, the thing goes beside it. What cannot be brought back stays in the trash, and the
 * others do not wait for it. Interrupted, it can be done again.
 */
export async function restoreTrashed(
  disk: Disk,
  all: readonly Restoring[],
): Promise<{ readonly restored: Restored[]; readonly failed: NotRestored[] }> {
  const restored: Restored[] = [];
  const failed: NotRestored[] = [];
  const directories = new Directories(disk);
  for (const one of all) {
    try {
      restored.push({ ...one, at: await restoreOne(disk, directories, one) });
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      failed.push({ ...one, problem: error.problem, where: error.path });
    }
  }
  await disk.sync();
  return { restored, failed };
}

async function restoreOne(
  disk: Disk,
  directories: Directories,
  { thing, to }: Restoring,
): Promise<Path> {
  const parent = await directories.make(to.slice(0, -1));
  for (const name of namesFor(to.at(-1) ?? '', restoredAt(thing), false)) {
    try {
      await disk.restore(thing, [...parent, name]);
      return [...parent, name];
    } catch (error) {
      if (!(error instanceof DiskError) || error.problem !== 'exists') throw error;
    }
  }
  throw new DiskError('exists', to);
}

/** The directories that things go into: where something else has such a name, one beside it. */
class Directories {
  readonly #disk: Disk;
  readonly #made = new Map<string, Path>([['', []]]);

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async make(path: Path): Promise<Path> {
    const key = path.join('/');
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const parent = await this.make(path.slice(0, -1));
    for (const name of namesFor(path.at(-1) ?? '', 'restored', true)) {
      const at = [...parent, name];
      if (!(await this.#isDirectory(at))) continue;
      this.#made.set(key, at);
      return at;
    }
    throw new DiskError('exists', path);
  }

  /** Makes it where there is nothing. */
  async #isDirectory(path: Path): Promise<boolean> {
    const there = await this.#disk.look(path);
    if (there !== undefined) return there.kind === 'directory';
    try {
      await this.#disk.makeDirectory(path);
      return true;
    } catch (error) {
      if (error instanceof DiskError && error.problem === 'exists') return false;
      throw error;
    }
  }
}

const TRIES = 1000;

/** The name itself, then `report (restored …).txt`, `report (restored … 2).txt` and so on. */
function* namesFor(name: string, mark: string, isDirectory: boolean): Iterable<string> {
  yield name;
  for (let n = 1; n < TRIES; n += 1) {
    yield markName(name, ` (${n === 1 ? mark : `${mark} ${n}`})`, isDirectory);
  }
}

/** `restored 2026-11-22 14-03-55`: of the moment when it was thrown away, in UTC. */
const restoredAt = ({ since }: Trashed): string =>
  `restored ${new Date(since).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-')}`;
