import { Buffer } from 'node:buffer';
import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import type { NodeId } from '../../../core/entry.ts';
import { DiskError, type Look, type Path } from '../../ports.ts';
import { withoutFingerprint } from '../facts.ts';
import type { Inside } from './inside.ts';
import { expectedAt, factsAt, lookAfter } from './look.ts';
import { putAtFreeName } from './put.ts';
import { takeAway } from './take-away.ts';

const LIFTED = 'lifted';

export function lift(inside: Inside, path: Path, { id, expected }: { id: NodeId; expected: Look }) {
  inside.withOurs([LIFTED], (liftedAt) => {
    const kept = `${liftedAt}/${nameOf(id)}`;
    if (lstatSync(kept, { throwIfNoEntry: false })) throw new DiskError('exists', path);
    inside.within(path, (at, name) => {
      const from = { spot: `${at}/${name}`, path };
      const found = expectedAt(inside, from, expected);
      inside.unsynced.add(at);
      inside.unsynced.add(liftedAt);
      takeAway(inside, { from, kept, found });
      if (expected.fingerprint !== '') inside.lifted.set(id, found);
    });
  });
}

export function lower(inside: Inside, id: NodeId, to: Path): Look {
  return inside.withOurs([LIFTED], (liftedAt) => {
    const from = { spot: `${liftedAt}/${nameOf(id)}`, path: to };
    const found = factsAt(inside, from);
    if (found === undefined) throw new DiskError('absent', to);
    return inside.within(to, (at, name) => {
      const goal = { spot: `${at}/${name}`, path: to };
      inside.unsynced.add(at);
      inside.unsynced.add(liftedAt);
      // A step that was cut off in its middle has put it there already, and left the name in here.
      if (factsAt(inside, goal)?.inode === found.inode && found.inode !== '') unlinkSync(from.spot);
      else putAtFreeName(inside, { from, to: goal, kind: found.kind });
      const known = inside.lifted.get(id);
      inside.lifted.delete(id);
      const look = lookAfter(inside, goal, known ?? found);
      return known === undefined ? withoutFingerprint(look) : look;
    });
  });
}

export function lifted(inside: Inside): NodeId[] {
  if (!inside.isBound()) return [];
  return inside.withOurs([LIFTED], (at) => readdirSync(at).map(idOf));
}

/** Hexadecimal: an id may be any text, and a file system may ignore case. */
const nameOf = (id: NodeId): string => Buffer.from(id).toString('hex');
const idOf = (name: string): NodeId => Buffer.from(name, 'hex').toString();
