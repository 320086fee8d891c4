import { type Disk, DiskError, type Look, type Path } from './ports.ts';

/**
 * Moves a file, a link or a whole directory into the trash. Throws DiskError 'unsupported' before
 * anything is done where a directory holds what the trash cannot take; interrupted, it can be done again.
 */
export async function trashAll(disk: Disk, path: Path, expected: Look): Promise<void> {
  if (expected.kind !== 'directory') return await disk.trash(path, expected);
  const below = await everythingIn(disk, path);
  for (const { path: file, look } of below) {
    if (look.kind !== 'directory') await disk.trash(file, look);
  }
  for (const { path: directory, look } of below.toReversed()) {
    if (look.kind === 'directory') await disk.removeDirectory(directory);
  }
  await disk.removeDirectory(path);
}

interface Held {
  readonly path: Path;
  readonly look: Look;
}

/** Parents before their children. */
async function everythingIn(disk: Disk, top: Path): Promise<Held[]> {
  const found: Held[] = [];
  const waiting: Path[] = [top];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { name, look, problem } of await disk.list(path)) {
      const here = [...path, name];
      if (problem !== undefined) throw new DiskError(problem, here);
      found.push({ path: here, look });
      if (look.kind === 'directory') waiting.push(here);
    }
  }
  return found;
}
