import type { NodeId } from '../../core/entry.ts';
import { INTERNAL_DIRECTORY, isInternal } from '../../core/name.ts';
import { inPlaceHasher } from '../hasher/in-place.ts';
import type { Clock, Disk, DiskFeatures, Listed, Look, Path, RootState, Staged } from '../ports.ts';
import { DiskError } from '../ports.ts';
import type { Trashed } from '../trashed.ts';
import { withoutFingerprint } from './facts.ts';
import type { Faults } from './memory/faults.ts';
import { bytesOf, type FileInode } from './memory/inode.ts';
import {
  factsOfOurs,
  mustBeFree,
  mustBeOneDevice,
  putAt,
  rename,
  trashSpot,
} from './memory/memory-changes.ts';
import { MemoryInside } from './memory/memory-inside.ts';
import { MemoryStaged, STAGING } from './memory/memory-staged.ts';
import { memoryTidy } from './memory/memory-tidy.ts';
import { memoryTrashed, restoreTo, trashedSpot } from './memory/memory-trash.ts';
import { type MemoryUser, memoryUser } from './memory/memory-user.ts';
import { MemoryVolume, type MemoryVolumeOptions } from './memory/memory-volume.ts';
import { checkChangeable, checkLink, checkPath } from './names.ts';

const PIECE = 1024 * 1024;
const LIFTED = 'lifted';
const MARKER = 'marker.json';

export interface MemoryDiskOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** What an earlier process left; a new, unbound directory when absent. */
  readonly volume?: MemoryVolume;
  /** What the new volume can do, and what the disk says of itself. */
  readonly features?: Partial<DiskFeatures> & Omit<MemoryVolumeOptions, 'now'>;
  readonly faults?: Faults;
}

/** A disk that is an object, for tests and simulations; `volume` outlives it, `user` works behind its back. */
export function memoryDisk({
  clock,
  volume,
  features = {},
  faults = {},
}: MemoryDiskOptions): MemoryDisk {
  const now = () => clock.now();
  return new MemoryDisk(volume ?? new MemoryVolume({ ...features, now }), {
    now,
    faults,
    features,
  });
}

export class MemoryDisk implements Disk {
  readonly features: DiskFeatures;
  readonly hasher = inPlaceHasher;
  readonly volume: MemoryVolume;
  readonly user: MemoryUser;
  readonly #inside: MemoryInside;
  #lastStaged = 0;

  constructor(
    volume: MemoryVolume,
    from: { now: () => number; faults: Faults; features: Partial<DiskFeatures> },
  ) {
    const { caseSensitive } = volume;
    this.features = { symlinks: true, executableBit: true, ...from.features, caseSensitive };
    this.volume = volume;
    this.user = memoryUser(volume);
    const { executableBit } = this.features;
    this.#inside = new MemoryInside(volume, { ...from, executableBit });
  }

  async root(): Promise<RootState> {
    this.#inside.pass('root', []);
    const { root } = this.volume;
    if (root === undefined) return { state: 'absent' };
    const ours = this.volume.child(root, INTERNAL_DIRECTORY)?.inode;
    const marker = ours?.kind === 'directory' ? this.volume.child(ours, MARKER)?.inode : undefined;
    if (marker?.kind !== 'file') return { state: 'unbound' };
    return { state: 'bound', instance: bytesOf(marker).toString() };
  }

  async bind(instance: string): Promise<void> {
    this.#inside.pass('bind', []);
    if (this.volume.root === undefined) this.volume.setRoot(this.volume.newDirectory());
    const root = this.#inside.directory([]);
    const ours =
      this.volume.child(root, INTERNAL_DIRECTORY)?.inode ?? this.volume.newDirectory(0o700);
    if (this.volume.child(root, INTERNAL_DIRECTORY) === undefined)
      this.volume.attach(root, INTERNAL_DIRECTORY, ours);
    const marker = this.volume.newFile([new TextEncoder().encode(instance)], 0o600);
    this.volume.attach(this.#inside.directory([INTERNAL_DIRECTORY]), MARKER, marker);
    this.volume.sync();
  }

  async list(path: Path): Promise<readonly Listed[]> {
    checkPath(path);
    this.#inside.pass('list', path);
    const directory = this.#inside.directory(path);
    const names = [...directory.children.values()].map(({ name }) => name);
    return names
      .filter((name) => !isInternal(name))
      .map((name) => this.#listOne([...path, name], name));
  }

  #listOne(path: Path, name: string): Listed {
    try {
      const look = this.#inside.look(this.#inside.spot(path));
      return look === undefined ? { name, problem: 'absent' } : { name, look };
    } catch (error) {
      if (error instanceof DiskError) return { name, problem: error.problem };
      throw error;
    }
  }

  async look(path: Path): Promise<Look | undefined> {
    checkPath(path);
    this.#inside.pass('look', path);
    try {
      if (path.length > 0) return this.#inside.look(this.#inside.spot(path));
      const directory = this.#inside.directory(path);
      return this.#inside.look({ directory, name: '', path, inode: directory });
    } catch (error) {
      if (error instanceof DiskError && error.problem === 'absent') return undefined;
      throw error;
    }
  }

  async *read(
    path: Path,
    range?: { offset: number; length: number },
    lent?: 'lent',
  ): AsyncGenerator<Uint8Array> {
    checkPath(path);
    this.#inside.pass('read', path);
    const file = this.#file(path);
    const { offset = 0, length = Number.POSITIVE_INFINITY } = range ?? {};
    const end = Math.min(offset + length, bytesOf(file).length);
    for (let at = offset; at < end; at += PIECE) {
      this.#inside.pass('read', path);
      const piece = new Uint8Array(bytesOf(file).subarray(at, Math.min(at + PIECE, end)));
      if (piece.length === 0) return;
      yield piece;
      // Who keeps what was lent finds out.
      if (lent === 'lent') piece.fill(0);
    }
  }

  #file(path: Path): FileInode {
    const { inode } = this.#inside.spot(path);
    if (inode === undefined) throw new DiskError('absent', path);
    if (inode.kind !== 'file') throw new DiskError('unsupported', path);
    return inode;
  }

  async stage(): Promise<Staged> {
    this.#inside.pass('stage', []);
    this.#lastStaged += 1;
    return new MemoryStaged(this.#inside, this.#freeStagingName());
  }

  /** A crash may have left some by the names that this process would give. */
  #freeStagingName(): string {
    const staging = this.#inside.ours([STAGING]);
    while (this.volume.child(staging, `${this.#lastStaged}`) !== undefined) this.#lastStaged += 1;
    return `${this.#lastStaged}`;
  }

  async place(staged: Staged, path: Path, expected: Look | undefined): Promise<Look> {
    if (!(staged instanceof MemoryStaged)) throw new Error('Staged on another disk');
    this.#change('place', path);
    const { facts, inode, name } = staged;
    const from = { directory: this.#inside.ours([STAGING]), name };
    const arrival = { step: 'place', inode, facts, from } as const;
    const look = putAt(this.#inside, this.#inside.spot(path), { arrival, expected });
    staged.placed();
    return look;
  }

  async makeDirectory(path: Path): Promise<Look> {
    this.#change('makeDirectory', path);
    const to = this.#inside.spot(path);
    mustBeFree(to);
    const inode = this.volume.newDirectory();
    this.volume.attach(to.directory, to.name, inode);
    return this.#inside.lookAfter(to, factsOfOurs(inode));
  }

  async makeSymlink(path: Path, target: string, expected: Look | undefined): Promise<Look> {
    this.#change('makeSymlink', path);
    if (!this.features.symlinks) throw new DiskError('unsupported', path);
    checkLink(path, target);
    const inode = this.volume.newSymlink(target);
    const from = { directory: this.#inside.ours([STAGING]), name: this.#freeStagingName() };
    const arrival = { step: 'makeSymlink', inode, facts: factsOfOurs(inode), from } as const;
    return putAt(this.#inside, this.#inside.spot(path), { arrival, expected });
  }

  async move(from: Path, to: Path, expected: Look): Promise<Look> {
    this.#change('move', from);
    checkChangeable(to);
    const source = this.#inside.spot(from);
    const { facts } = this.#inside.expected(source, expected, 'absent');
    if (facts.target !== undefined) checkLink(to, facts.target);
    const goal = this.#inside.spot(to);
    rename(this.#inside, source, { to: goal, step: 'move' });
    const look = this.#inside.lookAfter(goal, facts);
    return expected.fingerprint === '' ? withoutFingerprint(look) : look;
  }

  async touch(
    path: Path,
    meta: { readonly mtime: number; readonly executable: boolean },
    expected: Look,
  ): Promise<Look> {
    this.#change('touch', path);
    const spot = this.#inside.spot(path);
    const { facts, inode } = this.#inside.expected(spot, expected, 'absent');
    if (inode.kind !== 'file') throw new DiskError('unsupported', path);
    const mode = this.#inside.modeOf(inode.mode, meta.executable);
    this.volume.setAttributes(inode, { mtimeNs: BigInt(meta.mtime) * 1_000_000n, mode });
    return withoutFingerprint(this.#inside.lookAfter(spot, facts));
  }

  async trash(path: Path, expected: Look): Promise<void> {
    this.#change('trash', path);
    const from = this.#inside.spot(path);
    const { facts } = this.#inside.expected(from, expected, 'absent');
    if (facts.kind === 'directory') throw new DiskError('unsupported', path);
    const kept = trashSpot(this.#inside, path);
    mustBeOneDevice(kept.directory, from);
    this.#inside.pass('trash', path);
    this.volume.rename(from, kept);
  }

  async removeDirectory(path: Path): Promise<void> {
    this.#change('removeDirectory', path);
    const { directory, name, inode } = this.#inside.spot(path);
    if (inode?.kind !== 'directory') throw new DiskError('absent', path);
    if (inode.children.size > 0) throw new DiskError('not-empty', path);
    this.volume.detach(directory, name);
  }

  async trashed(): Promise<readonly Trashed[]> {
    this.#inside.pass('trashed', []);
    return this.#isBound() ? memoryTrashed(this.#inside) : [];
  }

  async restore(thing: Pick<Trashed, 'layer' | 'path'>, to: Path): Promise<Look> {
    this.#change('restore', to);
    return restoreTo(this.#inside, trashedSpot(this.#inside, thing), to);
  }

  async lift(path: Path, id: NodeId, expected: Look): Promise<void> {
    this.#change('lift', path);
    const from = this.#inside.spot(path);
    const { facts } = this.#inside.expected(from, expected, 'absent');
    const to = this.#inside.spotIn(this.#inside.ours([LIFTED]), id, path);
    rename(this.#inside, from, { to, step: 'lift' });
    if (expected.fingerprint !== '') this.#inside.lifted.set(id, facts);
  }

  async lower(id: NodeId, to: Path): Promise<Look> {
    this.#change('lower', to);
    const from = this.#inside.spotIn(this.#inside.ours([LIFTED]), id, to);
    const found = this.#inside.facts(from);
    if (found === undefined) throw new DiskError('absent', to);
    const goal = this.#inside.spot(to);
    rename(this.#inside, from, { to: goal, step: 'lower' });
    const known = this.#inside.lifted.get(id);
    this.#inside.lifted.delete(id);
    const look = this.#inside.lookAfter(goal, known ?? found);
    return known === undefined ? withoutFingerprint(look) : look;
  }

  async lifted(): Promise<readonly NodeId[]> {
    this.#inside.pass('lifted', []);
    if (!this.#isBound()) return [];
    return [...this.#inside.ours([LIFTED]).children.values()].map(({ name }) => name);
  }

  async sync(): Promise<void> {
    this.#inside.pass('sync', []);
    this.volume.sync();
  }

  async syncAll(): Promise<void> {
    this.#inside.pass('syncAll', []);
    this.volume.sync();
  }

  async tidy(now: number): Promise<void> {
    this.#inside.pass('tidy', []);
    if (this.#isBound()) memoryTidy(this.#inside, now);
  }

  /** Nothing is changed where no marker's directory is: another disk may be mounted there. */
  #change(step: Parameters<MemoryInside['pass']>[0], path: Path): void {
    checkChangeable(path);
    this.#inside.pass(step, path);
    this.#inside.directory([INTERNAL_DIRECTORY]);
  }

  #isBound(): boolean {
    const { root } = this.volume;
    return (
      root !== undefined && this.volume.child(root, INTERNAL_DIRECTORY)?.inode.kind === 'directory'
    );
  }
}
