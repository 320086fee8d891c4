import { lstatSync, readdirSync } from 'node:fs';
import type { Trashed } from '../../trashed.ts';
import { dayOfLayer } from '../trash-layer.ts';
import { isAbsent } from './disk-error.ts';
import { TRASH } from './in-trash.ts';
import type { Inside } from './inside.ts';

/** What lies in the trash, with the paths that it had. */
export async function trashed(inside: Inside): Promise<Trashed[]> {
  if (!inside.isBound()) return [];
  return (await collect(inside)).flatMap((kept) => trashedOf(kept) ?? []);
}

function trashedOf({ path, kind, size, since }: Kept): Trashed | undefined {
  const [layer = '', ...names] = path.slice(1).split('/');
  const day = dayOfLayer(layer);
  if (day === undefined || names.length === 0 || kind === undefined) return undefined;
  return { day, layer, path: names, kind, size, since: Math.round(since) };
}

export interface Kept {
  /** From the trash on. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Undefined for what cannot be restored. */
  readonly kind: Trashed['kind'] | undefined;
  readonly size: number;
  /** Milliseconds since 1970: when it came here, since moving it changed that time. */
  readonly since: number;
}

/** Everything in the trash, directories before what is in them. A look into each at a time. */
export async function collect(inside: Inside): Promise<Kept[]> {
  const kept: Kept[] = [];
  const waiting = [''];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = inside.withOurs([TRASH], (at) => childrenOf(at, next));
    kept.push(...found);
    waiting.push(...found.filter((one) => one.isDirectory).map((one) => one.path));
    await new Promise(setImmediate);
  }
  return kept;
}

function childrenOf(at: string, path: string): Kept[] {
  return namesIn(`${at}/${path}`).flatMap((name) => {
    const stats = lstatSync(`${at}/${path}/${name}`, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    const isDirectory = stats.isDirectory();
    const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symlink' : undefined;
    const size = stats.isFile() ? stats.size : 0;
    return [{ path: `${path}/${name}`, isDirectory, kind, size, since: stats.ctimeMs }];
  });
}

/** A directory of which somebody else has just taken the last thing may be gone. */
function namesIn(at: string): string[] {
  try {
    return readdirSync(at);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
