import { Buffer, isUtf8 } from 'node:buffer';
import { readdirSync } from 'node:fs';
import { isInternal } from '../../../core/name.ts';
import { DiskError, type Listed, type Path } from '../../ports.ts';
import { asProblemOf } from './disk-error.ts';
import type { Inside } from './inside.ts';
import { lookAt } from './look.ts';

/** So many names are looked at in one go, in however many directories, a few milliseconds; then others have their turn. */
const AT_ONCE = 2_000;

export async function list(inside: Inside, path: Path): Promise<Listed[]> {
  const directory = inside.open(path);
  try {
    const { names, listed } = readNames(directory.at);
    const composed = composedNames(inside, directory.at, names);
    for (const name of names) {
      inside.looked += 1;
      if (inside.looked % AT_ONCE === 0) await new Promise(setImmediate);
      const one = listOne(inside, { at: directory.at, name, shown: composed(name) }, path);
      if (one !== undefined) listed.push(one);
    }
    return listed;
  } finally {
    directory.close();
  }
}

/** Names that are text, and the problems of those that are not. */
function readNames(at: string): { names: string[]; listed: Listed[] } {
  const names: string[] = [];
  const listed: Listed[] = [];
  for (const bytes of readdirSync(at, { encoding: 'buffer' })) {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    if (!isUtf8(bytes)) listed.push({ name, problem: 'unsupported' });
    else if (!isInternal(name)) names.push(name);
  }
  return { names, listed };
}

/** How each name is listed: undefined for one whose composed form belongs to a sibling. */
function composedNames(inside: Inside, at: string, names: readonly string[]) {
  const real = inside.names.learn(at, names);
  return (name: string): string | undefined => {
    const composed = name.normalize('NFC');
    return composed === name || real.get(composed) === name ? composed : undefined;
  };
}

interface Found {
  readonly at: string;
  readonly name: string;
  readonly shown: string | undefined;
}

/** Undefined when it is gone by now. */
function listOne(inside: Inside, { at, name, shown }: Found, path: Path): Listed | undefined {
  if (shown === undefined) return { name, problem: 'unsupported' };
  try {
    const place = { spot: `${at}/${name}`, path: [...path, shown] };
    const look = asProblemOf(place.path, () => lookAt(inside, place));
    return look && { name: shown, look };
  } catch (error) {
    if (error instanceof DiskError) return { name: shown, problem: error.problem };
    throw error;
  }
}
