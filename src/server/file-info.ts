import type { Entry } from '../core/entry.ts';
import type { FileInfo } from '../protocol/file-info.ts';
import { msToTime } from '../protocol/time.ts';

/** An entry as the contract tells of it; undefined for a symlink, which the contract does not know. */
export function fileInfoOf(path: string, entry: Entry): FileInfo | undefined {
  if (entry.kind === 'symlink') return undefined;
  if (entry.kind === 'directory') {
    return { path, size: 0, checksum: '', modified_time: msToTime(0), is_directory: true };
  }
  const { size, checksum, mtime } = entry;
  return { path, size, checksum, modified_time: msToTime(mtime), is_directory: false };
}
