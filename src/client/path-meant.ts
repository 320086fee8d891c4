import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Path } from './ports.ts';

/** What a path that a person typed may mean in the directory: seen from where they are, or from the directory. */
export function* readingsOf(directory: string, path: string): Iterable<Path> {
  const roots = [directory, realOf(directory)];
  for (const base of [process.cwd(), ...roots]) {
    for (const root of roots) {
      const way = relative(root, resolve(base, path));
      const isInside =
        way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
      if (isInside) yield way.split(sep).map((name) => name.normalize('NFC'));
    }
  }
}

function realOf(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
