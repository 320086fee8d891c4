import { fold } from '../../../core/representable.ts';
import { DiskError, type Look, type Path } from '../../ports.ts';
import type { Facts } from '../facts.ts';
import { dayOf, freeLayer } from '../trash-layer.ts';
import type { Step } from './faults.ts';
import { type AnyInode, type DirectoryInode, factsOf } from './inode.ts';
import type { MemoryInside, Spot } from './memory-inside.ts';
import type { MemoryVolume, Name } from './memory-volume.ts';

export const TRASH = 'trash';

/** Something of ours on its way to a name of the user's. */
export interface Arrival {
  readonly step: Step;
  readonly inode: AnyInode;
  /** As they were known when its bytes were. */
  readonly facts: Facts;
  /** Where it is until then. */
  readonly from: Name;
}

/** Puts something of ours at a name that is free, or in the place of what was expected there. */
export function putAt(
  inside: MemoryInside,
  to: Spot,
  { arrival, expected }: { arrival: Arrival; expected: Look | undefined },
): Look {
  const { inode, from, step, facts } = arrival;
  mustBeOneDevice(from.directory, to);
  if (expected === undefined) mustBeFree(to);
  else makeRoom(inside, to, { expected, arrival });
  inside.pass(step, to.path);
  inside.volume.attach(to.directory, to.name, inode);
  inside.pass(step, to.path);
  inside.volume.detach(from.directory, from.name);
  return inside.lookAfter(to, facts);
}

/** What is replaced gets a name in the trash, beside its own where there are hard links. */
function makeRoom(
  inside: MemoryInside,
  to: Spot,
  { expected, arrival }: { expected: Look; arrival: Arrival },
): void {
  const { facts, inode } = inside.expected(to, expected, 'changed');
  if (facts.kind === 'directory') throw new DiskError('exists', to.path);
  if (facts.kind === 'file' && arrival.inode.kind === 'file') {
    const mode = inside.modeOf(facts.mode, (arrival.inode.mode & 0o100) !== 0);
    inside.volume.setAttributes(arrival.inode, { mode });
  }
  const kept = trashSpot(inside, to.path);
  inside.pass(arrival.step, to.path);
  if (!inside.volume.hardLinks) inside.volume.rename(to, kept);
  else inside.volume.attach(kept.directory, kept.name, inode);
}

/** No name leads from one file system to another: not a rename's, and not a hard link's. */
export function mustBeOneDevice({ device }: DirectoryInode, { directory, path }: Spot): void {
  if (device !== directory.device) throw new DiskError('unsupported', path);
}

export function mustBeFree({ inode, path }: Spot): void {
  if (inode !== undefined) throw new DiskError('exists', path);
}

/** Another name for the same thing; only spelled anew, it may be in its own way. */
export function rename(
  inside: MemoryInside,
  from: Spot,
  { to, step }: { to: Spot; step: Step },
): void {
  const { inode } = from;
  if (inode === undefined) throw new DiskError('absent', from.path);
  mustBeOneDevice(from.directory, to);
  const onlySpelled = from.directory === to.directory && to.inode === inode;
  if (!onlySpelled || from.name === to.name || fold(from.name) !== fold(to.name)) mustBeFree(to);
  if (inode.kind === 'directory' && holds(inode, to.directory)) {
    throw new DiskError('unsupported', to.path);
  }
  inside.pass(step, to.path);
  const inOneBreath =
    onlySpelled || step === 'lift' || inode.kind === 'directory' || !inside.volume.hardLinks;
  if (inOneBreath) {
    inside.volume.rename(from, to);
    return;
  }
  inside.volume.attach(to.directory, to.name, inode);
  inside.pass(step, to.path);
  inside.volume.detach(from.directory, from.name);
}

/** A free name in today's trash for what was at `path`. */
export function trashSpot(inside: MemoryInside, path: Path): Name {
  const { volume } = inside;
  const trash = inside.ours([TRASH]);
  const layer = freeLayer(dayOf(inside.now()), (name) =>
    isTaken(volume, volume.child(trash, name)?.inode, path),
  );
  const directory = inside.ours([TRASH, layer, ...path.slice(0, -1)]);
  return { directory, name: path.at(-1) ?? '' };
}

/** Something has the path in this layer, or a name above it that is no directory's. */
function isTaken(volume: MemoryVolume, layer: AnyInode | undefined, path: Path): boolean {
  let at = layer;
  for (const name of path) {
    if (at === undefined) return false;
    if (at.kind !== 'directory') return true;
    at = volume.child(at, name)?.inode;
  }
  return at !== undefined;
}

const holds = (directory: DirectoryInode, wanted: DirectoryInode): boolean =>
  directory === wanted ||
  [...directory.children.values()].some(
    ({ inode }) => inode.kind === 'directory' && holds(inode, wanted),
  );

/** The facts of something that was just made. */
export function factsOfOurs(inode: AnyInode): Facts {
  const facts = factsOf(inode);
  if (facts === undefined) throw new Error('A pipe is never made by a disk');
  return facts;
}
