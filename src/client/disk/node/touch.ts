import { closeSync, fchmodSync, fstatSync, futimesSync } from 'node:fs';
import { DiskError, type Look, type Path } from '../../ports.ts';
import { isExpected, withExecutable, withoutFingerprint } from '../facts.ts';
import type { Inside } from './inside.ts';
import { factsOf, lookAt } from './look.ts';
import { openFile } from './read.ts';
import { dateOf } from './stage.ts';

export interface Touching {
  readonly meta: { readonly mtime: number; readonly executable: boolean };
  readonly expected: Look;
}

/** The look has no fingerprint: the time that would tell of a write just before is the one it sets. */
export function touch(inside: Inside, path: Path, { meta, expected }: Touching): Look {
  const fd = openFile(inside, path);
  try {
    const found = factsOf(inside, fstatSync(fd, { bigint: true }), { spot: '', path });
    if (!isExpected(expected, found)) throw new DiskError('changed', path);
    const mode = withExecutable(found.mode, meta.executable);
    if (mode !== (found.mode & 0o777)) fchmodSync(fd, mode);
    futimesSync(fd, new Date(inside.now()), dateOf(meta.mtime));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  inside.unsynced.keep(fd);
  return inside.within(path, (at, name) => {
    const look = lookAt(inside, { spot: `${at}/${name}`, path });
    if (look === undefined) throw new DiskError('changed', path);
    return withoutFingerprint(look);
  });
}
