import { randomBytes } from 'node:crypto';
import { constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { INTERNAL_DIRECTORY } from '../../../core/name.ts';
import type { RootState } from '../../ports.ts';
import type { Directory } from './directory.ts';
import { isAbsent } from './disk-error.ts';
import type { Inside } from './inside.ts';

const { O_NOFOLLOW, O_RDONLY } = constants;

export const MARKER = 'marker.json';

/** Bears the instance of the state that was made for this directory, so that both know each other. */
export function root(inside: Inside): RootState {
  inside.letGo();
  inside.forgetDevice();
  if (!isThere(inside)) return { state: 'absent' };
  const instance = inside.isBound() ? readMarker(inside) : undefined;
  return instance === undefined ? { state: 'unbound' } : { state: 'bound', instance };
}

export function bind(inside: Inside, instance: string): void {
  const made = mkdirSync(inside.root, { recursive: true });
  inside.letGo();
  if (made !== undefined) for (const at of [made, inside.root]) inside.unsynced.add(dirname(at));
  inside.forgetDevice();
  const directory = inside.open([]);
  try {
    inside.make(directory, INTERNAL_DIRECTORY);
    const ours = directory.enter(INTERNAL_DIRECTORY);
    try {
      inside.unsynced.add(ours.at);
      writeMarker(ours, instance);
    } finally {
      ours.close();
    }
    inside.unsynced.add(directory.at);
  } finally {
    directory.close();
  }
}

function isThere(inside: Inside): boolean {
  try {
    inside.open([]).close();
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Undefined where there is none, or none that says anything: nothing is known of this directory. */
function readMarker(inside: Inside): string | undefined {
  return inside.withOurs([], (at) => {
    try {
      const text = readFileSync(`${at}/${MARKER}`, {
        encoding: 'utf8',
        flag: O_RDONLY | O_NOFOLLOW,
      });
      const marker: unknown = JSON.parse(text);
      const isMarker = typeof marker === 'object' && marker !== null && 'instance' in marker;
      return isMarker && typeof marker.instance === 'string' ? marker.instance : undefined;
    } catch (error) {
      if (isAbsent(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  });
}

function writeMarker({ at }: Directory, instance: string): void {
  const fresh = `${at}/marker-${randomBytes(8).toString('hex')}`;
  const text = `${JSON.stringify({ instance })}\n`;
  writeFileSync(fresh, text, { flag: 'wx', mode: 0o600, flush: true });
  renameSync(fresh, `${at}/${MARKER}`);
}
