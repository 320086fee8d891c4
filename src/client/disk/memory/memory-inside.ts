import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import { DiskError, type DiskProblem, type Look, type Path } from '../../ports.ts';
import { type Facts, isExpected, lookAfterStep, lookOf, withExecutable } from '../facts.ts';
import { checkLink } from '../names.ts';
import type { Faults, Step } from './faults.ts';
import { type AnyInode, type DirectoryInode, factsOf } from './inode.ts';
import type { MemoryVolume } from './memory-volume.ts';

/** A name in a directory, and what has it. */
export interface Spot {
  readonly directory: DirectoryInode;
  readonly name: string;
  readonly path: Path;
  readonly inode: AnyInode | undefined;
}

/** What every step on a memory disk knows; it dies with the process, the volume does not. */
export class MemoryInside {
  readonly volume: MemoryVolume;
  readonly now: () => number;
  readonly faults: Faults;
  readonly staged = new Set<string>();
  readonly lifted = new Map<string, Facts>();

  readonly #executableBit: boolean;

  constructor(
    volume: MemoryVolume,
    from: { now: () => number; faults: Faults; executableBit: boolean },
  ) {
    this.volume = volume;
    this.now = from.now;
    this.faults = from.faults;
    this.#executableBit = from.executableBit;
  }

  /** Where there is no such bit, nothing is executable. */
  modeOf(mode: number, executable: boolean): number {
    return withExecutable(mode, executable && this.#executableBit);
  }

  /** Throws what is to go wrong here. */
  pass(step: Step, path: Path): void {
    const problem = this.faults.fault?.(step, path);
    if (problem !== undefined) throw new DiskError(problem, path);
  }

  /** Throws 'absent' when the directory, or one above it, is not there. */
  directory(path: Path): DirectoryInode {
    let at: AnyInode | undefined = this.volume.root;
    for (const name of path) at = this.#enter(at, name, path);
    return mustBeDirectory(at, path);
  }

  spot(path: Path): Spot {
    const directory = this.directory(path.slice(0, -1));
    return this.spotIn(directory, path.at(-1) ?? '', path);
  }

  spotIn(directory: DirectoryInode, name: string, path: Path): Spot {
    return { directory, name, path, inode: this.volume.child(directory, name)?.inode };
  }

  /** A directory of our own, which is made when it is missing; but see `bind` for `.syncer` itself. */
  ours(names: Path): DirectoryInode {
    let at = this.directory([INTERNAL_DIRECTORY]);
    for (const name of names) {
      const next = this.volume.child(at, name)?.inode ?? this.volume.newDirectory(0o700);
      if (this.volume.child(at, name) === undefined) this.volume.attach(at, name, next);
      at = mustBeDirectory(next, [INTERNAL_DIRECTORY, ...names]);
    }
    return at;
  }

  /** Undefined: absent. Throws 'unsupported' for what cannot be synchronized. */
  facts({ inode, path }: Spot): Facts | undefined {
    if (inode === undefined) return undefined;
    const facts = factsOf(inode);
    if (facts === undefined) throw new DiskError('unsupported', path);
    if (facts.target !== undefined) checkLink(path, facts.target);
    return facts;
  }

  look(spot: Spot): Look | undefined {
    const facts = this.facts(spot);
    return facts === undefined ? undefined : lookOf(facts, this.#moment());
  }

  /** The look to answer after a step of ours that put `inode` there. */
  lookAfter(spot: Spot, before: Facts): Look {
    const facts = this.facts(this.spotIn(spot.directory, spot.name, spot.path));
    if (facts === undefined) throw new DiskError('changed', spot.path);
    return lookAfterStep(before, facts, this.#moment());
  }

  /** What the caller looked at before; throws `missing` or 'changed'. */
  expected(spot: Spot, expected: Look, missing: DiskProblem): { facts: Facts; inode: AnyInode } {
    const facts = this.facts(spot);
    if (facts === undefined || spot.inode === undefined) throw new DiskError(missing, spot.path);
    if (!isExpected(expected, facts)) throw new DiskError('changed', spot.path);
    return { facts, inode: spot.inode };
  }

  #enter(at: AnyInode | undefined, name: string, path: Path): AnyInode | undefined {
    return this.volume.child(mustBeDirectory(at, path), name)?.inode;
  }

  #moment() {
    return { before: this.now(), after: this.now() };
  }
}

function mustBeDirectory(inode: AnyInode | undefined, path: Path): DirectoryInode {
  if (inode?.kind === 'directory') return inode;
  throw new DiskError(inode?.kind === 'symlink' ? 'outside' : 'absent', path);
}
