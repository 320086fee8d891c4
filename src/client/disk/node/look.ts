import { isUtf8 } from 'node:buffer';
import { type BigIntStats, constants, lstatSync, readlinkSync } from 'node:fs';
import type { Kind } from '../../../core/entry.ts';
import { DiskError, type Look, type Path } from '../../ports.ts';
import { type Facts, isExpected, lookAfterStep, lookOf, type Moment } from '../facts.ts';
import { checkLink } from '../names.ts';
import type { Inside } from './inside.ts';

const { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } = constants;
const KINDS = new Map<number, Kind>([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'symlink'],
]);

/** Absent (proved): undefined, also when a name on the way is a file. */
export function look(inside: Inside, path: Path): Look | undefined {
  return inside.within(path, (at, name) => lookAt(inside, { spot: `${at}/${name}`, path }));
}

/** A name in an open directory, and the path that it is for the user. */
export interface Spot {
  readonly spot: string;
  readonly path: Path;
}

export function lookAt(inside: Inside, place: Spot): Look | undefined {
  const { facts, moment } = measure(inside, place);
  return facts === undefined ? undefined : lookOf(facts, moment);
}

/** The look to answer after a step of ours; `before` are the facts that the step was based on. */
export function lookAfter(inside: Inside, place: Spot, before: Facts): Look {
  const { facts, moment } = measure(inside, place);
  if (facts === undefined) throw new DiskError('changed', place.path);
  return lookAfterStep(before, facts, moment);
}

export function factsAt(inside: Inside, { spot, path }: Spot): Facts | undefined {
  const stats = lstatSync(spot, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : factsOf(inside, stats, { spot, path });
}

/** What is at the spot, when it is what the caller looked at before; throws 'absent' or 'changed'. */
export function expectedAt(inside: Inside, place: Spot, expected: Look): Facts {
  const facts = factsAt(inside, place);
  if (facts === undefined) throw new DiskError('absent', place.path);
  if (!isExpected(expected, facts)) throw new DiskError('changed', place.path);
  return facts;
}

/** Throws 'unsupported' for what is neither file nor directory nor a symlink that stays inside. */
export function factsOf(inside: Inside, stats: BigIntStats, { spot, path }: Spot): Facts {
  const mode = Number(stats.mode);
  const kind = KINDS.get(mode & S_IFMT);
  if (kind === undefined) throw new DiskError('unsupported', path);
  const { mtimeNs, ctimeNs } = stats;
  const size = kind === 'file' ? Number(stats.size) : 0;
  const facts = { kind, inode: inodeOf(inside, stats), size, mtimeNs, ctimeNs, mode };
  return kind === 'symlink' ? { ...facts, target: targetAt(spot, path) } : facts;
}

function measure(inside: Inside, place: Spot): { facts: Facts | undefined; moment: Moment } {
  const before = inside.now();
  const facts = factsAt(inside, place);
  return { facts, moment: { before, after: inside.now() } };
}

/** The root's own device goes without saying: its number may be another after the next start. */
function inodeOf(inside: Inside, { dev, ino, birthtimeNs }: BigIntStats): string {
  const device = inside.device();
  if (!device.inodes) return '';
  return dev === device.number ? `${ino}.${birthtimeNs}` : `${dev}:${ino}.${birthtimeNs}`;
}

function targetAt(spot: string, path: Path): string {
  const bytes = readlinkSync(spot, { encoding: 'buffer' });
  const target = bytes.toString();
  if (!isUtf8(bytes)) throw new DiskError('unsupported', path);
  checkLink(path, target);
  return target;
}
