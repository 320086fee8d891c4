import type { Change } from '../core/change.ts';
import type { FileContent } from '../core/entry.ts';
import { Failure } from '../protocol/failure.ts';
import type { FileInfo } from '../protocol/file-info.ts';
import { msToTime } from '../protocol/time.ts';
import { type Located, locate, namesOf } from './by-path.ts';
import { type Author, commitByPath, type FolderPorts, type Plan } from './commit-by-path.ts';
import { createParents } from './create-parents.ts';
import type { StoredContent } from './store-content.ts';

export interface Upload {
  readonly path: string;
  readonly content: StoredContent;
  readonly author: Author;
}

/**
 * Puts a stored content at a path: a new file, with the directories above it, or a new content of the
 * file that is there. The same bytes again change nothing. Throws Failure `bad_name`, `conflict` when
 * something other than a file is there, and what the server's limits refuse.
 */
export async function uploadFile(
  ports: FolderPorts,
  { path, content, author }: Upload,
): Promise<FileInfo> {
  const names = namesOf(path);
  const mtime = ports.clock.now();
  const { manifest, chunks } = content;
  const plan = async (): Promise<Plan<FileInfo>> => {
    const located = await locate(ports, names);
    const { changes, file } = changesFor(located, { content, mtime, newId: ports.newId });
    const manifests = manifest === undefined ? [] : [manifest];
    return { changes, manifests, chunks, result: infoOf(path, file) };
  };
  return await commitByPath(ports, { author, cause: 'upload', plan });
}

interface Wanted {
  readonly content: StoredContent;
  readonly mtime: number;
  readonly newId: () => string;
}

interface Step {
  readonly changes: readonly Change[];
  readonly file: FileContent;
}

function changesFor(located: Located, { content, mtime, newId }: Wanted): Step {
  const { checksum, size } = content;
  const { found } = located;
  if (found === undefined) {
    const file = { checksum, size, mtime, executable: false };
    const { directories, place } = createParents(located, newId);
    const creation: Change = { type: 'create', node: newId(), kind: 'file', place, content: file };
    return { changes: [...directories, creation], file };
  }
  const { id, entry } = found;
  if (entry.kind !== 'file') throw new Failure('conflict', `A ${entry.kind} is at this path.`);
  if (entry.checksum === checksum && entry.size === size) return { changes: [], file: entry };
  const file = { checksum, size, mtime, executable: entry.executable };
  const update = { ...file, replaces: entry.contentVersion };
  return { changes: [{ type: 'update', node: id, content: update }], file };
}

const infoOf = (path: string, { size, checksum, mtime }: FileContent): FileInfo => ({
  path,
  size,
  checksum,
  modified_time: msToTime(mtime),
  is_directory: false,
});
