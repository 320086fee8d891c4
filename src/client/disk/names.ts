import { checkTarget } from '../../core/link.ts';
import { byteLength, isInternal, MAX_NAME_BYTES } from '../../core/name.ts';
import { DiskError, type Path } from '../ports.ts';

/** Throws unless every name can be one step down from a directory and none of them is ours. */
export function checkPath(path: Path): void {
  for (const name of path) checkName(name, path);
}

/** The same for a step that changes something: the synchronized directory itself is no such thing. */
export function checkChangeable(path: Path): void {
  if (path.length === 0) throw new DiskError('outside', path);
  checkPath(path);
}

/** Less than what may be synchronized: whatever else a person has made can be looked at. */
function checkName(name: string, path: Path): void {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || isInternal(name)) {
    throw new DiskError('outside', path);
  }
  // Two lone surrogates are written as the same bytes: the second file would overwrite the first.
  if (!name.isWellFormed()) throw new DiskError('unsupported', path);
  if (byteLength(name) > MAX_NAME_BYTES) throw new DiskError('too-long', path);
}

/** Throws for a symlink that must not be at `path`: it leads out, or no other system could hold it. */
export function checkLink(path: Path, target: string): void {
  if (checkTarget(path, target) !== undefined) throw new DiskError('unsupported', path);
}
