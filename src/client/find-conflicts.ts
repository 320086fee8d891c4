import { conflictName, parseConflictName } from '../core/conflict-name.ts';
import type { Disk, Look, Path } from './ports.ts';
import { listOrNothing } from './walk-disk.ts';

/** A version that could not have the path it was meant for, and lies beside it. */
export interface Conflict {
  readonly copy: Path;
  /** Where it belongs, whether or not something is there. */
  readonly original: Path;
  /** The name of the client that the copy is from, as copies bear it. */
  readonly client: string;
  /** When the copy was last modified, in milliseconds since 1970. */
  readonly time: number;
  readonly look: Look;
}

/** What a path says of itself when it is a conflict copy's. */
export function conflictOf(path: Path, look: Look): Conflict | undefined {
  const parsed = parseConflictName(path.at(-1) ?? '');
  if (parsed === undefined) return undefined;
  const { original, client, time = look.mtime } = parsed;
  return { copy: path, original: [...path.slice(0, -1), original], client, time, look };
}

/** The conflict copies in one directory. */
export async function conflictsIn(disk: Disk, parent: Path): Promise<Conflict[]> {
  return ((await listOrNothing(disk, parent)) ?? []).flatMap(({ name, look }) => {
    const conflict = look && conflictOf([...parent, name], look);
    return conflict === undefined ? [] : [conflict];
  });
}

/** As the name of a client is written in the name of a copy. */
export const clientInCopies = (client: string): string | undefined =>
  parseConflictName(conflictName({ name: 'a', client, time: undefined }))?.client;
