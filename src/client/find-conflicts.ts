import { conflictName, type ParsedCopy, parseConflictName } from '../core/conflict-name.ts';
import type { Ignore } from '../core/ignore.ts';
import { type Disk, DiskError, type Listed, type Look, type Path } from './ports.ts';

/** A version that could not have the path it was meant for, and lies beside it. */
export interface Conflict {
  readonly copy: Path;
  /** Where it belongs, whether or not something is there. */
  readonly original: Path;
  /** The name of the client that the copy is from. */
  readonly client: string;
  /** When the copy was last modified, in milliseconds since 1970. */
  readonly time: number;
  readonly look: Look;
}

/** Every conflict copy in the directory, but in what is ignored. What cannot be listed has none. */
export async function* findConflicts(disk: Disk, ignore: Ignore): AsyncIterable<Conflict> {
  const waiting: Path[] = [[]];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const one of await listed(disk, path)) {
      const here = [...path, one.name];
      if (one.look === undefined) continue;
      if (ignore.ignores(here, one.look.kind === 'directory')) continue;
      const conflict = conflictOf(path, one.name, one.look);
      if (conflict !== undefined) yield conflict;
      if (one.look.kind === 'directory') waiting.push(here);
    }
  }
}

/** The conflict copies in one directory. */
export async function conflictsIn(disk: Disk, parent: Path): Promise<Conflict[]> {
  return (await listed(disk, parent)).flatMap(({ name, look }) => {
    const conflict = look && conflictOf(parent, name, look);
    return conflict === undefined ? [] : [conflict];
  });
}

/** As the name of a client is written in the name of a copy. */
export const clientInCopies = (client: string): string | undefined =>
  parseConflictName(conflictName({ name: 'a', client, time: undefined }))?.client;

function conflictOf(parent: Path, name: string, look: Look): Conflict | undefined {
  const parsed: ParsedCopy | undefined = parseConflictName(name);
  if (parsed === undefined) return undefined;
  const { original, client, time = look.mtime } = parsed;
  return { copy: [...parent, name], original: [...parent, original], client, time, look };
}

async function listed(disk: Disk, path: Path): Promise<readonly Listed[]> {
  try {
    return await disk.list(path);
  } catch (error) {
    if (error instanceof DiskError) return [];
    throw error;
  }
}
