import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { millisecondsOf } from '../../src/client/disk/facts.ts';

/** Every path below a directory with what is there, byte for byte; without our own directory. */
export function treeOf(top: string, under = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(top, under)).sort()) {
    if (under === '' && name === '.syncer') continue;
    const path = under === '' ? name : `${under}/${name}`;
    const stats = lstatSync(join(top, path), { bigint: true });
    if (stats.isDirectory()) {
      found.set(path, 'directory');
      for (const [inner, what] of treeOf(top, path)) found.set(inner, what);
    } else if (stats.isSymbolicLink()) {
      found.set(path, `-> ${readlinkSync(join(top, path))}`);
    } else {
      const hash = createHash('sha256')
        .update(readFileSync(join(top, path)))
        .digest('hex');
      const bit = stats.mode & 0o100n ? 'x' : '-';
      // Rounded as the client does it: one of ten thousand times is so near to a half that another way comes to another.
      found.set(path, `${hash} ${bit} ${millisecondsOf(stats.mtimeNs)}`);
    }
  }
  return found;
}

/** How much is below a directory, without reading any of it; without our own directory. */
export function countIn(top: string): number {
  const names = readdirSync(top).filter((name) => name !== '.syncer');
  const below = names.map((name) => {
    const path = join(top, name);
    const isDirectory = lstatSync(path).isDirectory();
    return isDirectory ? readdirSync(path, { recursive: true }).length : 0;
  });
  return below.reduce((sum, count) => sum + count, names.length);
}

/** In what two directories differ; nothing, when they are equal. While somebody works there, anything. */
export const differences = (a: string, b: string): string[] => differencesTo(safeTree(a), b);

/** Of what is below a directory to what should be. */
export function differencesTo(left: ReadonlyMap<string, string>, top: string): string[] {
  const right = safeTree(top);
  const paths = new Set([...left.keys(), ...right.keys()]);
  return [...paths]
    .filter((path) => left.get(path) !== right.get(path))
    .map((path) => `${path}: ${left.get(path) ?? 'absent'} | ${right.get(path) ?? 'absent'}`);
}

function safeTree(top: string): Map<string, string> {
  try {
    return treeOf(top);
  } catch {
    return new Map([['(changing)', String(Math.random())]]);
  }
}

/** The text of every file below, our own directory (the trash) too. */
export function textsIn(top: string): Set<string> {
  const texts = new Set<string>();
  if (!existsSync(top)) return texts;
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) texts.add(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  }
  return texts;
}
