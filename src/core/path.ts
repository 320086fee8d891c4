import { byteLength, checkName, NAME_PROBLEMS, type NameProblem } from './name.ts';

/** UTF-8 bytes of a path on the wire: the limit of Linux. */
export const MAX_PATH_BYTES = 4096;

/** Names in a path. */
export const MAX_DEPTH = 1000;

export type PathProblem = NameProblem | 'absolute' | 'path-too-long' | 'too-deep';

export const PATH_PROBLEMS: Record<PathProblem, string> = {
  ...NAME_PROBLEMS,
  absolute: 'A path begins with a slash.',
  'path-too-long': 'A path is longer than 4,096 bytes.',
  'too-deep': 'A path has more than 1,000 names.',
};

/**
 * The names of a relative path as it came over the wire, outermost first; or why it is refused. The
 * path of the folder itself, '', is refused as well: no change can mean it. Decode percent signs
 * before.
 */
export function parsePath(wire: string): string[] | PathProblem {
  const problem = checkWhole(wire);
  if (problem !== undefined) return problem;
  const names = wire.split('/');
  if (names.length > MAX_DEPTH) return 'too-deep';
  return firstProblem(names) ?? names;
}

/** A path as it goes over the wire. The names are taken to have passed `checkName`. */
export const joinPath = (names: readonly string[]): string => names.join('/');

/** Before the path is split, so that the work is bounded. */
function checkWhole(wire: string): PathProblem | undefined {
  if (!wire.isWellFormed()) return 'not-text';
  if (wire.length > MAX_PATH_BYTES || byteLength(wire) > MAX_PATH_BYTES) return 'path-too-long';
  return wire.startsWith('/') ? 'absolute' : undefined;
}

function firstProblem(names: readonly string[]): NameProblem | undefined {
  for (const name of names) {
    const problem = checkName(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
