import type { Ignore } from '../core/ignore.ts';
import { type Disk, DiskError, type Listed, type Look, type Path } from './ports.ts';

export interface Walked {
  readonly path: Path;
  readonly look: Look;
}

/** Everything in the directory but what is ignored, parents before their children. What cannot be listed is passed over. */
export async function* walkDisk(disk: Disk, ignore: Ignore): AsyncIterable<Walked> {
  const waiting: Path[] = [[]];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const { name, look } of (await listOrNothing(disk, parent)) ?? []) {
      const path = [...parent, name];
      if (look === undefined || ignore.ignores(path, look.kind === 'directory')) continue;
      yield { path, look };
      if (look.kind === 'directory') waiting.push(path);
    }
  }
}

/** Undefined where it cannot be listed. */
export async function listOrNothing(
  disk: Disk,
  path: Path,
): Promise<readonly Listed[] | undefined> {
  try {
    return await disk.list(path);
  } catch (error) {
    if (error instanceof DiskError) return undefined;
    throw error;
  }
}
