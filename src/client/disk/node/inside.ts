import { lstatSync, mkdirSync, statfsSync } from 'node:fs';
import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import type { Path } from '../../ports.ts';
import type { Facts } from '../facts.ts';
import { CAN_ANCHOR, type Directory, openDirectory } from './directory.ts';
import { errnoOf, isAbsent } from './disk-error.ts';
import { Held } from './held.ts';
import { RealNames } from './real-names.ts';
import { Unsynced } from './unsynced.ts';

/** What the system under a directory can do; a test takes some of it away. */
export interface System {
  readonly hardLinks: boolean;
  /** Directories stay what they are while they are open; see `openDirectory`. */
  readonly anchored: boolean;
  /** Runs work once what is at hand is done: until then directories stay open, see `Held`. Undefined: none does. */
  readonly later?: ((work: () => void) => void) | undefined;
}

export const SYSTEM: System = { hardLinks: true, anchored: CAN_ANCHOR };

/** FAT, exFAT, SMB: their inodes are made up as they are asked for. */
const WITHOUT_INODES = new Set([0x4d44, 0x2011bab0, 0xff534d42, 0xfe534d42, 0x517b]);

/** What every step on one directory knows. */
export class Inside {
  readonly root: string;
  readonly now: () => number;
  readonly system: System;
  readonly names = new RealNames();
  readonly unsynced: Unsynced;
  /** How many names were looked at, in all that was listed. */
  looked = 0;
  /** Names of staged files of this process. */
  readonly staged = new Set<string>();
  /** What was known of lifted things when they were lifted, by node id. */
  readonly lifted = new Map<string, Facts>();
  readonly #held: Held | undefined;
  #device: { readonly number: bigint; readonly inodes: boolean } | undefined;

  constructor(root: string, now: () => number, system: System) {
    this.root = root;
    this.now = now;
    this.system = system;
    this.unsynced = new Unsynced(root);
    // Where directories are but names, there is nothing to hold.
    if (system.later !== undefined && system.anchored) this.#held = new Held(system.later);
  }

  /** Before something that depends on where directories are, and after it changed that. */
  letGo(): void {
    this.#held?.release();
  }

  /** Another disk may be mounted here by now. */
  forgetDevice(): void {
    this.#device = undefined;
  }

  /** The device of the root, asked once. */
  device(): { readonly number: bigint; readonly inodes: boolean } {
    this.#device ??= {
      number: lstatSync(`${this.root}/.`, { bigint: true }).dev,
      inodes: !WITHOUT_INODES.has(statfsSync(this.root).type),
    };
    return this.#device;
  }

  /** The directory at `path`, which the caller closes. */
  open(path: Path): Directory {
    let directory = openDirectory(this.root, this.system.anchored);
    for (const name of path) directory = this.#leaveFor(directory, name);
    return directory;
  }

  /** Runs `step` on the directory that holds `path`, with the name on the disk. It is over when it returns. */
  within<T>(path: Path, step: (at: string, name: string) => T): T {
    const name = path.at(-1) ?? '.';
    return this.#using(path.slice(0, -1), (at) => step(at, this.names.find(at, name)));
  }

  /**
   * Runs `step` on a directory of our own, which is made when it is missing. But `.syncer` itself is
   * only made by `bind`: where it is missing the disk may not be mounted, and nothing is to be written.
   */
  withOurs<T>(names: readonly string[], step: (at: string) => T): T {
    const path = [INTERNAL_DIRECTORY, ...names];
    if (this.#held === undefined) return stepIn(this.openOurs(names), step);
    if (!this.#isThere(path)) this.openOurs(names).close();
    return this.#using(path, step);
  }

  /** The same, which the caller closes. */
  openOurs(names: readonly string[]): Directory {
    let directory = this.open([INTERNAL_DIRECTORY]);
    for (const name of names) directory = this.#leaveForOurs(directory, name);
    return directory;
  }

  /** ENOENT unless this is the directory that was bound. */
  mustBeBound(): void {
    this.#using([INTERNAL_DIRECTORY], () => {});
  }

  isBound(): boolean {
    return this.#isThere([INTERNAL_DIRECTORY]);
  }

  #isThere(path: Path): boolean {
    try {
      this.#using(path, () => {});
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  #using<T>(path: Path, step: (at: string) => T): T {
    if (this.#held === undefined) return stepIn(this.open(path), step);
    return this.#held.using(path, { way: this.#way, step });
  }

  readonly #way = {
    root: () => openDirectory(this.root, this.system.anchored),
    enter: (above: Directory, name: string) => above.enter(this.names.find(above.at, name)),
  };

  /** A directory that only we may enter; nothing when it is there. */
  make(directory: Directory, name: string): void {
    try {
      mkdirSync(`${directory.at}/${name}`, 0o700);
      this.unsynced.add(directory.at);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }

  /** It is nearly always there, so it is made only when entering it has failed. */
  #leaveForOurs(directory: Directory, name: string): Directory {
    try {
      return directory.enter(this.names.find(directory.at, name));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      this.make(directory, name);
      return directory.enter(name);
    } finally {
      directory.close();
    }
  }

  #leaveFor(directory: Directory, name: string): Directory {
    try {
      return directory.enter(this.names.find(directory.at, name));
    } finally {
      directory.close();
    }
  }
}

function stepIn<T>(directory: Directory, step: (at: string) => T): T {
  try {
    return step(directory.at);
  } finally {
    directory.close();
  }
}
