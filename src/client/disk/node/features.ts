import { randomBytes } from 'node:crypto';
import { lstatSync, rmSync, symlinkSync } from 'node:fs';
import type { DiskFeatures } from '../../ports.ts';
import type { Inside } from './inside.ts';
import { MARKER } from './marker.ts';

/** What can be said of a directory that is not bound: what its operating system usually does. */
const USUAL: DiskFeatures = {
  caseSensitive: process.platform !== 'darwin' && process.platform !== 'win32',
  symlinks: process.platform !== 'win32',
  executableBit: process.platform !== 'win32',
};

/** Tried out beside the marker; undefined while there is none. */
export function tryFeatures(inside: Inside): DiskFeatures | undefined {
  if (!inside.isBound()) return undefined;
  return inside.withOurs([], (at) => {
    const marker = lstatSync(`${at}/${MARKER}`, { throwIfNoEntry: false });
    if (marker === undefined) return undefined;
    const shouted = lstatSync(`${at}/${MARKER.toUpperCase()}`, { throwIfNoEntry: false });
    return {
      caseSensitive: shouted === undefined,
      symlinks: canSymlink(at),
      // The marker was made without; a file system that cannot tell shows it on everything or nothing.
      executableBit: USUAL.executableBit && (marker.mode & 0o777) === 0o600,
    };
  });
}

export const usualFeatures = (): DiskFeatures => USUAL;

function canSymlink(at: string): boolean {
  const spot = `${at}/link-${randomBytes(8).toString('hex')}`;
  try {
    symlinkSync('nowhere', spot);
    rmSync(spot);
    return true;
  } catch {
    return false;
  }
}
