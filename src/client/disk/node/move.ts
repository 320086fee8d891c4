import type { Look, Path } from '../../ports.ts';
import { type Facts, withoutFingerprint } from '../facts.ts';
import { checkChangeable, checkLink } from '../names.ts';
import { asProblemOf } from './disk-error.ts';
import type { Inside } from './inside.ts';
import { expectedAt, lookAfter, type Spot } from './look.ts';
import { putAtFreeName } from './put.ts';

export interface Moving {
  readonly from: Path;
  readonly to: Path;
  readonly expected: Look;
}

export function move(inside: Inside, moving: Moving): Look {
  const { from, to, expected } = moving;
  checkChangeable(to);
  return inside.within(from, (at, name) => {
    const source = { spot: `${at}/${name}`, path: from };
    const found = expectedAt(inside, source, expected);
    inside.unsynced.add(at);
    const look = asProblemOf(to, () => moveTo(inside, { source, found, to }));
    // Who did not know its bytes before does not know them now.
    return expected.fingerprint === '' ? withoutFingerprint(look) : look;
  });
}

interface Found {
  readonly source: Spot;
  readonly found: Facts;
  readonly to: Path;
}

function moveTo(inside: Inside, { source, found, to }: Found): Look {
  const { kind, target } = found;
  if (target !== undefined) checkLink(to, target);
  return inside.within(to, (at, name) => {
    const goal = { spot: `${at}/${name}`, path: to };
    inside.unsynced.add(at);
    putAtFreeName(inside, { from: source, to: goal, kind });
    return lookAfter(inside, goal, found);
  });
}
