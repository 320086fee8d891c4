import type { Ignore } from '../core/ignore.ts';
import { type Conflict, conflictOf } from './find-conflicts.ts';
import type { Disk } from './ports.ts';
import { walkDisk } from './walk-disk.ts';

export interface Survey {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
  readonly conflicts: readonly Conflict[];
}

/** What is in the directory now, without what is ignored. A symlink counts as a file. */
export async function survey(disk: Disk, ignore: Ignore): Promise<Survey> {
  let [files, directories, bytes] = [0, 0, 0];
  const conflicts: Conflict[] = [];
  for await (const { path, look } of walkDisk(disk, ignore)) {
    if (look.kind === 'directory') directories += 1;
    else files += 1;
    bytes += look.size;
    const conflict = conflictOf(path, look);
    if (conflict !== undefined) conflicts.push(conflict);
  }
  return { files, directories, bytes, conflicts };
}
