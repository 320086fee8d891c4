import { ignorePatterns } from '../core/ignore.ts';
import { INTERNAL_DIRECTORY } from '../core/name.ts';
import type { Path } from './ports.ts';

/** Which rule keeps a path from being synchronized. */
export interface IgnoredBy {
  /** What it is said of: the path itself, or a directory above it. */
  readonly path: Path;
  /** The place among the lines, from 0; undefined: our own directory, which always is ignored. */
  readonly line: number | undefined;
}

/**
 * The rule of these lines that ignores a path, and the first name on the way down that it is about; undefined where the
 * path is not ignored. Asks the rules themselves, one by one: the last one that matches decides.
 */
export function ignoredBy(
  lines: readonly string[],
  { path, isDirectory }: { readonly path: Path; readonly isDirectory: boolean },
): IgnoredBy | undefined {
  const { ignores } = ignorePatterns(lines);
  for (let length = 1; length <= path.length; length += 1) {
    const at = path.slice(0, length);
    const isWay = length < path.length || isDirectory;
    if (!ignores(at, isWay)) continue;
    if (at.includes(INTERNAL_DIRECTORY)) return { path: at, line: undefined };
    return { path: at, line: lines.findLastIndex((line) => matches(line, at, isWay)) };
  }
  return undefined;
}

/** By itself, whatever the other rules say, and not because of a directory above. */
function matches(line: string, path: Path, isDirectory: boolean): boolean {
  const kept = path.slice(0, -1).map(
    (_, index) =>
      `!/${path
        .slice(0, index + 1)
        .map(exactly)
        .join('/')}`,
  );
  return ignorePatterns([line.replace(/^!/, ''), ...kept]).ignores(path, isDirectory);
}

/** A name as a pattern that only it matches. */
const exactly = (name: string): string => name.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`);
