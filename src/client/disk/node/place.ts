import { constants, fchmodSync, lstatSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { DiskError, type Look, type Path } from '../../ports.ts';
import { type Facts, isExpected, withExecutable } from '../facts.ts';
import { checkLink } from '../names.ts';
import type { Inside } from './inside.ts';
import { factsAt, lookAfter, type Spot } from './look.ts';
import { putAtFreeName } from './put.ts';
import { replace } from './replace.ts';
import { newName, STAGING, type StagedFile } from './stage.ts';

const { O_NOFOLLOW, O_RDONLY } = constants;

/** How a thing of ours gets a name in the user's directory. */
interface Placing {
  readonly from: Spot;
  readonly facts: Facts;
  readonly expected: Look | undefined;
}

export function place(
  inside: Inside,
  staged: StagedFile,
  { to, expected }: { to: Path; expected: Look | undefined },
): Look {
  const { facts, name } = staged;
  const look = inside.withOurs([STAGING], (at) =>
    putAt(inside, to, { from: { spot: `${at}/${name}`, path: to }, facts, expected }),
  );
  staged.placed();
  return look;
}

export function makeSymlink(
  inside: Inside,
  path: Path,
  { target, expected }: { target: string; expected: Look | undefined },
): Look {
  checkLink(path, target);
  return inside.withOurs([STAGING], (at) => {
    const from = { spot: `${at}/${newName()}`, path };
    symlinkSync(target, from.spot);
    try {
      const facts = factsAt(inside, from);
      if (facts === undefined) throw new DiskError('absent', path);
      return putAt(inside, path, { from, facts, expected });
    } finally {
      rmSync(from.spot, { force: true });
    }
  });
}

function putAt(inside: Inside, path: Path, { from, facts, expected }: Placing): Look {
  return inside.within(path, (at, name) => {
    const to = { spot: `${at}/${name}`, path };
    inside.unsynced.add(at);
    if (expected === undefined) putAtFreeName(inside, { from, to, kind: facts.kind, isOurs: true });
    else putOver(inside, { from, to, facts, found: foundAt(inside, to, expected) });
    return lookAfter(inside, to, facts);
  });
}

interface Replacing {
  readonly from: Spot;
  readonly to: Spot;
  readonly facts: Facts;
  readonly found: Facts;
}

/** What is replaced keeps its permissions: a private file does not become everybody's. */
function putOver(inside: Inside, { from, to, facts, found }: Replacing): void {
  if (facts.kind === 'file' && found.kind === 'file') {
    setMode(inside, from.spot, withExecutable(found.mode, (facts.mode & 0o100) !== 0));
  }
  replace(inside, { from, to, kind: facts.kind, found });
}

function setMode(inside: Inside, spot: string, mode: number): void {
  const fd = openSync(spot, O_RDONLY | O_NOFOLLOW);
  fchmodSync(fd, mode);
  inside.unsynced.keep(fd);
}

/** Nothing there is a change too, when something was expected. A directory is not to be replaced. */
function foundAt(inside: Inside, to: Spot, expected: Look): Facts {
  const { path, spot } = to;
  const isThere = lstatSync(spot, { throwIfNoEntry: false }) !== undefined;
  const found = isThere ? factsAt(inside, to) : undefined;
  if (found === undefined || !isExpected(expected, found)) throw new DiskError('changed', path);
  if (found.kind === 'directory') throw new DiskError('exists', path);
  return found;
}
