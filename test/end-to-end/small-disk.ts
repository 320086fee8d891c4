import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/** A file system of a few MiB that really fills up. Mounting needs root, or a namespace in which one is root. */
export class SmallDisk {
  readonly directory: string;

  /** Mounts it over the directory, which is made when it is not there. */
  constructor(directory: string, mib: number) {
    if (process.getuid?.() !== 0) throw new Error(NOT_ROOT);
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'syncer-test', directory]);
  }

  /** Makes it smaller or larger, with what is on it. */
  resize(mib: number): void {
    execFileSync('mount', ['-o', `remount,size=${mib}m`, this.directory]);
  }

  /** Not one byte more can be written. */
  fill(): void {
    const fd = openSync(this.#ballast, 'w');
    try {
      for (let size = MIB; size >= 1; size = Math.floor(size / 2)) writeAll(fd, size);
    } finally {
      closeSync(fd);
    }
  }

  free(): void {
    rmSync(this.#ballast);
  }

  /** Also while something on it is still open. */
  unmount(): void {
    execFileSync('umount', ['--lazy', this.directory]);
  }

  get #ballast(): string {
    return join(this.directory, 'ballast');
  }
}

function writeAll(fd: number, size: number): void {
  const bytes = Buffer.alloc(size);
  try {
    while (writeSync(fd, bytes) === size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const NOT_ROOT =
  'This test mounts a file system of a few MiB, so that it really fills up, and only root may do that. ' +
  'Run it as root, or become root of a namespace: unshare --map-root-user --mount npm test -- full-disk';
