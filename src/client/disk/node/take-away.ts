import { renameSync } from 'node:fs';
import { DiskError, type Look, type Path } from '../../ports.ts';
import { type Facts, sameButChangeTime } from '../facts.ts';
import { inTrash } from './in-trash.ts';
import type { Inside } from './inside.ts';
import { expectedAt, factsAt, type Spot } from './look.ts';
import { putAtFreeName } from './put.ts';

/** Moves a file or link into the trash. */
export function trash(inside: Inside, path: Path, expected: Look): void {
  inside.within(path, (at, name) => {
    const from = { spot: `${at}/${name}`, path };
    const found = expectedAt(inside, from, expected);
    if (found.kind === 'directory') throw new DiskError('unsupported', path);
    inside.unsynced.add(at);
    inTrash(inside, path, (kept) => takeAway(inside, { from, kept, found }));
  });
}

interface Taking {
  readonly from: Spot;
  /** A spot of ours, which is free. */
  readonly kept: string;
  readonly found: Facts;
}

/** Renames, and looks at what came along: somebody may have put another thing there meanwhile. */
export function takeAway(inside: Inside, { from, kept, found }: Taking): void {
  renameSync(from.spot, kept);
  const taken = { spot: kept, path: from.path };
  const facts = factsAt(inside, taken);
  const isIt = found.kind === 'directory' ? facts?.inode === found.inode : isSame(found, facts);
  if (isIt) return;
  putAtFreeName(inside, { from: taken, to: from, kind: facts?.kind ?? found.kind });
  throw new DiskError('changed', from.path);
}

const isSame = (found: Facts, facts: Facts | undefined): boolean =>
  facts !== undefined && sameButChangeTime(found, facts);
